"""What we published and how it did: by kind, by the hour, and beside competitors. One query for a page.

A post counts with all the interactions it has by now, in the period it was published in, and stays when it was removed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.db import connection

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.lib.periods import Period

HOURS_A_BLOCK: Final = 3
# Fewer posts than these say nothing about a kind, an hour or a rate.
ENOUGH_POSTS: Final = 5
Key = TypeVar("Key", bound=Hashable)

_POSTS = """
    select published_at >= %(first)s, brand_id, profile_id, kind, date_part('isodow', local)::int,
        date_part('hour', local)::int / %(hours)s, count(*), sum(interactions)::bigint
    from audience_publishedpost post cross join lateral (select published_at at time zone %(zone)s as local) clock
    where organization_id = %(organization)s and brand_id = any(%(brands)s)
        and published_at >= %(before)s and published_at < %(last)s
    group by 1, 2, 3, 4, 5, 6
"""


@dataclass(frozen=True, slots=True)
class PostGroup:
    """Posts that share all of this. `weekday` is ISO 8601's, `block` counts blocks of three hours since midnight."""

    is_now: bool  # in the period, not in the one before it
    brand_id: int
    profile_id: int
    kind: str
    weekday: int
    block: int
    posts: int
    interactions: int

    @property
    def is_answer(self) -> bool:
        return self.kind == PublishedPost.Kind.ANSWER


@dataclass(frozen=True)
class Tally:
    """Posts and what they got, and the same of the period before."""

    posts: int = 0
    interactions: int = 0
    posts_before: int = 0
    interactions_before: int = 0

    @property
    def per_post(self) -> float | None:
        """Interactions a post; None for fewer posts than say something."""
        return _rate(self.interactions, self.posts)

    @property
    def per_post_before(self) -> float | None:
        return _rate(self.interactions_before, self.posts_before)

    @property
    def change(self) -> float | None:
        """How interactions a post moved, as a share of what they were."""
        now, before = self.per_post, self.per_post_before
        return (now - before) / before if now is not None and before else None

    def engagement_rate(self, followers: int | None) -> float | None:
        """Interactions a post for each follower there is at the end of the period."""
        return self.per_post / followers if self.per_post is not None and followers else None


@dataclass(frozen=True)
class Conversation:
    """How much of what we publish answers somebody. The rest is broadcast."""

    answers: int
    posts: int

    @property
    def share(self) -> float | None:
        return self.answers / self.posts if self.posts >= ENOUGH_POSTS else None


@dataclass(frozen=True)
class Cell:
    """Posts of one weekday and one block of hours. `strength` is 0 to 1 against the best cell with enough posts."""

    weekday: int
    block: int
    tally: Tally
    strength: float | None


def group_posts(*, organization: Organization, brand_ids: Iterable[int], period: Period) -> list[PostGroup]:
    """All posts of these brands in the period and in the one before it, in small groups."""
    with connection.cursor() as cursor:
        cursor.execute(
            _POSTS,
            {
                "organization": organization.pk,
                "brands": list(brand_ids),
                "before": period.previous().starts_at,
                "first": period.starts_at,
                "last": period.ends_at,
                "zone": str(period.zone),
                "hours": HOURS_A_BLOCK,
            },
        )
        return [PostGroup(*row) for row in cursor.fetchall()]


def tally_by(groups: Iterable[PostGroup], key: Callable[[PostGroup], Key]) -> dict[Key, Tally]:
    """Sums by whatever the key says."""
    sums: dict[Key, list[int]] = {}
    for group in groups:
        counted = sums.setdefault(key(group), [0, 0, 0, 0])
        offset = 0 if group.is_now else 2
        counted[offset] += group.posts
        counted[offset + 1] += group.interactions
    return {name: Tally(*counted) for name, counted in sums.items()}


def tally(groups: Iterable[PostGroup]) -> Tally:
    return tally_by(groups, lambda _group: "").get("", Tally())


def kinds_by_success(groups: Iterable[PostGroup]) -> list[tuple[PublishedPost.Kind, Tally]]:
    """Kinds that were posted, the one with the most interactions a post first; those with too few posts last."""
    tallies = tally_by(groups, lambda group: group.kind)
    rows = [(PublishedPost.Kind(kind), counted) for kind, counted in tallies.items() if counted.posts]
    return sorted(rows, key=lambda row: (row[1].per_post is None, -(row[1].per_post or 0), -row[1].posts))


def conversation_of(groups: Iterable[PostGroup]) -> Conversation:
    counted = tally_by(groups, lambda group: group.is_answer)
    answers = counted.get(True, Tally()).posts
    return Conversation(answers, answers + counted.get(False, Tally()).posts)


def hours_of(groups: Iterable[PostGroup], *, week_start: int) -> list[list[Cell]]:
    """A row for each weekday, a cell for each block of hours. Answers are left out: their hour is the other's."""
    spoken = [group for group in groups if group.is_now and not group.is_answer]
    tallies = tally_by(spoken, lambda group: (group.weekday, group.block))
    best = max((counted.per_post or 0 for counted in tallies.values()), default=0)
    weekdays = [(week_start - 1 + offset) % 7 + 1 for offset in range(7)]
    return [
        [
            _cell(weekday, block, tallies.get((weekday, block), Tally()), best)
            for block in range(24 // HOURS_A_BLOCK)
        ]
        for weekday in weekdays
    ]


def best_cell(rows: Iterable[Iterable[Cell]]) -> Cell | None:
    """The weekday and hours with the most interactions a post, among those with enough posts."""
    cells = (cell for row in rows for cell in row if cell.tally.per_post is not None)
    return max(cells, key=lambda cell: cell.tally.per_post or 0, default=None)


def _cell(weekday: int, block: int, counted: Tally, best: float) -> Cell:
    rate = counted.per_post
    return Cell(weekday, block, counted, None if rate is None else rate / best if best else 0.0)


def _rate(interactions: int, posts: int) -> float | None:
    return interactions / posts if posts >= ENOUGH_POSTS else None
