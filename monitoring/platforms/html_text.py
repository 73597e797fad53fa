"""HTML of posts to the text a person would read.

Read as a stream, not as a tree: a thousand nested elements, as a hostile feed may send, cost no more than a thousand
in a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from html.parser import HTMLParser

LONGEST = 200_000  # characters of HTML that are looked at
_LINE, _PARAGRAPH = "\x01", "\x02"
# What is no tag, and what begins one that never ends: the parser would search to the end of the text for each.
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_STRAY = re.compile(r"<(?!/?[a-zA-Z][^<>]*>)")
_MARKS = re.compile("[\x00\x01\x02]")
_BREAKS = {
    **dict.fromkeys(("br", "li", "tr", "div", "dt", "dd"), _LINE),
    **dict.fromkeys(("p", "blockquote", "ul", "ol", "pre", "table", "hr"), _PARAGRAPH),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _PARAGRAPH),
}
_UNSEEN = {"script", "style", "template", "title"}
_INSIDE = {"mention", "hashtag"}
_SHORTENED = ("…", "...")
_WEB = ("http://", "https://")

Attributes = Iterable[tuple[str, str | None]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.links: dict[str, None] = {}
        self._unseen = ""  # the element whose content is not shown
        self._link: tuple[str, int] | None = None  # the open link's address, and the piece it began at
        self._ellipsis = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        if tag in _UNSEEN and not self._unseen:
            self._unseen = tag
        elif tag in _BREAKS:
            self.pieces.append(_BREAKS[tag])
        elif tag == "a":
            self._open_link(given.get("href", ""), inside=bool(classes & _INSIDE))
        if "ellipsis" in classes:
            self._ellipsis = True

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif tag in _BREAKS:
            self.pieces.append(_BREAKS[tag])
        elif tag == "a":
            self._close_link()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)

    def _open_link(self, address: str, *, inside: bool) -> None:
        self._link, self._ellipsis = (address, len(self.pieces)), False
        if address.startswith(_WEB) and not inside:
            self.links[address] = None

    def _close_link(self) -> None:
        """Some platforms show `example.com/a-long…` and keep the whole address in the link."""
        if self._link is None:
            return
        (address, start), self._link = self._link, None
        shown = "".join(self.pieces[start:])
        beginning = shown.rstrip("….").removeprefix("https://").removeprefix("http://")
        if (self._ellipsis or shown.endswith(_SHORTENED)) and beginning and beginning in address:
            self.pieces[start:] = [address]


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(_STRAY.sub("&lt;", _DECLARATION.sub(" ", without_comments(html[:LONGEST]))))
    reader.close()
    return reader


def without_comments(html: str) -> str:
    pieces = []
    for number, piece in enumerate(html.split("<!--")):
        _comment, end, rest = piece.partition("-->") if number else ("", "-->", piece)
        pieces.append(rest if end else "")
    return "".join(pieces)


def html_to_text(html: str) -> str:
    """Paragraphs and breaks become new lines, entities characters, shortened links whole addresses."""
    html = _MARKS.sub("", html)
    if "<" not in html:
        return " ".join(unescape(html).split())
    text = re.sub(r"\s+", " ", "".join(_read(html).pieces))
    return re.sub(rf" ?[{_LINE}{_PARAGRAPH}][ {_LINE}{_PARAGRAPH}]*", _break, text).strip()


def _break(found: re.Match[str]) -> str:
    return "\n\n" if _PARAGRAPH in found[0] else "\n"


def links_in(html: str) -> tuple[str, ...]:
    """The addresses that links lead to, except those to profiles and hashtags, which are no sources."""
    return tuple(_read(html).links) if "<" in html else ()
