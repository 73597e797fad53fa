"""Hashtags, handles and links of a post, as its text has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import regex

from monitoring.analysis.words import LONGEST_WORD, WORD_CHARACTER, fold

# An address begins with a name, and nothing that nobody sees belongs to it.
LINK = regex.compile(
    r"(?i)\bhttps?://(?=[\p{L}\p{N}\[])[^\s<>\"'`{}|\\^\p{C}\p{Han}\p{Hiragana}\p{Katakana}，。、「」]+"
)
HASHTAG = regex.compile(
    rf"(?<![{WORD_CHARACTER}&/])[#＃]([{WORD_CHARACTER}]*[\p{{L}}\p{{M}}_][{WORD_CHARACTER}]*)"
)
HANDLE = regex.compile(
    rf"(?<![{WORD_CHARACTER}.@/])@([A-Za-z0-9_]+(?:[.\-]+[A-Za-z0-9_]+)*(?:@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)?)"
)
CLOSING_PUNCTUATION = ".,;:!?…)]’”»"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entities:
    """What a text points to, and the prose that is left without it."""

    hashtags: tuple[str, ...]
    handles: tuple[str, ...]
    links: tuple[str, ...]
    prose: str  # without links and handles; hashtags stay


def find_entities(text: str) -> Entities:
    links: Iterable[str] = ()
    handles: Iterable[str] = ()
    hashtags: Iterable[str] = ()
    prose = text
    if "://" in prose:
        links = [_without_closing_punctuation(link) for link in LINK.findall(prose)]
        prose = LINK.sub(" ", prose)
    if "@" in prose:
        handles = [handle.lower() for handle in HANDLE.findall(prose)]
        prose = HANDLE.sub(" ", prose)
    if "#" in prose or "＃" in prose:
        hashtags = [fold(hashtag) for hashtag in HASHTAG.findall(prose) if len(hashtag) <= LONGEST_WORD]
    return Entities(
        hashtags=tuple(dict.fromkeys(hashtags)),
        handles=tuple(dict.fromkeys(handles)),
        links=tuple(dict.fromkeys(links)),
        prose=prose,
    )


def _without_closing_punctuation(link: str) -> str:
    """A sentence's own punctuation does not belong to a link; a closing bracket does where one was opened."""
    end, never_opened = len(link), link.count(")") - link.count("(")
    while end and link[end - 1] in CLOSING_PUNCTUATION:
        if link[end - 1] == ")":
            if never_opened <= 0:
                break
            never_opened -= 1
        end -= 1
    return link[:end]
