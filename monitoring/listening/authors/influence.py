"""How much weight somebody's word may have: a number from 0 to 100 whose three parts are shown wherever it stands.

followers    up to 50 points: how many may read it
reactions    up to 30 points: how many did something with it, for each mention
mentions     up to 20 points: how often they speak of us

Each is counted by its number of digits (logarithm), because ten thousand followers are not ten times as much worth
hearing as a thousand. What a platform does not say counts as none. The same sum is done here, for one author, and by
the database, for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p
from typing import Final

FULL_FOLLOWERS: Final = 1_000_000
FULL_REACTIONS: Final = 1_000
FULL_MENTIONS: Final = 100
FOLLOWERS_POINTS: Final = 50
REACTIONS_POINTS: Final = 30
MENTIONS_POINTS: Final = 20


@dataclass(frozen=True)
class Part:
    """A number, and what it gives of the most it can give."""

    value: float | None
    points: float
    most: int
    full: int  # the number that gives the most


@dataclass(frozen=True, kw_only=True)
class Influence:
    """`followers` is None where the platform does not say."""

    followers: int | None
    mentions: int
    interactions: int

    @property
    def reactions_each(self) -> float:
        return self.interactions / self.mentions if self.mentions else 0.0

    @property
    def of_followers(self) -> Part:
        return _part(self.followers, FOLLOWERS_POINTS, FULL_FOLLOWERS)

    @property
    def of_reactions(self) -> Part:
        return _part(self.reactions_each, REACTIONS_POINTS, FULL_REACTIONS)

    @property
    def of_mentions(self) -> Part:
        return _part(self.mentions, MENTIONS_POINTS, FULL_MENTIONS)

    @property
    def score(self) -> float:
        return sum(part.points for part in (self.of_followers, self.of_reactions, self.of_mentions))


def _part(value: float | None, most: int, full: int) -> Part:
    known = max(value or 0, 0)  # a platform may take likes away
    return Part(value, min(log1p(known) / log1p(full), 1.0) * most, most, full)


def _part_in_sql(value: str, most: int, full: int) -> str:
    return f"least(ln(1 + greatest({value}, 0)::float8) / ln(1 + {full}::float8), 1) * {most}"


SCORE_IN_SQL: Final = " + ".join(
    (
        _part_in_sql("coalesce(followers, 0)", FOLLOWERS_POINTS, FULL_FOLLOWERS),
        _part_in_sql("interactions::float8 / mentions", REACTIONS_POINTS, FULL_REACTIONS),
        _part_in_sql("mentions", MENTIONS_POINTS, FULL_MENTIONS),
    )
)
