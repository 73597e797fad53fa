"""A query as the editor shows it: its text, what it means in a sentence, and words in lists where they can say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from monitoring.analysis.queries import (
    Piece,
    QueryError,
    WordLists,
    colored,
    excluding,
    explain,
    parse,
    query_text,
    word_lists,
)
from monitoring.listening.keywords.completing import offered_languages
from monitoring.platforms.registry import platforms
from monitoring.platforms.types import Capability

MOST_CHARACTERS = 2_000
MOST_WORDS = 100


@dataclass(frozen=True)
class WordList:
    """One list of the editor: a row of words that can be added and taken away."""

    name: str
    label: str
    placeholder: str
    words: tuple[str, ...]
    hint: str = ""
    is_unwanted: bool = False


@dataclass(frozen=True)
class Reading:
    """What was understood of a query's text. `lists` is None where lists cannot say it, or nobody can read it."""

    text: str
    explanation: str = ""
    lists: WordLists | None = None
    error: QueryError | None = None
    rows: tuple[WordList, ...] = field(init=False)

    def __post_init__(self) -> None:
        shown = self.lists or (None if self.text.strip() else WordLists(()))
        object.__setattr__(self, "rows", _rows(shown) if shown else ())

    @property
    def pieces(self) -> list[Piece]:
        """The text cut up for coloring, with the character that is wrong."""
        return colored(self.text)


def read_query(text: str) -> Reading:
    text = text[:MOST_CHARACTERS]
    try:
        query = parse(text)
    except QueryError as error:
        return Reading(text, error=error)
    return Reading(text, explain(query), word_lists(query))


def read_words(
    *, any_of: Sequence[str], one_of: Sequence[str], none_of: Sequence[str], filters: Sequence[str]
) -> Reading:
    lists = (tuple(words[:MOST_WORDS]) for words in (any_of, one_of, none_of, filters))
    return read_query(query_text(WordLists(*lists)))


def read_narrowed(text: str, *, without: str) -> Reading:
    """The query without posts that contain a word; as it is, where it cannot be read or narrowed."""
    reading = read_query(text)
    if reading.error:
        return reading
    narrowed = read_query(excluding(parse(reading.text), without))
    return reading if narrowed.error else narrowed


def offered_filters() -> list[str]:
    """What the list of filters completes: languages that we tell apart, platforms that can be searched."""
    slugs = [item.slug for item in platforms() if Capability.SEARCH_POSTS in item.capabilities]
    filters = [f"platform:{slug}" for slug in slugs] + [f"-platform:{slug}" for slug in slugs]
    return [
        *filters,
        *(f"lang:{code}" for code in offered_languages()),
        "from:@",
        "-from:@",
        "min_followers:1000",
    ]


def _rows(lists: WordLists) -> tuple[WordList, ...]:
    return (
        WordList("any_of", _("Any of these"), _("Add a word"), lists.any_of),
        WordList(
            "one_of",
            _("And at least one of these"),
            _("Optional"),
            lists.one_of,
            _("For a name that means other things too: words that are near it when it means you."),
        ),
        WordList("none_of", _("But none of these"), _("Add a word"), lists.none_of, is_unwanted=True),
        WordList(
            "filters",
            _("Only posts with"),
            _("Such as lang:en"),
            lists.filters,
            _("Languages, platforms, authors, followers: lang:en,de, platform:bluesky, -from:@bot."),
        ),
    )
