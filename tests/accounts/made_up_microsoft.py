"""What Microsoft answers when somebody signs in there, from a server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Microsoft:
    """Whose account it is, as it says."""

    url: str
    address: str = "eva@halden.example"
    id: str = "0f3a"


@contextmanager
def made_up_microsoft() -> Iterator[Microsoft]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._send({"access_token": "of a test", "token_type": "Bearer"})

        def do_GET(self) -> None:
            self._send({"id": person.id, "mail": person.address, "givenName": "Eva", "surname": "Halden"})

        def _send(self, answer: dict[str, str]) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    person = Microsoft(url=f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield person
    finally:
        server.shutdown()
        server.server_close()
