"""What must hold on every page, whoever opens it, on a desk and on a phone, by day and by night."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Request

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

DESK, PHONE = (1440, 900), (390, 844)
# A tablet, a desk of 1,280 px at 200 %, and the narrowest phone.
NARROW = ((768, 1024), (640, 450), (320, 640))
# At the first of each a page is examined by axe. It is opened at one of both, and then the window changes its size.
SIZES = {"light": (DESK, PHONE), "dark": (PHONE, DESK)}

_THEME_BUTTON = "[data-theme-toggle]"
_EXAMINE = Path(__file__).with_name("examine.js").read_text(encoding="utf-8").partition("*/")[2].strip()
_INSTANCES = 2  # of one look on one page: axe cannot always decide about the first
_UNDECIDED = 3  # pages on which axe could not decide about a look: then it is not asked again


def is_page(answer: Answer) -> bool:
    return (
        answer.headers.get("Content-Type", "").startswith("text/html")
        and b"<!doctype html>" in answer.content
    )


@dataclass
class Memory:
    """What axe has decided about, on whichever page."""

    looks: set[str] = field(default_factory=set)
    undecided: Counter[str] = field(default_factory=Counter)
    parts: set[str] = field(default_factory=set)


@dataclass
class Looker:
    """Opens pages and notes down what is wrong with them."""

    page: Page
    origin: str
    pictures: Path | None = None
    findings: list[str] = field(default_factory=list)
    examines_every_text: bool = False  # also those that look like one on an earlier page
    memory: Memory = field(default_factory=Memory)
    _failed: list[str] = field(default_factory=list)
    _theme: str = ""
    _size: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
        self.page.emulate_media(reduced_motion="reduce")
        self.page.add_init_script(AXE_SCRIPT)
        # An answer that is an error stands in the console, which must be empty.
        self.page.on("requestfailed", self._note_failure)

    def _note_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page that polls may be left while it asks
            self._failed.append(f"{request.url}: {request.failure}")

    def look_at(self, name: str, link: str, *, theme: str) -> None:
        """At both sizes, for one loading. It begins with the size that the last page ended with."""
        self._choose_theme(theme)
        sizes = sorted(SIZES[theme], key=lambda size: size != self._size)
        for size in sizes if not self.pictures else SIZES[theme]:
            self._resize(size)
            if self.pictures or size == sizes[0]:
                self.page.goto(link)
            self._examine(f"{name} at {size[0]} in {theme}", theme, by_axe=size == SIZES[theme][0])

    def look_at_on_a_phone(self, name: str, link: str) -> None:
        """Where a page is narrowest it goes wrong first."""
        self._choose_theme("light")
        self._resize(PHONE)
        self.page.goto(link)
        self._examine(f"{name} at {PHONE[0]} in light", "light", by_axe=True)

    def look_at_by_day_and_night(self, name: str, link: str) -> None:
        """Both themes for one loading: by night the colors change as they do for whoever presses the button."""
        self.look_at(name, link, theme="light")
        if self.pictures or not self.page.locator(_THEME_BUTTON).count():
            self.look_at(name, link, theme="dark")
            return
        self._resize(PHONE)
        self.page.evaluate(f"document.querySelector('{_THEME_BUTTON}').click()")
        self._theme = "dark"
        where = f"{name} at {PHONE[0]} in dark"
        if self.page.evaluate("document.documentElement.dataset.theme") != "dark":
            self.findings.append(f"{where}: the button for the theme does nothing")
        self._examine(where, "dark", by_axe=True)

    def look_at_narrow_ones(self, name: str) -> None:
        """The page that is open, where there is less room than usual."""
        for size in NARROW:
            self._resize(size)
            self._examine(f"{name} at {size[0]}", self._theme, by_axe=False)

    def _choose_theme(self, theme: str) -> None:
        if theme != self._theme:
            self.page.context.add_cookies([{"name": "theme", "value": theme, "url": self.origin}])
            self._theme = theme

    def _resize(self, size: tuple[int, int]) -> None:
        if size != self._size:
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            self._size = size

    def _examine(self, where: str, theme: str, *, by_axe: bool) -> None:
        """Axe asks for every rule by day; by night only the colors differ."""
        memory = self.memory
        if self.pictures:
            self._keep_picture(where)
        found = self.page.evaluate(
            _EXAMINE,
            {
                "rules": by_axe and theme == "light",
                "contrast": ("texts" if self.examines_every_text else "looks") if by_axe else "",
                "looks": " ".join(memory.looks),
                "instances": _INSTANCES,
                "parts": " ".join(memory.parts),
            },
        )
        memory.undecided.update(found["undecided"])
        hopeless = {look for look, pages in memory.undecided.items() if pages >= _UNDECIDED}
        memory.looks.update(hopeless, found["looks"])
        memory.parts.update(found["parts"])
        if found["sideways"] > 0:
            self.findings.append(f"{where}: scrolls {found['sideways']} px sideways")
        if found["waits"]:
            self.findings.append(f"{where}: a part of it does not come")
        self.findings += [f"{where}: {fault}" for fault in [*found["faults"], *self._failed]]
        self._failed.clear()

    def _keep_picture(self, where: str) -> None:
        if self.pictures:
            self.page.wait_for_timeout(400)
            name = where.replace(":", "-").replace(" at ", "-").replace(" in ", "-")
            self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
