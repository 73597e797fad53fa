"""What the audience page says about our posts: which kind works, when, and how we do beside competitors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cached_property

from babel.dates import format_skeleton, get_day_names, get_time_format
from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.audience.selectors.posting import (
    ENOUGH_POSTS,
    HOURS_A_BLOCK,
    Cell,
    Conversation,
    PostGroup,
    Tally,
    best_cell,
    conversation_of,
    group_posts,
    hours_of,
    kinds_by_success,
    tally,
)
from monitoring.audience.selectors.profiles import ProfileStanding
from monitoring.lib.figures import reader_locale
from monitoring.lib.periods import Period

_SHADES = 4


@dataclass(frozen=True)
class Rival:
    """One brand's profiles together."""

    name: str
    is_own: bool
    followers: int | None
    change: int | None
    tally: Tally

    @property
    def engagement_rate(self) -> float | None:
        return self.tally.engagement_rate(self.followers)


@dataclass(frozen=True)
class Shade:
    """One cell of the week: how dark it is drawn, from 0 to 4, and the figures behind it."""

    posts: int
    per_post: float | None
    shade: int


@dataclass(frozen=True)
class Success:
    """Everything comes from one query; each part is worked out when the page asks for it."""

    organization: Organization
    period: Period
    standings: Sequence[ProfileStanding]

    enough = ENOUGH_POSTS

    @cached_property
    def _groups(self) -> list[PostGroup]:
        brands = {row.profile.brand_id for row in self.standings}
        return group_posts(organization=self.organization, brand_ids=brands, period=self.period)

    @cached_property
    def _own(self) -> list[PostGroup]:
        own = {row.profile.brand_id for row in self.standings if row.is_own}
        return [group for group in self._groups if group.brand_id in own]

    @cached_property
    def kinds(self) -> list[tuple[PublishedPost.Kind, Tally]]:
        return kinds_by_success(self._own)

    @cached_property
    def conversation(self) -> Conversation:
        return conversation_of(group for group in self._own if group.is_now)

    @cached_property
    def _week(self) -> list[list[Cell]]:
        return hours_of(self._own, week_start=self.organization.week_start)

    @cached_property
    def best(self) -> Cell | None:
        return best_cell(self._week)

    @cached_property
    def best_when(self) -> str:
        """ "Thursday, 9 AM to 12 PM"."""
        if self.best is None:
            return ""
        return _("%(weekday)s, %(hours)s") % {
            "weekday": name_weekday(self.best.weekday),
            "hours": name_hours(self.best.block),
        }

    @cached_property
    def blocks(self) -> list[str]:
        return [name_hours(block, brief=True) for block in range(24 // HOURS_A_BLOCK)]

    @cached_property
    def week(self) -> list[tuple[str, list[Shade]]]:
        return [(name_weekday(row[0].weekday), [_shade(cell) for cell in row]) for row in self._week]

    @cached_property
    def rivals(self) -> list[Rival]:
        """Us and the competitors, by engagement rate. Empty where there is nobody to compare with."""
        brands = {row.profile.brand_id: row.profile.brand.name for row in self.standings}
        if len(brands) < 2:
            return []
        rivals = [self._rival(brand_id, name) for brand_id, name in brands.items()]
        return sorted(
            rivals, key=lambda rival: (rival.engagement_rate is None, -(rival.engagement_rate or 0))
        )

    def _rival(self, brand_id: int, name: str) -> Rival:
        rows = [row for row in self.standings if row.profile.brand_id == brand_id]
        return Rival(
            name=name,
            is_own=rows[0].is_own,
            followers=_known_sum(row.followers.latest for row in rows),
            change=_known_sum(row.followers.change for row in rows),
            tally=tally(group for group in self._groups if group.brand_id == brand_id),
        )


def name_weekday(weekday: int) -> str:
    """An ISO 8601 weekday in the reader's words."""
    return str(get_day_names("wide", "stand-alone", reader_locale())[weekday - 1])


def name_hours(block: int, *, brief: bool = False) -> str:
    """ "9 AM to 12 PM", as the reader tells the time; brief: "9 AM"."""
    first = _name_hour(block * HOURS_A_BLOCK)
    if brief:
        return first
    return _("%(first)s to %(last)s") % {
        "first": first,
        "last": _name_hour((block + 1) * HOURS_A_BLOCK % 24),
    }


def _name_hour(hour: int) -> str:
    """ "9 AM", "09 Uhr": as the reader's language tells the time."""
    locale = reader_locale()
    has_noon = "a" in get_time_format("short", locale).pattern
    return format_skeleton("h" if has_noon else "H", time(hour), locale=locale)


def _shade(cell: Cell) -> Shade:
    shade = 0 if cell.strength is None else max(1, round(cell.strength * _SHADES))
    return Shade(cell.tally.posts, cell.tally.per_post, shade)


def _known_sum(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
