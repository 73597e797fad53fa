"""What Google and Microsoft answer when somebody signs in there, from a server on this machine.

Microsoft hands out a token with which the profile is read. Google puts the person into an ID token (OpenID Connect) and
says of an address whether it is proven.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import jwt

CLIENT = "of a test"


@dataclass
class Elsewhere:
    """Whose account it is, as the other service says."""

    name: str
    url: str
    address: str = "eva@halden.example"
    id: str = "0f3a"

    @property
    def token(self) -> dict[str, str]:
        token = {"access_token": "of a test", "token_type": "Bearer"}
        if self.name == "google":
            token["id_token"] = jwt.encode(self._claims, "a key that is Google's own and known to nobody")
        return token

    @property
    def _claims(self) -> dict[str, object]:
        return {
            "iss": "https://accounts.google.com",
            "aud": CLIENT,
            "sub": self.id,
            "email": self.address,
            "email_verified": True,
            "name": "Eva Halden",
            "given_name": "Eva",
            "family_name": "Halden",
            "iat": int(time.time()),
            "exp": int(time.time()) + 3600,
        }

    @property
    def profile(self) -> dict[str, str]:
        return {"id": self.id, "mail": self.address, "givenName": "Eva", "surname": "Halden"}


@contextmanager
def made_up_elsewhere(name: str) -> Iterator[Elsewhere]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._send(person.token)

        def do_GET(self) -> None:
            self._send(person.profile)

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
    person = Elsewhere(name=name, url=f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield person
    finally:
        server.shutdown()
        server.server_close()
