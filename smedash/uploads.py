"""How much anybody may send in one request, files included: Django limits everything but those."""

from __future__ import annotations

from typing import IO, Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

LARGEST_REQUEST: Final = 25 * 1024 * 1024  # a file of 20 MB is the largest that any form takes


class RefuseTooLarge(FileUploadHandler):
    """Before the first byte is read: whoever is not even signed in could fill the disk otherwise."""

    def handle_raw_input(
        self, input_data: IO[bytes], META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("The request is larger than any file that a form takes.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data  # the next handler keeps it

    def file_complete(self, file_size: int) -> None:
        return None
