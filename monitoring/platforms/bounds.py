"""How much of what a platform sends is kept: what our columns and their indexes take, and what is read in time.

A stranger may run a server, or write a feed, that says anything. One post that a column refuses would keep every other
post of its page away, again at each attempt. So what is too long is cut, an address or another post's id that would not
survive that is left out, and a thing whose own id does not fit cannot be told from others: ValueError.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import regex

LONGEST_ID: Final = 1000  # bytes, as an index counts them
LONGEST_SHORT_ID: Final = 500  # bytes, of an author, or of what a platform's API asks for
LONGEST_ADDRESS: Final = 2000
LONGEST_NAME: Final = 300
LONGEST_TITLE: Final = 1000
LONGEST_TEXT: Final = 50_000  # all of which a search finds
MOST_LINKS: Final = 100
LARGEST_COUNT: Final = 10**12  # nobody has more, and a million of these still add up in a column

# Unicode's stream-safe text has at most 30 marks on a letter. To put thousands in their order takes hours.
_TOO_MANY_MARKS: Final = regex.compile(r"(\p{M}{30})\p{M}+")


def checked_id(text: str, most: int = LONGEST_ID) -> str:
    if not text or _bytes(text) > most:
        raise ValueError("an id is missing or too long")
    return text


def kept_id(text: str | None) -> str | None:
    """An id that only leads to something else."""
    return text if text and _bytes(text) <= LONGEST_ID else None


def short_id(text: str, most: int = LONGEST_ID) -> str:
    """An id that we make ourselves: what it is made of, or a digest of that where it is too long."""
    if _bytes(text) <= most:
        return text
    return f"hash:{hashlib.sha256(text.encode(errors='replace')).hexdigest()}"


def kept_address(address: str) -> str:
    return address if len(address) <= LONGEST_ADDRESS else ""


def kept_links(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple([address for address in addresses if kept_address(address)][:MOST_LINKS])


def kept_words(text: str, most: int = LONGEST_NAME) -> str:
    cut = text[:most]
    return cut if cut.isascii() else _TOO_MANY_MARKS.sub(r"\1", cut)


def kept_count(number: int | None) -> int | None:
    """None where a platform says something impossible."""
    return number if number is not None and 0 <= number <= LARGEST_COUNT else None


def keep(thing: object, **kept: object) -> None:
    """Set what is kept of a frozen dataclass that is just being made."""
    for name, value in kept.items():
        object.__setattr__(thing, name, value)


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="replace"))
