"""A page of mentions as somebody filters them, how many there are, and what they are made of.

However many there are, few are looked at. What the counts by day know is taken from there. What an index finds is read
until there are more than COUNTED_EXACTLY. Of all else the newest days are looked at, and the page says how far back,
with a way further. docs/finding.md tells why, docs/benchmarks.md how long it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.db.models import QuerySet

from monitoring.lib.periods import ONE_DAY, Period
from monitoring.listening.models import Brand, Mention, MentionStatus
from monitoring.listening.selectors.counts import Volume
from monitoring.listening.selectors.facet_parts import counted_apart
from monitoring.listening.selectors.facets import (
    Facets,
    Written,
    facets_of,
    goes_on,
    read_facets,
    read_hits,
    written,
)
from monitoring.listening.selectors.filtering import (
    Condition,
    MentionFilter,
    filter_mentions,
    is_in_the_list,
    is_looked_up,
    reads_texts,
    written_condition,
)
from monitoring.listening.selectors.mentions import (
    COUNTED_EXACTLY,
    BoundedCount,
    MentionPage,
    counted_already,
)
from monitoring.listening.selectors.paging import Places, find_places, first_places, places_among
from monitoring.listening.selectors.sampling import (
    SAMPLED,
    SAMPLED_AT_ONCE,
    among_newest,
    estimate_hits,
)
from monitoring.listening.selectors.shown import first_page, newest_mentions, page_at

# Mentions whose columns are looked at: these stand in the index that gives them in order. Each kind that is chosen
# from is counted once more without that choice: where there are several, fewer are looked at, so that a page never
# looks at more than three times as many.
IN_THE_INDEX = 60_000
SORTED_AT_ONCE = 40_000
IN_THE_TABLE = 5_000  # mentions whose texts are looked at: each must be fetched from the table
SURELY_MORE = 1.5  # times COUNTED_EXACTLY, as a sample has it: then nobody counts
# How many times it usually errs a sample must be away from COUNTED_EXACTLY: a smaller one first, then a larger.
SURE_AT_ONCE, SURE = 4, 3
READ_AT_MOST = 1.5  # times COUNTED_EXACTLY: of what is found in no order, so many are read to know the newest


@dataclass(frozen=True)
class Place:
    """Where in a list somebody is, and in which order. `back`: earlier than this day, after looking in vain."""

    sort: str = "time"
    before: str = ""
    after: str = ""
    back: date | None = None

    @property
    def is_beginning(self) -> bool:
        return self.sort == "time" and not self.before and not self.after


@dataclass(frozen=True)
class Look:
    """The days that were looked at. `is_whole`: nothing older is left in the period."""

    days: Period
    is_whole: bool


@dataclass(frozen=True)
class Finding:
    page: MentionPage
    count: BoundedCount
    facets: Facets  # of the newest that were counted
    look: Look
    is_all: bool = False  # the facets are of all there are, though these are more than are counted exactly


def find_mentions(
    *, brand: Brand, wanted: MentionFilter, period: Period, place: Place, days: Mapping[date, Volume]
) -> Finding:
    """`days` are the brand's counts of the period, by day, without any filter."""
    if is_looked_up(wanted):
        return _look_up(brand, wanted, period, place, days)
    known = None if place.back else _known(brand, wanted, days)
    look = _newest(period, place, days, most=_most(wanted, place, known))
    return _read(brand, wanted, place, look, known)


def look_at_most(*, wanted: MentionFilter, period: Period, days: Mapping[date, Volume]) -> Look:
    """The newest days, as far as somebody who only wants to know how many there are may look."""
    return _newest(period, Place(), days, most=_most(wanted, Place(), None))


def surely_many(
    *,
    brand: Brand,
    wanted: MentionFilter,
    period: Period,
    days: Mapping[date, Volume],
    by_one_sample: bool = False,
) -> bool:
    """Of what an index of words finds: whether a sample lets expect more than anybody counts.

    A small sample answers for what is rare, and for what is in every other text. Only between these a larger one is
    asked: that one alone where statements are to be saved. Where these say "few" and err, the page takes longer, and
    is as right.
    """
    surely = SURELY_MORE * COUNTED_EXACTLY
    if sum(volume.mentions for volume in days.values()) < surely:
        return False
    estimate = partial(estimate_hits, brand=brand, wanted=wanted, zone=period.zone, days=days)
    if not by_one_sample:
        first = estimate(sampled=SAMPLED_AT_ONCE)
        if first.number - SURE_AT_ONCE * first.deviation >= surely:
            return True
        if first.number + first.deviation < surely:
            return False
    second = estimate(sampled=SAMPLED)
    return second.number >= surely and second.number - SURE * second.deviation >= surely / 1.5


def _known(brand: Brand, wanted: MentionFilter, days: Mapping[date, Volume]) -> int | None:
    if wanted.chosen == {"period"}:
        return sum(volume.mentions for volume in days.values())
    return counted_already(brand, wanted)


def _most(wanted: MentionFilter, place: Place, known: int | None) -> int | None:
    """How many mentions may be looked at, None for all: where an index leads to them, or nearly all are shown."""
    if wanted.author_key or (wanted.statuses and MentionStatus.OPEN not in wanted.statuses):
        return None
    if reads_texts(wanted):
        return IN_THE_TABLE
    if known is not None and wanted.chosen == {"period"} and place.sort == "time":
        return None
    most = min(IN_THE_INDEX, 3 * IN_THE_INDEX // (1 + counted_apart(wanted)))
    return most if place.sort == "time" else min(most, SORTED_AT_ONCE)


def _look_up(
    brand: Brand, wanted: MentionFilter, period: Period, place: Place, days: Mapping[date, Volume]
) -> Finding:
    """By an index of words or links. It gives all hits in no order, so of a common word the newest days are read."""
    newest = _newest(period, place, days, most=IN_THE_TABLE)
    if newest.is_whole:
        return _read(brand, wanted, place, newest, None)
    left = {day: volume for day, volume in days.items() if day <= newest.days.last}
    if not surely_many(brand=brand, wanted=wanted, period=period, days=left):
        whole = _newest(period, place, days, most=None)
        if finding := _read_if_few(brand, wanted, place, whole):
            return finding
    finding = _read(brand, wanted, place, newest, None)
    return replace(finding, count=BoundedCount(COUNTED_EXACTLY, more=True))


def _read(brand: Brand, wanted: MentionFilter, place: Place, look: Look, known: int | None) -> Finding:
    """The newest first, which reads all that are newer."""
    if is_in_the_list(wanted):
        in_one_pass = _first_page if place.is_beginning else _other_page
        return in_one_pass(brand, wanted, place, look, known)
    within = filter_mentions(brand=brand, wanted=replace(wanted, period=look.days))
    hits = read_hits(_newest_hits(brand, wanted, look, within), most=COUNTED_EXACTLY)
    places = first_places(hits.newest) if place.is_beginning else _places(within, place)
    count = _bounded(hits.number) if known is None else BoundedCount(known, more=False)
    return Finding(page_at(brand=brand, places=places), count, hits.facets, look)


def _places(mentions: QuerySet[Mention], place: Place) -> Places:
    return find_places(mentions=mentions, sort=place.sort, before=place.before, after=place.after)


def _newest_hits(
    brand: Brand, wanted: MentionFilter, look: Look, within: QuerySet[Mention]
) -> Written | None:
    """Where texts must be read, those of these days are read in order. An index would first fetch all its hits."""
    newest = written(within.order_by("-published_at", "-id")[: COUNTED_EXACTLY + 1])
    reads = is_looked_up(wanted) or reads_texts(wanted)
    return among_newest(newest, brand=brand, days=look.days) if newest and reads else newest


def _first_page(brand: Brand, wanted: MentionFilter, _place: Place, look: Look, known: int | None) -> Finding:
    """First those of the page; if there are more, the others from there on, of which none is kept."""
    within = written_condition(filter_mentions(brand=brand, wanted=replace(wanted, period=look.days)))
    first = newest_mentions(brand=brand, condition=within) if within else []
    page = first_page(first)
    if within is None or page.older is None:
        return Finding(page, _count(len(first), known, more=False), facets_of(first), look)
    instant, last = first[-1].published_at, first[-1].pk
    older = within.also("published_at <= %s and (published_at < %s or id < %s)", instant, instant, last)
    facets, more = _count_newest(older, facets_of(first), known)
    return Finding(page, _count(facets.number, known, more=more), facets, look)


def _other_page(brand: Brand, wanted: MentionFilter, place: Place, look: Look, known: int | None) -> Finding:
    """In another order, or further on: what is counted are the newest all the same."""
    mentions = filter_mentions(brand=brand, wanted=replace(wanted, period=look.days))
    within = written_condition(mentions)
    facets, more = _count_newest(within, Facets(), known) if within else (Facets(), False)
    page = page_at(brand=brand, places=_places(mentions, place))
    return Finding(page, _count(facets.number, known, more=more), facets, look)


def _count(number: int, known: int | None, *, more: bool) -> BoundedCount:
    return BoundedCount(number, more=more) if known is None else BoundedCount(known, more=False)


def _count_newest(condition: Condition, newer: Facets, known: int | None) -> tuple[Facets, bool]:
    """What the newest COUNTED_EXACTLY are made of, `newer` among them, and whether there are more."""
    left = COUNTED_EXACTLY - newer.number
    newest, oldest = read_facets(condition, most=left)
    return newer + newest, known is None and newest.number >= left and goes_on(condition, oldest, left)


def _read_if_few(brand: Brand, wanted: MentionFilter, place: Place, look: Look) -> Finding | None:
    """In no order, by whatever index finds them; None where there are many more than can be counted."""
    within = filter_mentions(brand=brand, wanted=replace(wanted, period=look.days))
    most = int(READ_AT_MOST * COUNTED_EXACTLY)
    hits = read_hits(written(within[: most + 1]), most=most)
    if hits.number > most:
        return None
    if place.is_beginning:
        places = first_places(hits.newest)
    else:
        places = places_among(
            mentions=within, most=most, sort=place.sort, before=place.before, after=place.after
        )
    return Finding(page_at(brand=brand, places=places), _bounded(hits.number), hits.facets, look, is_all=True)


def _bounded(number: int) -> BoundedCount:
    return BoundedCount(min(number, COUNTED_EXACTLY), more=number > COUNTED_EXACTLY)


def _newest(period: Period, place: Place, days: Mapping[date, Volume], *, most: int | None) -> Look:
    """The newest days with at most so many mentions together, one day at least."""
    last = max(min(period.last, place.back - ONE_DAY), period.first) if place.back else period.last
    looked, first = 0, None
    for day in sorted((day for day in days if day <= last), reverse=True):
        looked += days[day].mentions
        if first is not None and most is not None and looked > most:
            return Look(replace(period, first=first, last=last), is_whole=False)
        first = day
    return Look(replace(period, last=last), is_whole=True)
