"""What is answered ahead of Django: see `smedash/fast_lane.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeAlias

from django.http import HttpResponse

# A request as the web server hands it over (PEP 3333); Django's `request.META` is the same dictionary.
Environ: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """Everything that is not said here is said by the policy for all answers."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, response: HttpResponse) -> Answer:
        return cls(response.status_code, dict(response.headers.items()), response.content)


def take_body(environ: Environ, most: int) -> bytes | None:
    """The whole body; None where it is longer or nobody says how long it is. Then it stays where it was."""
    length = environ.get("CONTENT_LENGTH", "")
    if not (length.isascii() and length.isdigit() and int(length) <= most):
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def put_body_back(environ: Environ, body: bytes) -> None:
    """For whoever answers instead."""
    environ["wsgi.input"] = BytesIO(body)
