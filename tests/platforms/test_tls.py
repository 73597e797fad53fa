"""The door connects to a checked address, but certificates are still checked against the name."""

from __future__ import annotations

import ssl
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from monitoring.platforms.errors import Unavailable
from monitoring.platforms.guarded_adapter import Limits
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from tests.platforms.local_server import LocalServer, Response

Secure = Callable[[str], tuple[LocalServer, Path]]


def _certificate(name: str, folder: Path) -> Path:
    """A certificate that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return file


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Secure]:
    started: list[LocalServer] = []

    def start(name: str) -> tuple[LocalServer, Path]:
        file = _certificate(name, tmp_path)
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
