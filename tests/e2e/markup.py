"""What the server itself wrote, before any script changed it."""

from __future__ import annotations

from html.parser import HTMLParser


class Markup(HTMLParser):
    """Reads a page once, and notes down what the rules are about. A tree would take four times as long."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        # What decides how a page looks, beside its words: what elements it has, by class and type.
        self.kinds: set[tuple[str, str | None, str | None]] = set()
        self.headings = 0
        self.identities: list[str] = []
        self.handlers: list[str] = []
        self.styles: list[str] = []
        self.inline_scripts = 0
        self._titles: list[str] = []
        self._in_title = False
        self.feed(html.decode())
        self.close()

    @property
    def title(self) -> str:
        return self._titles[0].strip() if self._titles else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.kinds.add((tag, given.get("class"), given.get("type")))
        self.headings += tag == "h1"
        if identity := given.get("id"):
            self.identities.append(identity)
        if any(name.startswith("on") for name in given):
            self.handlers.append(tag)
        if tag == "style" or "style" in given:
            self.styles.append(tag)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.inline_scripts += 1
        if tag == "title":
            self._in_title = True
            self._titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._titles[-1] += data


def faults_of_markup(markup: Markup) -> list[str]:
    """Our security policy forbids it, or a reader misses it."""
    faults = {
        f"a style in {markup.styles}": bool(markup.styles),
        "an inline script": markup.inline_scripts > 0,
        f"event attributes on {markup.handlers}": bool(markup.handlers),
        f"{markup.headings} headings of the first level": markup.headings != 1,
        f"the title {markup.title!r}": not markup.title or markup.title.startswith("·"),
        "an id twice": len(markup.identities) != len(set(markup.identities)),
    }
    return [fault for fault, is_there in faults.items() if is_there]
