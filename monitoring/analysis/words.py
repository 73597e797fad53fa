"""Words of any script, and what PostgreSQL's text search is given of them.

PostgreSQL's own parsers keep a Chinese or Thai sentence as one word, drop `#` and `@`, and do not fold ß.
So a tsvector and a tsquery are written here, by one tokenizer, and cast as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import regex

LONGEST_WORD = 100  # characters of a stored word; a longer one is found by its beginning
LAST_POSITION = 16383  # PostgreSQL's limit: words beyond it are found, phrases of them are not
MOST_PLACES = 255  # PostgreSQL keeps no more of one word
LONGEST_TEXT = 50_000  # characters indexed, so that a tsvector stays below PostgreSQL's megabyte
LONGEST_QUERY = 1_000

# Scripts that write without spaces: there a word is any two neighbours.
UNSPACED = r"\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
WORD_CHARACTER = r"\p{L}\p{N}\p{M}_"

LETTER_OR_NUMBER = r"\p{L}\p{N}"
# Of these characters `re` thinks as `regex` does: `\w` is what belongs to a word.
THOUGHT_ALIKE = re.compile(
    "[\0-\x1b\x20-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2100-\u2bff\U0001f000-\U0001faff"
    # Greek, Cyrillic, Hebrew, Arabic, Georgian, Vietnamese, Korean: their letters, but not their marks.
    "\u0370-\u0482\u048a-\u0557\u05d0-\u060f\u061b-\u064a\u0660-\u066f\u0671-\u06d5\u10a0-\u10ff\u1e00-\u1fff"
    "\uac00-\ud7a3]*+"
)


class WordPattern:
    """A pattern over words of any script, which finds those of common characters in half the time.

    No group in it may be possessive: `re` of Python before 3.11.5 goes on behind what such a group has given up.
    """

    def __init__(self, pattern: str) -> None:
        self._any = regex.compile(pattern)
        plain = pattern.replace(f"[{LETTER_OR_NUMBER}]", r"[^\W_]").replace(WORD_CHARACTER, r"\w")
        self._plain = re.compile(plain)

    def findall(self, text: str) -> list[str]:
        return (self._plain if THOUGHT_ALIKE.fullmatch(text) else self._any).findall(text)


HANDLE = rf"(?<![{WORD_CHARACTER}.@/])@[a-z0-9_]+(?:[.\-]+[a-z0-9_]+)*(?:@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+)?"
HASHTAG = rf"(?<![{WORD_CHARACTER}&/])\#[{WORD_CHARACTER}]+"
TOKEN = regex.compile(
    rf"""(?V1)
    (?P<handle>{HANDLE})
    | (?P<hashtag>{HASHTAG})
    | (?P<unspaced>(?:[[{UNSPACED}]&&[{WORD_CHARACTER}]]\p{{M}}*+)++)
    | (?P<word>[[{WORD_CHARACTER}]--[{UNSPACED}]]++)
    """,
    regex.VERBOSE,
)
PLAIN_TOKEN = regex.compile(
    rf"(?V1)(?P<unspaced>(?:[[{UNSPACED}]&&[{WORD_CHARACTER}]]\p{{M}}*+)++)|(?P<word>[[{WORD_CHARACTER}]--[{UNSPACED}]]++)"
)
UNSPACED_LETTER = regex.compile(rf"(?V1)[[{UNSPACED}]&&[{WORD_CHARACTER}]]\p{{M}}*+")
SPACED_WORD = regex.compile(rf"[{WORD_CHARACTER}]++")
SPACED_TOKEN = WordPattern(rf"[{WORD_CHARACTER}]++|{HANDLE}|{HASHTAG}")
# Every letter of a script without spaces is among these.
SPECIAL = re.compile(
    "[\u0300-\u036f\u0e00-\u109f\u1100-\u1dff\u2e80-\uabff\ud7b0-\U0001efff\U0001fb00-\U0010ffff]"
)
SURROGATE = regex.compile(r"\p{Cs}")
QUERY_PART = regex.compile(r'(?P<negated>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def whole_letters(text: str) -> str:
    """The text without halves of surrogate pairs, which nothing but Python takes."""
    return text if text.isascii() else SURROGATE.sub("\ufffd", text)


DOTTED_I = re.compile("i\u0307+")


def fold(text: str) -> str:
    """The form in which words are compared: compatibility composed and casefolded, marks kept.

    But for the dot that casefolding leaves on the Turkish İ: "istanbul" finds İstanbul, as keywords do.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if "i\u0307" not in folded:
        return folded
    return unicodedata.normalize("NFKC", DOTTED_I.sub("i", folded))  # other marks move up to the letter


def words_of(text: str) -> list[str]:
    """The words of an already folded text, one after the other; unspaced scripts stay in one run."""
    return [match.group() for match in PLAIN_TOKEN.finditer(text)]


def search_document(text: str) -> str:
    """A literal to cast to tsvector: `'word':1,5 'other':2`."""
    folded = fold(text[:LONGEST_TEXT])
    if not SPECIAL.search(folded):
        tokens = SPACED_TOKEN.findall(folded)
        if len(tokens) < MOST_PLACES and max(map(len, tokens), default=0) <= LONGEST_WORD:
            return _spaced_document(tokens)
    positions: dict[str, list[int]] = {}
    for token, position in _placed(folded, stored=True):
        places = positions.setdefault(token[:LONGEST_WORD], [])
        if len(places) < MOST_PLACES:
            places.append(min(position, LAST_POSITION))
    return " ".join(f"'{token}':{','.join(map(str, places))}" for token, places in positions.items())


def _spaced_document(tokens: list[str]) -> str:
    """What `search_document` gives where every script has spaces, in a third of the time."""
    places: dict[str, str] = {}
    for position, token in enumerate(tokens, 1):
        words = (token, *SPACED_WORD.findall(token)) if token[0] in "#@" else (token,)
        for word in words:
            places[word] = f"{places[word]},{position}" if word in places else str(position)
    return " ".join([f"'{word}':{at}" for word, at in places.items()])


def search_query(text: str) -> str:
    """What a person typed, as a literal to cast to tsquery.

    All words must occur; "a phrase" in this order; -word must not; word* is a beginning. Any input is a
    query: what is no word is left out, and nothing at all gives the empty query, which finds nothing.
    """
    conditions = []
    for part in QUERY_PART.finditer(text[:LONGEST_QUERY]):
        content = part["phrase"] if part["phrase"] is not None else part["word"]
        condition = _phrase(fold(content), is_beginning=content.endswith("*"))
        if condition:
            conditions.append(f"!({condition})" if part["negated"] else condition)
    return " & ".join(conditions)


def search_phrase(text: str, *, is_beginning: bool = False) -> str:
    """One word or phrase as a literal to cast to tsquery; empty where nothing in it is a word."""
    return _phrase(fold(text[:LONGEST_QUERY]), is_beginning=is_beginning)


def _phrase(text: str, *, is_beginning: bool) -> str:
    """The words of a folded text as neighbors, at the distances they have here."""
    condition, last_position = "", 0
    placed = list(_placed(text, stored=False))
    for index, (token, position) in enumerate(placed):
        is_last = index == len(placed) - 1
        is_part = len(token) > LONGEST_WORD or _is_one_unspaced_letter(token) or (is_last and is_beginning)
        operand = f"'{token[:LONGEST_WORD]}'" + (":*" if is_part else "")
        condition = f"{condition} <{position - last_position}> {operand}" if condition else operand
        last_position = position
    return f"({condition})" if len(placed) > 1 else condition


def _is_one_unspaced_letter(token: str) -> bool:
    return UNSPACED_LETTER.fullmatch(token) is not None


def _placed(text: str, *, stored: bool) -> Iterator[tuple[str, int]]:
    """Each token with its position.

    As it is stored, a hashtag or a handle is also its plain words, and the last letter of an unspaced run stands
    for itself too, so that a beginning of one letter finds every occurrence. As it is asked for, neither.
    """
    position = 0
    for match in TOKEN.finditer(text):
        position += 1
        if match.lastgroup not in ("hashtag", "handle"):
            yield from _pieces(match, position, stored=stored)
            position = _end(match, position)
            continue
        yield match.group(), position
        if stored:
            for plain in PLAIN_TOKEN.finditer(match.group()):
                yield from _pieces(plain, position, stored=True)


def _pieces(match: regex.Match[str], position: int, *, stored: bool) -> Iterator[tuple[str, int]]:
    if match.lastgroup == "word":
        yield match.group(), position
        return
    letters = UNSPACED_LETTER.findall(match.group())
    for offset, (first, second) in enumerate(pairwise(letters)):
        yield first + second, position + offset
    if stored or len(letters) == 1:
        yield letters[-1], position + len(letters) - 1


def _end(match: regex.Match[str], position: int) -> int:
    """The position of the last letter of an unspaced run; any other token has one position."""
    return (
        position + len(UNSPACED_LETTER.findall(match.group())) - 1
        if match.lastgroup == "unspaced"
        else position
    )
