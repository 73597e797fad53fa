"""Words of any script, and what PostgreSQL's text search is given of them.

PostgreSQL's own parsers keep a Chinese or Thai sentence as one word, drop `#` and `@`, and do not fold ß.
So a tsvector and a tsquery are written here, by one tokenizer, and cast as they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import regex

LONGEST_WORD = 100  # characters of a stored word; a longer one is found by its beginning
LAST_POSITION = 16383  # PostgreSQL's limit: words beyond it are found, phrases of them are not
LONGEST_TEXT = 50_000  # characters indexed, so that a tsvector stays below PostgreSQL's megabyte
LONGEST_QUERY = 1_000

# Scripts that write without spaces: there a word is any two neighbours.
UNSPACED = r"\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
WORD_CHARACTER = r"\p{L}\p{N}\p{M}_"

TOKEN = regex.compile(
    rf"""(?V1)
    (?P<handle>(?<![{WORD_CHARACTER}.@/])@[a-z0-9_]+(?:[.\-]+[a-z0-9_]+)*(?:@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+)?)
    | (?P<hashtag>(?<![{WORD_CHARACTER}&/])\#[{WORD_CHARACTER}]+)
    | (?P<unspaced>(?:[[{UNSPACED}]&&[{WORD_CHARACTER}]]\p{{M}}*+)++)
    | (?P<word>[[{WORD_CHARACTER}]--[{UNSPACED}]]++)
    """,
    regex.VERBOSE,
)
PLAIN_TOKEN = regex.compile(
    rf"(?V1)(?P<unspaced>(?:[[{UNSPACED}]&&[{WORD_CHARACTER}]]\p{{M}}*+)++)|(?P<word>[[{WORD_CHARACTER}]--[{UNSPACED}]]++)"
)
UNSPACED_LETTER = regex.compile(rf"(?V1)[[{UNSPACED}]&&[{WORD_CHARACTER}]]\p{{M}}*+")
QUERY_PART = regex.compile(r'(?P<negated>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def fold(text: str) -> str:
    """The form in which words are compared: compatibility composed and casefolded, marks kept."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words_of(text: str) -> list[str]:
    """The words of an already folded text, one after the other; unspaced scripts stay in one run."""
    return [match.group() for match in PLAIN_TOKEN.finditer(text)]


def search_document(text: str) -> str:
    """A literal to cast to tsvector: `'word':1,5 'other':2`."""
    positions: dict[str, list[int]] = {}
    for token, position in _placed(fold(text[:LONGEST_TEXT]), single_letters=True):
        places = positions.setdefault(token[:LONGEST_WORD], [])
        if len(places) < 255:  # PostgreSQL keeps no more of one word
            places.append(min(position, LAST_POSITION))
    return " ".join(f"'{token}':{','.join(map(str, places))}" for token, places in positions.items())


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


def _phrase(text: str, *, is_beginning: bool) -> str:
    """The words of a folded text as neighbors, at the distances they have here."""
    condition, last_position = "", 0
    placed = [(token, position) for token, position in _placed(text, single_letters=False, whole=True)]
    for index, (token, position) in enumerate(placed):
        is_last = index == len(placed) - 1
        is_part = len(token) > LONGEST_WORD or _is_one_unspaced_letter(token) or (is_last and is_beginning)
        operand = f"'{token[:LONGEST_WORD]}'" + (":*" if is_part else "")
        condition = f"{condition} <{position - last_position}> {operand}" if condition else operand
        last_position = position
    return f"({condition})" if len(placed) > 1 else condition


def _is_one_unspaced_letter(token: str) -> bool:
    return UNSPACED_LETTER.fullmatch(token) is not None


def _placed(text: str, *, single_letters: bool, whole: bool = False) -> Iterator[tuple[str, int]]:
    """Each token with its position.

    With `whole`, a hashtag or a handle is one token, as it is asked for; without, it is also its plain words,
    as it is stored. With `single_letters`, the last letter of an unspaced run is stored too, so that a
    beginning of one letter finds every occurrence.
    """
    position = 0
    for match in TOKEN.finditer(text):
        position += 1
        if match.lastgroup in ("hashtag", "handle"):
            yield match.group(), position
            if whole:
                continue
            for plain in PLAIN_TOKEN.finditer(match.group()):
                yield from _pieces(plain, position, single_letters=single_letters)
        else:
            for token, place in _pieces(match, position, single_letters=single_letters):
                yield token, place
                position = place


def _pieces(match: regex.Match[str], position: int, *, single_letters: bool) -> Iterator[tuple[str, int]]:
    if match.lastgroup == "word":
        yield match.group(), position
        return
    letters = UNSPACED_LETTER.findall(match.group())
    for offset, (first, second) in enumerate(pairwise(letters)):
        yield first + second, position + offset
    if single_letters or len(letters) == 1:
        yield letters[-1], position + len(letters) - 1
