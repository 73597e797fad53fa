"""A real HTTP server in a thread, answering as a function says: what the tests have instead of mocks.

with LocalServer(lambda request: Response({"posts": []})) as server:
    ...  # ask server.url; server.requests holds what was asked
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What arrived. Header names are lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def argument(self, name: str) -> str | None:
        """The only value of a query parameter, or None where it is absent."""
        values = self.query.get(name, [])
        assert len(values) <= 1, f"{name} was sent {len(values)} times"
        return values[0] if values else None

    def json(self) -> object:
        return json.loads(self.body)


@dataclass(frozen=True)
class Response:
    """What to answer. `content`: bytes as they are, text as UTF-8, anything else as JSON. An iterator of
    bytes is sent as it yields, without a length unless a header names one; then the connection is closed."""

    content: object = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        return (self.content if isinstance(self.content, str) else json.dumps(self.content)).encode()

    @property
    def media_type(self) -> str:
        return "text/html; charset=utf-8" if isinstance(self.content, str) else "application/json"


Answering = Callable[[Request], Response]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves, or does not trust us, is no news."""


class LocalServer:
    """Serves on a free port of 127.0.0.1 while the `with` block runs. `answer` may be replaced meanwhile."""

    def __init__(self, answer: Answering, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self._server = _Server(("127.0.0.1", 0), _handler_for(self))
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> LocalServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_for(server: LocalServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each small answer waits 40 ms for an acknowledgment

        def log_message(self, format: str, *arguments: object) -> None:
            """Stay quiet."""

        def handle(self) -> None:
            with suppress(ConnectionError):  # a client may leave in the middle of an answer
                super().handle()

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            address = urlsplit(self.path)
            request = Request(
                method=self.command,
                path=address.path,
                query=parse_qs(address.query, keep_blank_values=True),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
            )
            server.requests.append(request)
            self.send(server.answer(request))

        def send(self, response: Response) -> None:
            streamed = isinstance(response.content, Iterator)
            pieces = response.content if isinstance(response.content, Iterator) else iter([response.body()])
            headers = {"Content-Type": response.media_type, **response.headers}
            if streamed:
                headers["Connection"] = "close"
            else:
                headers.setdefault("Content-Length", str(len(response.body())))
            self.send_response(response.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
            self.close_connection = self.close_connection or streamed

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    return Handler
