"""HTML of posts to the text a person would read."""

from __future__ import annotations

import re
from html import unescape

from bs4 import BeautifulSoup, Tag

_DECLARATION = re.compile(r"<[?!][^>]*>")  # comments, doctypes; html.parser would warn about XML's
_LINE, _PARAGRAPH = "\x01", "\x02"
_MARKS = re.compile("[\x00\x01\x02]")
_LINES = ["br", "li", "tr", "div", "dt", "dd"]
_PARAGRAPHS = ["p", "blockquote", "ul", "ol", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6"]
_UNSEEN = ["script", "style", "template", "head", "title"]
_INSIDE = {"mention", "hashtag"}
_SHORTENED = ("…", "...")


def html_to_text(html: str) -> str:
    """Paragraphs and breaks become new lines, entities characters, shortened links whole addresses."""
    html = _MARKS.sub("", _DECLARATION.sub(" ", html))
    if "<" not in html:
        return " ".join(unescape(html).split())
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup(_UNSEEN):
        tag.decompose()
    for link in soup("a"):
        _write_out(link)
    for names, mark in ((_LINES, _LINE), (_PARAGRAPHS, _PARAGRAPH)):
        for tag in soup(names):
            tag.insert_before(mark)
            tag.insert_after(mark)
    return _laid_out(soup.get_text())


def _write_out(link: Tag) -> None:
    """Some platforms show `example.com/a-long…` and keep the address in the link."""
    shown, address = link.get_text(), str(link.get("href") or "")
    shortened = shown.endswith(_SHORTENED) or link.find(class_="ellipsis") is not None
    beginning = shown.rstrip("….").removeprefix("https://").removeprefix("http://")
    if shortened and beginning and beginning in address:
        link.string = address


def _laid_out(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = re.sub(rf" ?[{_LINE}{_PARAGRAPH}][ {_LINE}{_PARAGRAPH}]*", _break, text)
    return text.strip()


def _break(found: re.Match[str]) -> str:
    return "\n\n" if _PARAGRAPH in found[0] else "\n"


def links_in(html: str) -> tuple[str, ...]:
    """The addresses that links lead to, except those to profiles and hashtags, which are no sources."""
    if "<a" not in html.lower():
        return ()
    links = BeautifulSoup(_DECLARATION.sub(" ", html), "html.parser")("a", href=True)
    outside = [
        str(link["href"])
        for link in links
        if not {"mention", "hashtag"} & set(link.get_attribute_list("class"))
    ]
    return tuple(dict.fromkeys(address for address in outside if address.startswith(("http://", "https://"))))
