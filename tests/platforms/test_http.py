"""The door itself; what every broken answer becomes is tested with each connector."""

from __future__ import annotations

import gzip
import resource
import socket
import sys
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from monitoring.platforms.errors import (
    AccessDenied,
    NotFound,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from monitoring.platforms.guarded_adapter import Limits
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from monitoring.platforms.types import RateRule
from tests.platforms.conftest import Serve
from tests.platforms.local_server import Request, Response

Open = Callable[..., PlatformHttp]


@pytest.fixture
def open_door(budget: RedisRateBudget) -> Open:
    def open_door(**options: object) -> PlatformHttp:
        settings: dict[str, object] = {"key": str(uuid.uuid4()), "allowed_private_hosts": ["127.0.0.1"]}
        return PlatformHttp(budget, **(settings | options))  # type: ignore[arg-type]  # each test its own options

    return open_door


def _ok(_request: Request) -> Response:
    return Response({"fine": True})


def test_says_who_asks_and_sends_parameters(serve: Serve, open_door: Open) -> None:
    server = serve(_ok)
    door = open_door(user_agent="SMEdash/1 (+https://dash.example)")
    answer = door.get_json(f"{server.url}/a", params={"q": "é & ü", "id": ["1", "2"]}, headers={"X-One": "1"})
    request = server.requests[0]
    assert answer.data == {"fine": True}
    assert request.headers["user-agent"] == "SMEdash/1 (+https://dash.example)"
    assert (request.argument("q"), request.query["id"], request.headers["x-one"]) == (
        "é & ü",
        ["1", "2"],
        "1",
    )


def test_an_expected_status_is_handed_back(serve: Serve, open_door: Open) -> None:
    server = serve(lambda _request: Response(b"", 304, {"ETag": '"a"'}))
    answer = open_door().get(server.url, expect=(200, 304))
    assert (answer.status, answer.headers["etag"], answer.content) == (304, '"a"', b"")


def test_a_post_without_a_body_sends_none(serve: Serve, open_door: Open) -> None:
    server = serve(_ok)
    open_door().post_json(server.url)
    assert server.requests[0].body == b""
    assert "content-type" not in server.requests[0].headers


def test_a_private_address_is_refused_and_not_asked(serve: Serve, open_door: Open) -> None:
    server = serve(_ok)
    with pytest.raises(AccessDenied, match="PRIVATE_HOSTS_ALLOWED"):
        open_door(allowed_private_hosts=[]).get(server.url)
    assert server.requests == []


def test_a_name_that_leads_inside_is_refused(serve: Serve, open_door: Open) -> None:
    server = serve(_ok)
    with pytest.raises(AccessDenied):
        open_door(allowed_private_hosts=[]).get(f"http://localhost:{server.port}/")
    assert server.requests == []


def test_a_name_server_that_changes_its_mind_leads_nowhere(
    serve: Serve, open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: public when checked, private a moment later. The connection goes to what was checked."""
    server = serve(_ok)
    answers = iter(["8.8.8.8", "127.0.0.1"])
    looked_up: list[str] = []
    connected: list[str] = []

    ordinarily = socket.getaddrinfo

    def resolve(host: str, port: int, *args: int, **named: int) -> list[object]:
        if host != "rebinding.example":  # whoever else connects meanwhile: Redis, which counts requests
            return [*ordinarily(host, port, *args, **named)]
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], *_args: object) -> socket.socket:
        connected.append(address[0])
        raise OSError("not from a test")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("monitoring.platforms.guarded_adapter.create_connection", connect)
    with pytest.raises(Unavailable):
        open_door(allowed_private_hosts=[]).get(f"http://rebinding.example:{server.port}/")
    assert connected == ["8.8.8.8"]
    assert looked_up == ["rebinding.example"]


def test_a_redirect_is_followed(serve: Serve, open_door: Open) -> None:
    def answer(request: Request) -> Response:
        return (
            Response({"at": request.path}) if request.path == "/b" else Response(b"", 302, {"Location": "/b"})
        )

    server = serve(answer)
    found = open_door().get_json(
        f"{server.url}/a", headers={"Authorization": "Bearer t", "If-None-Match": "x"}
    )
    assert (found.data, found.url) == ({"at": "/b"}, f"{server.url}/b")
    assert server.requests[1].headers["authorization"] == "Bearer t"


def test_a_redirect_to_another_host_takes_no_secret_along(serve: Serve, open_door: Open) -> None:
    other = serve(_ok)
    server = serve(lambda _request: Response(b"", 302, {"Location": f"{other.url}/there"}))
    headers = {"Authorization": "Bearer t", "X-Api-Key": "t", "If-None-Match": "x"}
    open_door().get_json(server.url, params={"token": "t"}, headers=headers)
    sent = other.requests[0]
    assert not {"authorization", "x-api-key"} & set(sent.headers)
    assert sent.headers["if-none-match"] == "x"
    assert sent.query == {}


def test_a_redirected_post_is_not_sent_again(serve: Serve, open_door: Open) -> None:
    server = serve(lambda _request: Response(b"", 307, {"Location": "/b"}))
    with pytest.raises(UnexpectedResponse):
        open_door().post_json(server.url, body={"password": "p"})
    assert len(server.requests) == 1


def test_a_budget_that_is_spent_makes_no_request(serve: Serve, open_door: Open) -> None:
    server = serve(_ok)
    door = open_door(rules=(RateRule(requests=1, window=timedelta(minutes=1)),))
    door.get(server.url)
    with pytest.raises(RateLimited):
        door.get(server.url)
    assert len(server.requests) == 1


def test_headers_feed_the_budget(serve: Serve, open_door: Open) -> None:
    reset = (datetime.now(UTC) + timedelta(minutes=3)).isoformat().replace("+00:00", "Z")
    told = Response({}, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})
    server = serve(lambda _request: told)
    door = open_door()
    door.get(server.url)
    with pytest.raises(RateLimited) as limited:
        door.get(server.url)
    assert timedelta(minutes=2) < limited.value.retry_after <= timedelta(minutes=3)
    assert len(server.requests) == 1


def test_being_told_to_slow_down_stops_the_others_as_well(serve: Serve, open_door: Open) -> None:
    server = serve(lambda _request: Response({}, 429, {"Retry-After": "60"}))
    key = str(uuid.uuid4())
    for _worker in range(2):
        with pytest.raises(RateLimited):
            open_door(key=key).get(server.url)
    assert len(server.requests) == 1


def test_half_characters_and_nul_do_not_reach_the_database(serve: Serve, open_door: Open) -> None:
    server = serve(lambda _request: Response(b'{"a\\u0000": ["x\\ud83d", "\\ud83d\\ude00"]}'))
    assert open_door().get_json(server.url).data == {"a�": ["x�", "😀"]}


def test_ids_above_2_53_stay_exact(serve: Serve, open_door: Open) -> None:
    server = serve(lambda _request: Response(b'{"id": 1154999999999999999123}'))
    assert open_door().get_json(server.url).data == {"id": 1154999999999999999123}


@contextmanager
def little_memory() -> Iterator[None]:
    """Half a gigabyte more than there is, so that whatever takes it all fails alone. macOS limits nobody so."""
    if sys.platform == "darwin":
        yield
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 2**29, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("size", [1, 65_536])
def test_many_small_packages_are_unpacked_one_after_another(size: int, serve: Serve, open_door: Open) -> None:
    """Each ends where what is read at once is full. urllib3 itself doubles what it holds then, without end."""
    packed = gzip.compress(b" " * (size - 1) + b"1") * 32
    server = serve(lambda _request: Response(packed, headers={"Content-Encoding": "gzip"}))
    with little_memory():
        answer = open_door().get(server.url)
    assert answer.content == (b" " * (size - 1) + b"1") * 32
    assert server.requests[0].headers["accept-encoding"] == "gzip"


def test_cookies_are_not_kept(serve: Serve, open_door: Open) -> None:
    server = serve(lambda _request: Response({}, headers={"Set-Cookie": "who=me"}))
    door = open_door()
    door.get(server.url)
    door.get(server.url)
    assert "cookie" not in server.requests[1].headers


def test_a_proxy_of_the_environment_is_not_used(
    serve: Serve, open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = serve(_ok), serve(_ok)
    monkeypatch.setenv("http_proxy", proxy.url)
    open_door().get(server.url)
    assert (len(server.requests), proxy.requests) == (1, [])


def test_headers_that_never_end_are_cut_off(open_door: Open) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        started = time.monotonic()
        with pytest.raises(Unavailable, match="too long"):
            open_door(limits=Limits(total_seconds=0.4)).get(address)
        assert time.monotonic() - started < 10  # each read alone may take fifteen


def test_a_kept_connection_has_a_deadline_too(serve: Serve, open_door: Open) -> None:
    def slowly() -> Iterator[bytes]:
        for _ in range(300):
            time.sleep(0.1)
            yield b" "

    server = serve(lambda request: Response(slowly()) if request.path == "/slow" else Response({}))
    door = open_door(limits=Limits(total_seconds=0.5))
    door.get(server.url)
    started = time.monotonic()
    with pytest.raises(Unavailable):
        door.get(f"{server.url}/slow")
    assert time.monotonic() - started < 10  # of thirty


@pytest.mark.parametrize("url", ["ftp://example.com/", "nonsense", "http://", "https://u:p@example.com/"])
def test_what_is_no_address_is_not_found(url: str, open_door: Open) -> None:
    with pytest.raises(NotFound):
        open_door().get(url)


def test_an_unknown_name_is_unavailable(open_door: Open) -> None:
    with pytest.raises(Unavailable):
        open_door().get("http://no-such-host.invalid/")


def test_nobody_listening_is_unavailable(open_door: Open) -> None:
    with pytest.raises(Unavailable):
        open_door().get("http://127.0.0.1:9001/")


def test_no_error_shows_the_query(open_door: Open) -> None:
    secret = uuid.uuid4().hex
    with pytest.raises(Unavailable) as raised:
        open_door().get("http://no-such-host.invalid/path", params={"token": secret})
    assert secret not in "".join(traceback.format_exception(raised.value))


def test_a_librarys_own_session_is_guarded_too(serve: Serve, open_door: Open) -> None:
    server = serve(_ok)
    session = open_door(allowed_private_hosts=["127.0.0.1"]).secure(requests.Session())
    assert session.get(server.url, timeout=60).json() == {"fine": True}
    with pytest.raises(Exception, match="private network"):
        open_door(allowed_private_hosts=[]).secure(requests.Session()).get(server.url)
