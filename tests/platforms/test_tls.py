"""The door connects to a checked address, but certificates are still checked against the name."""

from __future__ import annotations

import ssl
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitoring.platforms.errors import Unavailable
from monitoring.platforms.guarded_adapter import Limits
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from tests.certificates import make_certificate
from tests.platforms.local_server import LocalServer, Response

Secure = Callable[[str], tuple[LocalServer, Path]]


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Secure]:
    started: list[LocalServer] = []

    def start(name: str) -> tuple[LocalServer, Path]:
        file = make_certificate(name, tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server = LocalServer(lambda _request: Response({"fine": True}), context)
        started.append(server.__enter__())
        return server, file

    yield start
    for server in started:
        server.__exit__(None, None, None)


@pytest.fixture
def door(budget: RedisRateBudget) -> PlatformHttp:
    return PlatformHttp(
        budget,
        key=str(uuid.uuid4()),
        allowed_private_hosts=["127.0.0.1"],
        limits=Limits(read_seconds=5, total_seconds=5),
    )


def test_a_certificate_for_the_name_is_accepted(secure: Secure, door: PlatformHttp) -> None:
    server, certificate = secure("localhost")
    door.session.verify = str(certificate)
    assert door.get_json(f"https://localhost:{server.port}/").data == {"fine": True}


def test_a_certificate_for_another_name_is_not(secure: Secure, door: PlatformHttp) -> None:
    server, certificate = secure("elsewhere.example")
    door.session.verify = str(certificate)
    with pytest.raises(Unavailable, match="certificate"):
        door.get(f"https://localhost:{server.port}/")


def test_a_certificate_nobody_vouches_for_is_not(secure: Secure, door: PlatformHttp) -> None:
    server, _certificate = secure("localhost")
    with pytest.raises(Unavailable, match="certificate"):
        door.get(f"https://localhost:{server.port}/")
    assert server.requests == []
