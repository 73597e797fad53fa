"""How many mentions each tab holds. However rare what it filters by is, it looks at no more rows than a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, cast

from django.db.models import BigIntegerField, Subquery

from accounts.models import Organization
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand
from monitoring.listening.selectors.counts import Volume, days_of_brands
from monitoring.listening.selectors.filtering import MentionFilter, filter_mentions, is_looked_up
from monitoring.listening.selectors.finding import Look, look_at_most, surely_many
from monitoring.listening.selectors.mentions import COUNTED_EXACTLY, BoundedCount, count_mentions
from monitoring.listening.selectors.saved_views import ViewTabs
from monitoring.listening.showing.choosing import Choice

MOST_SAMPLED: Final = 4  # tabs that search for words: of each a sample says whether it can be counted


class _Count(Subquery):
    """How many rows a query has, as one value among others of the same statement."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = BigIntegerField()


@dataclass(frozen=True)
class _Asked:
    """One tab, and the days on which its mentions are counted; none where it is known that there are too many."""

    brand: Brand
    wanted: MentionFilter
    look: Look | None

    @property
    def counting(self) -> _Count | None:
        if self.look is None:
            return None
        found = filter_mentions(brand=self.brand, wanted=replace(self.wanted, period=self.look.days))
        return _Count(found.order_by().values("pk")[: COUNTED_EXACTLY + 1])

    def count(self, number: int | None) -> BoundedCount:
        if number is None or self.look is None:
            return BoundedCount(COUNTED_EXACTLY, more=True)
        more = number > COUNTED_EXACTLY or not self.look.is_whole
        return BoundedCount(min(number, COUNTED_EXACTLY), more=more)


def count_tabs(tabs: ViewTabs) -> ViewTabs:
    """The same tabs with their counts: the first from the counts by day, all others by one statement."""
    first, *others = tabs.each
    counts = [_count_first(first.choice), *_count_rows([tab.choice for tab in others])]
    counted = [replace(tab, count=count) for tab, count in zip(tabs.each, counts, strict=True)]
    return ViewTabs(counted, are_counted=True)


def _count_first(choice: Choice) -> BoundedCount | None:
    return count_mentions(brand=choice.brand, wanted=choice.wanted) if choice.brand else None


def _count_rows(choices: Sequence[Choice]) -> list[BoundedCount | None]:
    asked = _asked(choices)
    counting = {f"tab_{place}": each.counting for place, each in asked.items() if each.counting}
    if counting:
        organization = Organization.objects.filter(pk=choices[0].organization.pk)
        found = cast("dict[str, int]", organization.values(**counting).get())
    else:
        found = {}
    return [
        asked[place].count(found.get(f"tab_{place}")) if place in asked else None
        for place in range(len(choices))
    ]


def _asked(choices: Sequence[Choice]) -> dict[int, _Asked]:
    """By their places. Beyond MOST_SAMPLED, tabs that search among many mentions stay without a number."""
    with_brands = [(place, choice, choice.brand) for place, choice in enumerate(choices) if choice.brand]
    if not with_brands:
        return {}
    days = _days([(brand, choice.period) for _place, choice, brand in with_brands])
    asked, sampled = {}, 0
    for place, choice, brand in with_brands:
        within = {day: volume for day, volume in days.get(brand.pk, {}).items() if _is_in(day, choice.period)}
        look: Look | None = look_at_most(wanted=choice.wanted, period=choice.period, days=within)
        if look and not look.is_whole and is_looked_up(choice.wanted):
            sampled += 1
            if sampled > MOST_SAMPLED:
                continue
            is_many = surely_many(
                brand=brand, wanted=choice.wanted, period=choice.period, days=within, by_one_sample=True
            )
            look = None if is_many else Look(choice.period, is_whole=True)
        asked[place] = _Asked(brand, choice.wanted, look)
    return asked


def _days(wanted: Sequence[tuple[Brand, Period]]) -> Mapping[int, Mapping[date, Volume]]:
    first, last = (
        min(period.first for _brand, period in wanted),
        max(period.last for _brand, period in wanted),
    )
    return days_of_brands(
        brands={brand.pk: brand for brand, _period in wanted}.values(),
        period=replace(wanted[0][1], first=first, last=last),
    )


def _is_in(day: date, period: Period) -> bool:
    return period.first <= day <= period.last
