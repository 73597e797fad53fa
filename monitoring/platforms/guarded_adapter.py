"""The requests adapter through which every byte to and from a platform goes.

Mount it on any `requests.Session`, also on one that a library made (tweepy's):

    session.trust_env = False
    session.mount("https://", GuardedAdapter(guard=guard))
    session.mount("http://", GuardedAdapter(guard=guard))

It connects only to addresses the guard let through, and an answer must be complete within a total time and
a size limit, counted after decompression. It raises a `requests.RequestException` or an `AddressRefused`.
"""

from __future__ import annotations

import http.client
import socket
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from io import BytesIO
from typing import Any, ClassVar

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    IncompleteRead,
    NameResolutionError,
    NewConnectionError,
)
from urllib3.util.connection import create_connection

from monitoring.platforms.guard import AddressGuard

GZIP = "gzip"  # the only compression that is asked for
_CHUNK = 64 * 1024
_CUT_OFF = (IncompleteRead, http.client.IncompleteRead)
_DAMAGED = (EOFError, BadGzipFile, zlib.error)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long and how large an answer may become."""

    connect_seconds: float = 5
    read_seconds: float = 15
    total_seconds: float = 30
    max_bytes: int = 5 * 1024 * 1024


class TooLarge(requests.RequestException):
    pass


class Truncated(requests.RequestException):
    """The answer ended early, or its compression does not unpack."""


class Deadline:
    """Ends the connection of the running request when its time is up, wherever it waits: in the handshake,
    between two bytes of a header, in the body. A read time-out never ends an answer of one byte a second."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._handle: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def watch(self, sock: socket.socket) -> None:
        """Follow this connection, by a duplicate: the connection may close its own at any time."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
            self._handle = sock.dup()
            if self.expired:
                self._shut_down(self._handle)

    @contextmanager
    def running(self) -> Iterator[Deadline]:
        self._timer.start()
        token = _deadline.set(self)
        try:
            yield self
        finally:
            _deadline.reset(token)
            self._timer.cancel()
            with self._lock:
                if self._handle is not None:
                    self._handle.close()
                self._handle = None

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            if self._handle is not None:
                self._shut_down(self._handle)

    @staticmethod
    def _shut_down(handle: socket.socket) -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)


_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


class _Guarded(HTTPConnection):
    """Resolves once, connects to a checked address, and hands its socket to the deadline."""

    guard: ClassVar[AddressGuard] = AddressGuard()
    _handle: socket.socket | None = None

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._watch()  # a connection that stayed open since the request before
        super().request(*args, **kwargs)

    def close(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None
        super().close()

    def _watch(self) -> None:
        deadline = _deadline.get()
        if deadline is not None and self._handle is not None:
            deadline.watch(self._handle)

    def _new_conn(self) -> socket.socket:
        try:
            addresses = self.guard.resolve(self._dns_host, self.port)
        except OSError as error:
            reason = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, reason) from error
        sock = self._connect_to_any(addresses)
        self._handle = sock.dup()  # stays valid when TLS takes the socket over
        self._watch()
        return sock

    def _connect_to_any(self, addresses: list[str]) -> socket.socket:
        for position, address in enumerate(addresses, start=1):
            try:
                return create_connection(
                    (address, self.port), self.timeout, self.source_address, self.socket_options
                )
            except TimeoutError as error:
                if position == len(addresses):
                    raise ConnectTimeoutError(self, "the connection timed out") from error
            except OSError as error:
                if position == len(addresses):
                    raise NewConnectionError(self, "the connection failed") from error
        raise NewConnectionError(self, "no address to connect to")


class _GuardedTLS(_Guarded, HTTPSConnection):
    pass


@contextmanager
def closing_on_error(raw: HTTPResponse) -> Iterator[None]:
    """Hand the connection back when the answer is complete; throw it away when it is not."""
    try:
        yield
    except BaseException:
        raw.close()
        raise
    raw.release_conn()


def _pool_classes(guard: AddressGuard) -> Mapping[str, type[HTTPConnectionPool]]:
    plain = type("GuardedConnection", (_Guarded,), {"guard": guard})
    secure = type("GuardedTLSConnection", (_GuardedTLS,), {"guard": guard})
    return {
        "http": type("GuardedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("GuardedTLSPool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


class GuardedAdapter(HTTPAdapter):
    def __init__(self, *, guard: AddressGuard, limits: Limits | None = None) -> None:
        self.guard = guard
        self.limits = limits or Limits()
        super().__init__(pool_connections=4, pool_maxsize=1)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self.guard)

    def send(  # type: ignore[override]  # never through a proxy: it would resolve the name once more
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: bool | str = True,
        cert: None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        self.guard.check_url(request.url or "")
        request.headers["Accept-Encoding"] = GZIP
        limits = self.limits
        with Deadline(limits.total_seconds).running() as deadline:
            try:
                response = super().send(
                    request,
                    stream=True,
                    timeout=(limits.connect_seconds, limits.read_seconds),
                    verify=verify,
                    cert=cert,
                )
                with closing_on_error(response.raw):
                    content = self._read(response.raw)
            except (requests.RequestException, HTTPError, OSError) as error:
                if deadline.expired:
                    raise requests.ReadTimeout("the answer took too long") from error
                raise
        if deadline.expired:  # a cut connection may look like the end of the answer
            raise requests.ReadTimeout("the answer took too long")
        response.raw = BytesIO(content)
        return response

    def _read(self, raw: HTTPResponse) -> bytes:
        content = bytearray()
        try:
            for chunk in _unpacked(raw):
                content += chunk
                if len(content) > self.limits.max_bytes:
                    raise TooLarge("the answer is too large")
        except _DAMAGED as error:
            raise Truncated("the answer does not unpack") from error
        except HTTPError as error:
            if isinstance(error, _CUT_OFF) or isinstance(error.__cause__, _CUT_OFF):
                raise Truncated("the answer ended early") from error
            raise requests.ConnectionError("the connection broke") from error
        return bytes(content)


def _unpacked(raw: HTTPResponse) -> Iterator[bytes]:
    """In pieces. Not by urllib3, whose decoder (2.8.0) doubles what it holds, without end, once a member of a gzip
    stream is over just where a piece is full: sixty kilobytes of a stranger's would take all memory there is.
    """
    packed = raw.headers.get("Content-Encoding", "").strip().lower()
    if packed in {"", "identity"}:
        yield from raw.stream(_CHUNK, decode_content=False)
    elif packed in {GZIP, "x-gzip"}:
        with GzipFile(fileobj=raw) as unpacking:
            while chunk := unpacking.read(_CHUNK):
                yield chunk
    else:
        raise BadGzipFile("compressed in a way that was not asked for")
