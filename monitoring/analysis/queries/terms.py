"""Understands one term: a word, a phrase, a prefix, a hashtag, a handle or a filter."""

from __future__ import annotations

import re
from unicodedata import category

import regex
from django.utils.translation import gettext as _

from monitoring.analysis.queries.errors import QueryError
from monitoring.analysis.queries.folding import fold
from monitoring.analysis.queries.tree import (
    AuthorFilter,
    Filter,
    FollowersFilter,
    LanguageFilter,
    Literal,
    LiteralKind,
    PlatformFilter,
)

MIN_PREFIX_LENGTH = 2

_FILTER = re.compile(r"([A-Za-z_]+):(.*)", re.DOTALL)
_HASHTAG = regex.compile(r"[\p{L}\p{N}\p{M}_]*[\p{L}\p{N}][\p{L}\p{N}\p{M}_]*")
_NAME = r"[\p{L}\p{N}\p{M}_](?:[\p{L}\p{N}\p{M}_.\-]*[\p{L}\p{N}\p{M}_])?"
_HANDLE = regex.compile(rf"{_NAME}(?:@{_NAME})?")
_PREFIX = regex.compile(r"[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}'&.\-]*[\p{L}\p{N}\p{M}])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PLATFORM = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")
_FOLLOWERS = re.compile(r"([0-9]{1,12})(k|m)?")
_THOUSANDS = {"": 1, "k": 1_000, "m": 1_000_000}


def quoted_term(text: str, position: int) -> Literal:
    """What stands between quotation marks is taken as it is, signs and all."""
    folded = _comparable(text)
    if not _can_be_found(folded):
        raise QueryError(_("There is nothing to look for between these quotation marks."), position)
    return _plain_literal(folded)


def quoted_author(text: str, position: int) -> AuthorFilter:
    """A name that is no handle, such as one of several words, is the author's as it stands there."""
    name = _comparable(text).removeprefix("@")
    if not _can_be_found(name):
        raise QueryError(_("There is no name between these quotation marks."), position)
    return AuthorFilter(name)


def is_handle(name: str) -> bool:
    """Whether it can be written without quotation marks."""
    return _HANDLE.fullmatch(name) is not None


def bare_term(term: str, position: int) -> Literal | Filter:
    folded = _comparable(term)
    if folded.startswith("#"):
        return _hashtag(folded[1:], position)
    if folded.startswith("@"):
        return Literal(LiteralKind.HANDLE, handle_name(folded, position))
    filtered = _FILTER.fullmatch(folded)
    if filtered is not None:
        return _filter(filtered[1], filtered[2], position)
    if "*" in folded:
        return _prefix(folded, term, position)
    _refuse_separators(folded, term, position)
    if not _can_be_found(folded):
        raise QueryError(_("There is nothing to look for here: no letter, digit or symbol."), position)
    return _plain_literal(folded)


def handle_name(written: str, position: int) -> str:
    name = _comparable(written).removeprefix("@")
    if _HANDLE.fullmatch(name) is None:
        message = _("This is not a handle. Write @name, @name@server or @name.example.com.")
        raise QueryError(message, position)
    return name


def _comparable(text: str) -> str:
    readable = "".join(" " if category(character) == "Cc" else character for character in text)
    return fold(fold(readable)).strip()


def _can_be_found(folded: str) -> bool:
    return any(category(character)[0] in "LN" or category(character) in ("So", "Sc") for character in folded)


def _plain_literal(folded: str) -> Literal:
    return Literal(LiteralKind.PHRASE if " " in folded else LiteralKind.WORD, folded)


def _hashtag(name: str, position: int) -> Literal:
    if _HASHTAG.fullmatch(name) is None:
        raise QueryError(_("A hashtag is # and then letters, digits or _, without other signs."), position)
    return Literal(LiteralKind.HASHTAG, name)


def _prefix(folded: str, term: str, position: int) -> Literal:
    start, star, rest = folded.partition("*")
    if not star or rest or _PREFIX.fullmatch(start) is None:
        star_at = next((index for index, character in enumerate(term) if fold(character) == "*"), 0)
        message = _("The * stands for any ending: write it once, at the end of a word, as in coffee*.")
        raise QueryError(message, position + star_at)
    if start.isascii() and len(start) < MIN_PREFIX_LENGTH:
        message = _("Too short: at least %(least)d letters stand before the *.")
        raise QueryError(message % {"least": MIN_PREFIX_LENGTH}, position)
    return Literal(LiteralKind.PREFIX, start)


def _refuse_separators(folded: str, term: str, position: int) -> None:
    if folded[:1] in (",", ";"):
        offset = 0
    elif folded[-1:] in (",", ";"):
        offset = len(term) - 1
    else:
        return
    message = _("Write OR between words when any of them will do, and only a space when all must be there.")
    raise QueryError(message, position + offset)


def _filter(name: str, value: str, position: int) -> Filter:
    value_at = position + len(name) + 1
    if name not in ("lang", "platform", "from", "min_followers"):
        message = _(
            "There is no filter “%(name)s:”. The filters are lang:, platform:, from: and min_followers:. "
            "If you look for this text itself, put it in quotation marks."
        )
        raise QueryError(message % {"name": name}, position)
    if not value:
        message = _("After “%(name)s:” its value must follow, without a space.")
        raise QueryError(message % {"name": name}, value_at - 1)
    if name == "lang":
        return LanguageFilter(
            _listed(value, _LANGUAGE, _("lang: takes a language code such as en or de."), value_at)
        )
    if name == "platform":
        message = _("platform: takes the short name of a platform, such as bluesky.")
        return PlatformFilter(_listed(value, _PLATFORM, message, value_at))
    if name == "from":
        return AuthorFilter(handle_name(value, value_at))
    return FollowersFilter(_followers(value, value_at))


def _listed(value: str, pattern: re.Pattern[str], message: str, position: int) -> tuple[str, ...]:
    values = value.split(",")
    if any(pattern.fullmatch(item) is None for item in values):
        raise QueryError(message, position)
    return tuple(sorted(set(values)))


def _followers(value: str, position: int) -> int:
    number = _FOLLOWERS.fullmatch(value)
    if number is None:
        raise QueryError(_("min_followers: takes a number such as 1000 or 5k."), position)
    return int(number[1]) * _THOUSANDS[number[2] or ""]
