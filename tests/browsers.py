"""Chromium on a server of our own, for every test that asks for a page."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote, urlsplit
from wsgiref.types import StartResponse

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from smedash.local.chromium import find_chromium

if TYPE_CHECKING:
    from accounts.models import User
    from tests.cast import SignIn

# Playwright runs an event loop in the test's thread, in which Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Ten processes for each core make an answer late, not wrong.
expect.set_options(timeout=20_000)

# A page lives for a second: to optimize its scripts costs more than it saves, and so does a process for painting.
# Chromium's own sandbox refuses root, and a small /dev/shm (containers) makes it crash. There is no graphics card to
# be had in a test, nothing that is worth an imitation of one, and a browser that phones home only waits.
FLAGS = (
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--js-flags=--no-opt --no-maglev --no-sparkplug",
    *(["--in-process-gpu"] if sys.platform == "linux" else []),
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
)


class KeptFiles(StaticFilesHandler):
    """Static files out of memory, which a browser asks for once, as it does in production.

    And a page that the test itself has asked for: the browser that comes for it next gets that very answer.
    """

    _pages: ClassVar[dict[str, HttpResponseBase]] = {}

    @classmethod
    def keep(cls, link: str, page: HttpResponseBase) -> None:
        cls._pages = {unquote(link): page}

    def __init__(self, application: object) -> None:
        super().__init__(application)  # type: ignore[arg-type]  # the stubs want a narrower one
        self._kept: dict[str, tuple[bytes, str]] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> HttpResponseBase:
        link = "?".join(filter(None, [environ["PATH_INFO"], unquote(environ["QUERY_STRING"])]))
        page = self._pages.pop(link, None) if environ["REQUEST_METHOD"] == "GET" else None
        if page is None:
            return super().__call__(environ, start_response)
        cookies = [("Set-Cookie", cookie.OutputString()) for cookie in page.cookies.values()]
        start_response(f"{page.status_code} {page.reason_phrase}", [*page.items(), *cookies])
        return page

    def serve(self, request: HttpRequest) -> HttpResponse:
        if request.path not in self._kept:
            answer = super().serve(request)
            self._kept[request.path] = answer.getvalue(), answer.headers["Content-Type"]
            answer.close()
        content, kind = self._kept[request.path]
        return HttpResponse(content, content_type=kind, headers={"Cache-Control": "max-age=86400"})


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """pytest-django's own, but for the static files."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = KeptFiles
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, once for all tests."""
    executable = find_chromium()
    if executable is None:
        pytest.fail("No Chromium found. Install one, or choose the other tests with: -m 'not e2e'")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def expected_answers() -> set[tuple[str, int]]:
    """Paths that a test makes answer with an error status. Chromium writes each into the console; nothing else may."""
    return set()


@pytest.fixture
def browser_context(
    browser: Browser, live_server: LiveServer, expected_answers: set[tuple[str, int]]
) -> Iterator[BrowserContext]:
    """A fresh visitor. Any message in its console fails the test, the security policy's above all."""
    context = browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        status = re.match(
            r"Failed to load resource: the server responded with a status of (\d+) ", message.text
        )
        if status is None or (urlsplit(address).path, int(status[1])) not in expected_answers:
            complaints.append(f"{message.type}: {message.text} ({address})")

    context.on("console", note)
    context.on("weberror", lambda error: complaints.append(f"exception: {error.error}"))
    yield context
    context.close()
    assert not complaints, "\n".join(["The browser's console is not empty:", *complaints])


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    return browser_context.new_page()


def let_in(context: BrowserContext, client: Client, origin: str) -> None:
    """As whoever the client is signed in as, without a password typed."""
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": origin}])


@pytest.fixture
def owners_page(
    transactional_db: None, page: Page, live_server: LiveServer, owner: User, sign_in: SignIn
) -> Page:
    """Of somebody who is signed in and owns whatever business there is."""
    let_in(page.context, sign_in(owner), live_server.url)
    return page
