from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.platforms.conftest import Serve
from tests.platforms.connectors.contract import FIXTURES
from tests.platforms.local_server import Answering, LocalServer, Request, Response

SEARCH = json.loads((FIXTURES / "bluesky" / "search_posts.json").read_text())


def _probe(*arguments: str) -> list[Mapping[str, object]]:
    out = io.StringIO()
    call_command("probe", *arguments, stdout=out, stderr=io.StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _search(request: Request) -> Response:
    return Response(SEARCH if request.argument("until") is None else {"posts": []})


@pytest.fixture
def bluesky(serve: Serve, settings: Settings) -> Serve:
    def start(answer: Answering) -> LocalServer:
        server = serve(answer)
        settings.PLATFORM_URLS = {"bluesky": server.url}
        return server

    return start


def test_prints_posts_as_json_lines(bluesky: Serve) -> None:
    bluesky(_search)
    posts = _probe("bluesky", "acme")
    assert [post["text"] for post in posts] == [post["record"]["text"] for post in SEARCH["posts"]]
    assert posts[0]["published_at"] == "2026-11-20T10:15:30.123000+00:00"
    assert "raw" not in posts[0]


def test_a_post_that_two_searches_find_is_printed_once(bluesky: Serve) -> None:
    server = bluesky(_search)
    assert len(_probe("bluesky", 'acme OR "blue bottle"')) == 2
    assert {request.argument("q") for request in server.requests} == {"acme", '"blue bottle"'}


def test_stops_at_the_limit_without_asking_on(bluesky: Serve) -> None:
    server = bluesky(_search)
    assert len(_probe("bluesky", "acme", "--limit", "1")) == 1
    assert len(server.requests) == 1


def test_asks_another_server(serve: Serve, settings: Settings) -> None:
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    server = serve(lambda _request: Response([]))
    assert _probe("mastodon", "#acme", "--server", server.url) == []
    assert server.requests[0].path == "/api/v1/timelines/tag/acme"


def test_a_feed_is_asked_once_for_all_that_it_has(serve: Serve, settings: Settings) -> None:
    feed = serve(lambda _request: Response((FIXTURES / "feeds" / "search_posts.rss").read_bytes()))
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    assert len(_probe("feeds", "acme", "--server", f"{feed.url}/feed.xml")) == 4
    assert [request.path for request in feed.requests] == ["/feed.xml"]


def test_prints_a_profile(bluesky: Serve) -> None:
    server = bluesky(
        lambda _request: Response({"did": "did:plc:x", "handle": "acme.com", "followersCount": 7})
    )
    assert _probe("bluesky", "@acme.com", "--profile")[0]["followers"] == 7
    assert server.requests[0].argument("actor") == "acme.com"


def test_prints_own_posts(bluesky: Serve) -> None:
    bluesky(lambda _request: Response({"feed": [{"post": SEARCH["posts"][0]}]}))
    assert len(_probe("bluesky", "acme.com", "--posts")) == 1


def test_takes_credentials_from_the_environment(
    serve: Serve, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    monkeypatch.setenv("SMEDASH_MASTODON_ACCESS_TOKEN", "from-the-environment")
    server = serve(lambda request: Response({"statuses": []} if "search" in request.path else []))
    _probe("mastodon", "acme", "--server", server.url)
    assert {request.headers["authorization"] for request in server.requests} == {
        "Bearer from-the-environment"
    }
    _probe("mastodon", "acme", "--server", server.url, "--credential", "access_token=typed")
    assert server.requests[-1].headers["authorization"] == "Bearer typed"


@pytest.mark.parametrize(
    ("status", "name", "who"),
    [
        (429, "RateLimited", "Nobody has to act"),
        (503, "Unavailable", "The platform has to act"),
        (403, "AccessDenied", "You have to act"),
        (404, "NotFound", "You have to act"),
        (418, "UnexpectedResponse", "developers have to act"),
    ],
)
def test_an_error_says_who_must_act(status: int, name: str, who: str, bluesky: Serve) -> None:
    bluesky(lambda _request: Response({}, status))
    with pytest.raises(CommandError, match=f"{name}: .*{who}") as raised:
        _probe("bluesky", "acme")
    assert raised.value.returncode != 0


def test_a_query_error_points_at_the_character() -> None:
    with pytest.raises(CommandError, match=r"\^"):
        _probe("bluesky", "(acme")


def test_says_what_a_platform_cannot_look_for() -> None:
    with pytest.raises(CommandError, match="cannot look for this"):
        _probe("mastodon", '"blue bottle"')


@pytest.mark.parametrize("arguments", [("nowhere", "acme"), ("bluesky", "acme", "--limit", "0")])
def test_refuses_what_makes_no_sense(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        _probe(*arguments)


def test_what_it_prints_can_be_matched_by_platform(bluesky: Serve) -> None:
    bluesky(_search)
    assert {post["platform"] for post in _probe("bluesky", "acme")} == {"bluesky"}


def test_ends_quietly_when_nobody_reads_on(serve: Serve) -> None:
    server = serve(lambda _request: Response({"posts": SEARCH["posts"]}))
    with subprocess.Popen(
        [sys.executable, "manage.py", "probe", "bluesky", "acme"],
        env={**os.environ, "PLATFORM_URLS": f"bluesky={server.url}", "DEBUG": "true", "SECRET_KEY": "x" * 60},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as probing:
        assert probing.stdout
        assert probing.stderr
        probing.stdout.close()
        told = probing.stderr.read()

    assert "Asking Bluesky" in told
    assert "Traceback" not in told
    assert probing.returncode == 0
