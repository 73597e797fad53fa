"""What servers send on a bad day, and the error each must become, whatever the platform."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from monitoring.platforms.errors import (
    AccessDenied,
    ConnectorError,
    NotFound,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from monitoring.platforms.guarded_adapter import Limits
from tests.platforms.local_server import Answering, Request, Response

_IMPATIENT = Limits(connect_seconds=1, read_seconds=0.2, total_seconds=0.5)
_FIFTY_MEGABYTES = 50 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Broken:
    answer: Answering
    error: type[ConnectorError]
    limits: Limits = field(default_factory=Limits)
    retry_after: Callable[[], timedelta] | None = None

    @property
    def slow(self) -> bool:
        return self.limits is _IMPATIENT


def _always(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answering:
    return lambda _request: Response(content, status, headers or {})


def _silent(_request: Request) -> Response:
    def nothing() -> Iterator[bytes]:
        time.sleep(1)
        yield b""

    return Response(nothing())


def _drip(_request: Request) -> Response:
    def bytes_one_by_one() -> Iterator[bytes]:
        for _ in range(40):
            yield b" "
            time.sleep(0.05)

    return Response(bytes_one_by_one())


def _huge(_request: Request) -> Response:
    return Response(b" " * 65536 for _ in range(_FIFTY_MEGABYTES // 65536))


def _redirect_to(target: str) -> Answering:
    return _always(b"", 302, {"Location": target})


def _unfinished(_request: Request) -> Response:
    return Response(iter([b'{"posts": [{"id": "1", "te']), headers={"Content-Length": "5000"})


_ENDLESS = "/turn/around"
_BOMB = gzip.compress(b" " * 999_983) * 53  # one member after another: packed in no time
_ERROR = {"error": "Something"}

BROKEN: Mapping[str, Broken] = {
    "not JSON": Broken(answer=_always(b"Oops, sorry"), error=UnexpectedResponse),
    "HTML with 200": Broken(
        answer=_always("<!DOCTYPE html><html><body>We'll be back</body></html>"), error=UnexpectedResponse
    ),
    "nothing with 200": Broken(answer=_always(b""), error=UnexpectedResponse),
    "truncated": Broken(answer=_unfinished, error=UnexpectedResponse),
    "truncated within its length": Broken(answer=_always(b'{"posts": [{"id": "1'), error=UnexpectedResponse),
    "a bare number": Broken(answer=_always(b"42"), error=UnexpectedResponse),
    "null": Broken(answer=_always(b"null"), error=UnexpectedResponse),
    "NaN": Broken(answer=_always(b"NaN"), error=UnexpectedResponse),
    "too deep": Broken(answer=_always(b"[" * 100_000), error=UnexpectedResponse),
    "invalid UTF-8": Broken(answer=_always(b'{"posts": ["\xff\xfe\x80"]}'), error=UnexpectedResponse),
    "damaged gzip": Broken(
        answer=_always(b"\x1f\x8b\x08nonsense", headers={"Content-Encoding": "gzip"}),
        error=UnexpectedResponse,
    ),
    "a compression that nobody asked for": Broken(
        answer=_always(b"\x0b\x02\x80[]\x03", headers={"Content-Encoding": "br"}), error=UnexpectedResponse
    ),
    "50 MB": Broken(answer=_huge, error=UnexpectedResponse),
    "gzip bomb": Broken(
        answer=_always(_BOMB, headers={"Content-Encoding": "gzip"}), error=UnexpectedResponse
    ),
    "redirect to a private address": Broken(
        answer=_redirect_to("http://10.0.0.1/"), error=UnexpectedResponse
    ),
    "redirect to the machine itself": Broken(
        answer=_redirect_to("http://127.0.0.2:6379/"), error=UnexpectedResponse
    ),
    "redirect to cloud metadata": Broken(
        answer=_redirect_to("http://169.254.169.254/latest/meta-data/"), error=UnexpectedResponse
    ),
    "redirect to a file": Broken(answer=_redirect_to("file:///etc/passwd"), error=UnexpectedResponse),
    "redirect without end": Broken(answer=_redirect_to(_ENDLESS), error=UnexpectedResponse),
    "400": Broken(answer=_always(_ERROR, 400), error=UnexpectedResponse),
    "401": Broken(answer=_always(_ERROR, 401), error=AccessDenied),
    "402": Broken(answer=_always(_ERROR, 402), error=AccessDenied),
    "403": Broken(answer=_always(_ERROR, 403), error=AccessDenied),
    "403 as HTML": Broken(answer=_always("<h1>403 Forbidden</h1>", 403), error=AccessDenied),
    "404": Broken(answer=_always(_ERROR, 404), error=NotFound),
    "410": Broken(answer=_always(_ERROR, 410), error=NotFound),
    "418": Broken(answer=_always(_ERROR, 418), error=UnexpectedResponse),
    "429 without Retry-After": Broken(
        answer=_always(_ERROR, 429), error=RateLimited, retry_after=lambda: timedelta(minutes=15)
    ),
    "429 with seconds": Broken(
        answer=_always(_ERROR, 429, {"Retry-After": "77"}),
        error=RateLimited,
        retry_after=lambda: timedelta(seconds=77),
    ),
    "429 with a date": Broken(
        answer=lambda _request: Response(
            _ERROR,
            429,
            {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)},
        ),
        error=RateLimited,
        retry_after=lambda: timedelta(minutes=10),
    ),
    "429 for a hundred years": Broken(
        answer=_always(_ERROR, 429, {"Retry-After": "3153600000"}),
        error=RateLimited,
        retry_after=lambda: timedelta(days=1),
    ),
    "500": Broken(answer=_always(_ERROR, 500), error=Unavailable),
    "502 as HTML": Broken(answer=_always("<h1>Bad gateway</h1>", 502), error=Unavailable),
    "503 with seconds": Broken(
        answer=_always(_ERROR, 503, {"Retry-After": "120"}),
        error=Unavailable,
        retry_after=lambda: timedelta(minutes=2),
    ),
    "time-out": Broken(answer=_silent, error=Unavailable, limits=_IMPATIENT),
    "slow drip": Broken(answer=_drip, error=Unavailable, limits=_IMPATIENT),
}
