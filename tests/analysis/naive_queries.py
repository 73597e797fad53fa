"""A second, slow and plain reading of the query language, to hold the real one against.

Queries are nested tuples, written as text for the parser and evaluated here without it, straight from the rules in
docs/keywords.md. Nothing is shared with the product's code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeAlias
from unicodedata import category, normalize

Tree: TypeAlias = tuple[Any, ...]

UNSEEN = {"\u00ad", "\u061c", "\u180e", "\ufeff", "\ufe0e", "\ufe0f"}
UNSEEN |= {chr(code) for code in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))}
UNSPACED = [
    *((0x0E01, 0x0E3A), (0x0E40, 0x0E4E), (0x0E50, 0x0E59), (0x0E81, 0x0EDF)),  # Thai, Lao
    *((0x1000, 0x109F), (0xA9E0, 0xA9FE), (0xAA60, 0xAA7F)),  # Myanmar
    *((0x1780, 0x17DD), (0x17E0, 0x17F9), (0x19E0, 0x19FF)),  # Khmer
    *((0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF)),  # Han
    *((0xF900, 0xFAFF), (0x20000, 0x323AF)),  # Han
    *((0x16FE3, 0x16FE3), (0x16FF0, 0x16FF1)),  # Han
    *((0x1AFF0, 0x1AFFE), (0x1B000, 0x1B122), (0x1B150, 0x1B152), (0x1B164, 0x1B167)),  # Kana
    *((0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF)),  # Kana
]


@dataclass(frozen=True)
class NaivePost:
    text: str
    title: str = ""
    language: str | None = None
    platform: str = ""
    handle: str = ""
    followers: int | None = None


def plain(text: str) -> str:
    text = normalize("NFKC", text.replace("™", " ").replace("℠", " ")).casefold()
    text = "".join(character for character in text if character not in UNSEEN)
    text = normalize("NFKC", re.sub("i\u0307+", "i", text)).replace("\u2019", "'").replace("\u2010", "-")
    text = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return re.sub(r"\s+", " ", text)


def in_word(character: str) -> bool:
    return category(character)[0] in ("L", "N", "M")


def unspaced(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in UNSPACED)


def joined(one: str, other: str) -> bool:
    """Whether two neighbors belong to one word. At an end of the text there is no neighbor."""
    if not one or not other or unspaced(one) or unspaced(other):
        return False
    return in_word(one) and in_word(other)


def name_continues(following: str) -> bool:
    """Whether what follows a handle makes it another, longer handle."""
    first, second = following[:1], following[1:2]
    if first in (".", "-", "@") and first:
        return second != "" and not unspaced(second) and (in_word(second) or second == "_")
    return first != "" and not unspaced(first) and (in_word(first) or first == "_")


def places(literal: Tree, text: str) -> list[tuple[int, int]]:
    kind, word = literal
    sought = {"tag": "#", "handle": "@"}.get(kind, "") + plain(word).strip()
    found = []
    for start in range(len(text)):
        end = start + len(sought)
        if text[start:end] != sought:
            continue
        before, after = text[start - 1 : start] if start else "", text[end : end + 1]
        if kind == "tag":
            right = not (before and (before in "_&/" or (in_word(before) and not unspaced(before))))
            right = right and not (after and (in_word(after) or after == "_"))
        elif kind == "handle":
            right = not (before and (before == "_" or (in_word(before) and not unspaced(before))))
            right = right and not name_continues(text[end:])
        elif kind == "prefix":
            right = not joined(before, sought[0])
            while joined(text[end - 1 : end], text[end : end + 1]):
                end += 1
        else:
            right = not joined(before, sought[0]) and not joined(sought[-1], after)
        if right:
            found.append((start, end))
    return found


def words_between(text: str, start: int, end: int) -> int:
    """How many words begin there; a letter of a script without spaces counts as a word."""
    count = 0
    for at in range(start, end):
        before = text[at - 1] if at else ""
        if in_word(text[at]) and not joined(before, text[at]):
            count += 1
    return count


def near_places(tree: Tree, text: str) -> set[tuple[int, int]]:
    """Every place of either side that stands near one of the other."""
    _, left, right, distance = tree
    found = set()
    for one in places(left, text):
        for other in places(right, text):
            first, second = min(one, other), max(one, other)
            if first[1] <= second[0] and words_between(text, first[1], second[0]) <= distance:
                found |= {one, other}
    return found


def matches(tree: Tree, post: NaivePost) -> bool:
    text = plain(post.text)
    if post.title:
        text = plain(post.title) + "\0" + text
    return holds(tree, post, text)


def holds(tree: Tree, post: NaivePost, text: str) -> bool:
    kind = tree[0]
    if kind == "and":
        return all(holds(part, post, text) for part in tree[1:])
    if kind == "or":
        return any(holds(part, post, text) for part in tree[1:])
    if kind == "not":
        return not holds(tree[1], post, text)
    if kind == "near":
        return near_places(tree, text) != set()
    if kind == "lang":
        return re.split("[-_]", post.language or "")[0].lower() == str(tree[1])
    if kind == "platform":
        return post.platform == str(tree[1])
    if kind == "from":
        return plain(post.handle).lstrip("@") == plain(str(tree[1]))
    if kind == "followers":
        return post.followers is not None and post.followers >= int(tree[1])
    return places(tree, text) != []


def written(tree: Tree) -> str:
    """The query as somebody would type it."""
    kind = tree[0]
    if kind in ("and", "or"):
        return "(" + f" {kind.upper()} ".join(map(written, tree[1:])) + ")"
    if kind == "near":
        return f"({written(tree[1])} NEAR/{tree[3]} {written(tree[2])})"
    forms = {
        "tag": "#{}",
        "handle": "@{}",
        "prefix": "{}*",
        "phrase": '"{}"',
        "lang": "lang:{}",
        "platform": "platform:{}",
        "from": "from:@{}",
        "followers": "min_followers:{}",
    }
    if kind == "not":
        return f"NOT {written(tree[1])}"
    return forms.get(kind, "{}").format(tree[1])
