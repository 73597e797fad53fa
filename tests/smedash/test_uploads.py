"""Nobody fills the disk: a request larger than any file that a form takes is refused before it is read."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.test.client import FakePayload

from smedash.uploads import LARGEST_REQUEST

pytestmark = pytest.mark.django_db
TYPE = "multipart/form-data; boundary=x"
FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nDay,Total\r\n--x--\r\n'


class NeverRead(FakePayload):
    """A body that whoever reads it regrets."""

    def read(self, *_size: int | None) -> bytes:
        raise AssertionError("The body was read.")


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/"])
def test_too_large_a_request_is_refused_unread(path: str, client: Client) -> None:
    sent = {"wsgi.input": NeverRead(), "CONTENT_TYPE": TYPE, "CONTENT_LENGTH": str(LARGEST_REQUEST + 1)}
    assert client.request(REQUEST_METHOD="POST", PATH_INFO=path, **sent).status_code == 400


def test_a_file_that_nobody_asked_for_is_no_trouble(client: Client) -> None:
    assert client.generic("POST", "/account/login/", FILE, TYPE).status_code == 200


def test_more_files_than_any_form_takes_are_refused(client: Client) -> None:
    files = {f"file{number}": BytesIO(b"a") for number in range(6)}
    assert client.post("/account/login/", files).status_code == 400
