"""Take pictures of the demo's pages in a real browser, served by this process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIServer

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A page of the demo as one screen shows it. `page` follows the organization's own address."""

    name: str
    page: str = ""
    width: int = 1440
    height: int = 1320
    dark: bool = False


PICTURES = (
    Picture(name="overview-1440-light"),
    Picture(name="overview-1440-dark", dark=True),
    Picture(name="overview-390-light", width=390, height=1180),
    Picture(name="mentions-1440-light", page="mentions/", height=1080),
    Picture(name="goal-1440-light", page="goal/", height=1080),
)


@contextmanager
def serving() -> Iterator[str]:
    """This installation's pages, at an address of their own. One host name is one for the settings, too."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    server: WSGIServer = ThreadedWSGIServer((host, 0), _Silent)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def take_pictures(*, chromium: BrowserType, executable: str, entrance: str, folder: Path) -> Iterator[Path]:
    """One PNG for each of PICTURES. `entrance` is the link into the demo."""
    # Chromium's own sandbox refuses root, and a small /dev/shm (containers) makes it crash.
    flags = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    folder.mkdir(parents=True, exist_ok=True)
    browser = chromium.launch(executable_path=executable, args=flags)
    with serving() as address:
        context = browser.new_context(locale="en-US")
        page = context.new_page()
        page.goto(address + urlsplit(entrance).path)
        home, state = page.url, context.storage_state()
        for picture in PICTURES:
            yield _take(browser, state, home, picture, folder / f"{picture.name}.png")
    browser.close()


def _take(browser: Browser, state: object, home: str, picture: Picture, target: Path) -> Path:
    context = browser.new_context(
        locale="en-US",
        storage_state=state,  # type: ignore[arg-type]  # what storage_state() gave
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
        viewport={"width": picture.width, "height": picture.height},
    )
    page = context.new_page()
    page.goto(home + picture.page, wait_until="networkidle")
    page.screenshot(path=target)
    context.close()
    make_small(target)
    return target


def make_small(picture: Path) -> None:
    """A page has few colors: 256 of them show it in a third of the bytes."""
    with Image.open(picture) as taken:
        few = taken.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)
