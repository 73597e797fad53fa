"""What must hold on every page, whoever opens it, on a desk and on a phone, by day and by night."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from bs4 import BeautifulSoup
from playwright.sync_api import Page, Request, Response

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

DESK, PHONE = (1440, 900), (390, 844)
NARROW = ((768, 1024), (320, 640))
# The first of each is opened there and examined by axe; for the second the window changes its size.
SIZES = {"light": (DESK, PHONE), "dark": (PHONE, DESK)}

_SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
# Charts take the new width when they are told of it, in the frame after.
_DRAWN_AGAIN = (
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
)
_OPEN_TABLES = "document.querySelectorAll('details.datatable').forEach(table => { table.open = true; })"
_THEME_BUTTON = "[data-theme-toggle]"
_RUN_AXE = """async (rules) => {
    const found = await axe.run(document, {resultTypes: ["violations"], preload: false, ...rules});
    const named = (nodes) => nodes.slice(0, 5).map(node => node.target.join(" ")).join(" | ");
    return found.violations.map(fault => `${fault.id}: ${named(fault.nodes)}`);
}"""
_CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8").partition("*/")[2].strip()
_INSTANCES = 2  # of one look on one page: axe cannot always decide about the first
_ALL_RULES: dict[str, object] = {}
_RULES_OF_COLORS: dict[str, object] = {"runOnly": ["color-contrast"]}
_ALL_OTHER_RULES: dict[str, object] = {"rules": {"color-contrast": {"enabled": False}}}


def is_page(answer: Answer) -> bool:
    return (
        answer.headers.get("Content-Type", "").startswith("text/html")
        and b"<!doctype html>" in answer.content
    )


def faults_of_markup(html: bytes) -> list[str]:
    """What the server itself got wrong: our security policy forbids it, or a reader misses it."""
    page = BeautifulSoup(html, "html.parser")
    inline = [
        script for script in page.find_all("script", src=False) if script.get("type") != "application/json"
    ]
    handlers = [tag.name for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    identities = [tag["id"] for tag in page.find_all(id=True)]
    title = page.title.get_text(strip=True) if page.title else ""
    faults = {
        "a style attribute": bool(page.select("[style], style")),
        "an inline script": bool(inline),
        f"event attributes on {handlers}": bool(handlers),
        f"{len(page.find_all('h1'))} headings of the first level": len(page.find_all("h1")) != 1,
        f"the title {title!r}": not title or title.startswith("·"),
        "an id twice": len(identities) != len(set(identities)),
    }
    return [fault for fault, is_there in faults.items() if is_there]


@dataclass
class Looker:
    """Opens pages and notes down what is wrong with them."""

    page: Page
    origin: str
    pictures: Path | None = None
    findings: list[str] = field(default_factory=list)
    examines_every_text: bool = False  # also those that look like one on an earlier page
    _looks: set[int] = field(default_factory=set)
    _failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.emulate_media(reduced_motion="reduce")
        self.page.add_init_script(AXE_SCRIPT)
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", self._note_answer)

    def _note_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page that polls may be left while it asks
            self._failed.append(f"{request.url}: {request.failure}")

    def _note_answer(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self._failed.append(f"{response.url}: {response.status}")

    def look_at(self, name: str, link: str, *, theme: str) -> None:
        self.page.context.add_cookies([{"name": "theme", "value": theme, "url": self.origin}])
        first, second = SIZES[theme]
        self._resize(first)
        self.page.goto(link)
        self._check(f"{name} at {first[0]} in {theme}")
        self._run_axe(f"{name} at {first[0]} in {theme}", theme)
        self._resize(second)
        if self.pictures:
            self.page.goto(link)
        self._check(f"{name} at {second[0]} in {theme}")

    def look_at_by_day_and_night(self, name: str, link: str) -> None:
        """Both themes for one loading: by night the colors change as they do for whoever presses the button."""
        self.look_at(name, link, theme="light")
        if self.pictures or not self.page.locator(_THEME_BUTTON).count():
            self.look_at(name, link, theme="dark")
            return
        self.page.evaluate(f"document.querySelector('{_THEME_BUTTON}').click()")
        where = f"{name} at {PHONE[0]} in dark"
        if self.page.evaluate("document.documentElement.dataset.theme") != "dark":
            self.findings.append(f"{where}: the button for the theme does nothing")
        self._run_axe(where, "dark")
        self._check(where)

    def look_at_narrow_ones(self, name: str) -> None:
        """The page that is open, on a tablet and on the narrowest phone."""
        for size in NARROW:
            self._resize(size)
            self._check(f"{name} at {size[0]}")

    def _resize(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.evaluate(_DRAWN_AGAIN)

    def _check(self, where: str) -> None:
        if self.pictures:
            self.page.wait_for_timeout(400)
            name = where.replace(":", "-").replace(" at ", "-").replace(" in ", "-")
            self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
        self.page.evaluate(_OPEN_TABLES)
        sideways = self.page.evaluate(_SIDEWAYS)
        if sideways > 0:
            self.findings.append(f"{where}: scrolls {sideways} px sideways")
        self.findings += [f"{where}: {failure}" for failure in self._failed]
        self._failed.clear()

    def _run_axe(self, where: str, theme: str) -> None:
        """Every rule by day; by night only the colors differ."""
        by_day = theme == "light"
        if self.examines_every_text:
            self._run_rules(where, _ALL_RULES if by_day else _RULES_OF_COLORS)
            return
        if by_day:
            self._run_rules(where, _ALL_OTHER_RULES)
        found = self.page.evaluate(_CONTRAST, {"seen": list(self._looks), "instances": _INSTANCES})
        self._looks.update(found["decided"])
        self.findings += [f"{where}: {fault}" for fault in found["faults"]]

    def _run_rules(self, where: str, rules: dict[str, object]) -> None:
        self.findings += [f"{where}: {found}" for found in self.page.evaluate(_RUN_AXE, rules)]
