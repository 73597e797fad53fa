# ruff: noqa: S608 - the SQL is made of our own texts, never of what somebody sent
"""Finds the entries of the ledger in which somebody has a part by a model of credit, and divides them.

The days on which there is anything come from the credits by day. The parts are made by the same texts that made those
(`crediting.dividing`), for the entries of one page at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.conversions.crediting.dividing import (
    MILLIONTHS,
    TOUCHED,
    ledger,
    part_of_amount,
    part_of_number,
)
from monitoring.conversions.models import Assumptions, Conversion, CreditModel
from monitoring.conversions.selectors.ledger import Place
from monitoring.conversions.selectors.return_terms import NO_SALES
from monitoring.conversions.selectors.returns import find_assumptions
from monitoring.lib.money import decimals_of
from monitoring.lib.periods import ONE_DAY, Period, local_day


@dataclass(frozen=True, kw_only=True)
class CreditedPart:
    """Whose part of what. What is empty or None asks for nothing; 0 and "" are what none of them is credited with."""

    period: Period
    model: CreditModel = CreditModel.LAST
    kinds: tuple[str, ...] = ()
    only_sales: bool = False  # what is neither a hope nor worth no money
    channels: tuple[str, ...] = ()
    campaign: int | None = None
    link: int | None = None
    post: int | None = None
    mention: int | None = None

    @property
    def is_of_nobody(self) -> bool:
        """Whether what nobody is credited with belongs to it."""
        named = (self.campaign, self.link, self.post, self.mention)
        return not any(named) and (not self.channels or "" in self.channels)


@dataclass(frozen=True, kw_only=True)
class Share:
    """An entry and the part of it. `theirs` of its `touches` are the part's; `number` and `amount` have its sign."""

    entry: Conversion
    part: Decimal
    theirs: int
    touches: int
    number: Decimal
    amount: Decimal


SUMS: Final = """
    select credit.currency, sum(credit.number), sum(credit.amount) from conversions_creditday credit {link}
    where credit.organization_id = %(organization)s and credit.day between %(first)s and %(last)s
        and credit.model = %(model)s and {kinds} and {named}
    group by 1
"""
_DAYS: Final = """
    select distinct credit.day from conversions_creditday credit {link}
    where credit.organization_id = %(organization)s and credit.day between %(first)s and %(last)s
        and credit.model = %(model)s and {kinds} and {named}
    order by 1 {direction} limit %(days)s
"""
# Each span of days by itself along the index, and no further than the page needs.
_ENTRIES: Final = """
    select entry.id, entry.occurred_at from unnest(%(firsts)s::date[], %(lasts)s::date[]) as span (first_day, last_day)
    cross join lateral (
        select entry.id, entry.occurred_at from conversions_conversion entry
        left join lateral (
            select id, occurred_at, heard_of_us_from from conversions_conversion where id = entry.reverses_id
        ) original on true
        cross join lateral (
            select coalesce(original.id, entry.id) as id,
                coalesce(original.occurred_at, entry.occurred_at) as converted_at,
                coalesce(original.heard_of_us_from, entry.heard_of_us_from) as said
        ) converted
        where entry.organization_id = %(organization)s
            and entry.occurred_at >= first_day::timestamp at time zone %(zone)s - interval '3 hours'
            and entry.occurred_at < (last_day + 1)::timestamp at time zone %(zone)s + interval '3 hours'
            and (entry.occurred_at at time zone %(zone)s)::date between first_day and last_day
            and entry.voided_at is null and {kinds} and {beyond} and {has_part}
        order by entry.occurred_at {direction}, entry.id {direction} limit %(rows)s
    ) entry
    order by entry.occurred_at {direction}, entry.id {direction} limit %(rows)s
"""
_COUNTED: Final = """
    select channel, coalesce(campaign_id, 0) as campaign_id, coalesce(link_id, 0) as link_id
    from conversions_touch where conversion_id = converted.id
        and occurred_at between converted.converted_at - %(window)s::interval and converted.converted_at
"""
_OF_LINKS: Final = """
    left join conversions_trackedlink link on link.id = {row}.link_id and link.organization_id = %(organization)s
"""
_ALL: Final = """
    (select * from conversions_conversion where organization_id = %(organization)s and id = any(%(ids)s)) entry
"""
_PARTS: Final = f"""
    with ledger as ({ledger(entries=_ALL, day="null::date")}),
    entries as (select ledger.*, id as sum_number, whole::float8 as inexact_whole from ledger),
    touched as ({TOUCHED})
    select sum_number, count(*), count(*) filter (where is_theirs), sum({{part}}) filter (where is_theirs),
        sum(number * {{part}}) filter (where is_theirs), sum(unit * {{money}}) filter (where is_theirs)
    from (select touched.*, {{named}} and {{counts}} as is_theirs from touched {{link}}) touched group by 1
"""
# Which touch counts under a model, the order in which one is the first, and the parts of a number and of an amount.
_OF_MODELS: Final = {
    CreditModel.FIRST: ("is_first", "order by occurred_at, id limit 1", MILLIONTHS, "whole"),
    CreditModel.LAST: ("is_last", "order by occurred_at desc, id desc limit 1", MILLIONTHS, "whole"),
    CreditModel.LINEAR: ("true", "", part_of_number("linear"), part_of_amount("linear")),
    CreditModel.DECAY: ("true", "", part_of_number("decay"), part_of_amount("decay")),
}


@dataclass(frozen=True)
class PartReader:
    """Whoever has read the assumptions already hands them over."""

    organization: Organization
    part: CreditedPart
    assumptions: Assumptions | None = None

    def walk(self, place: Place | None, rows: int, *, forwards: bool = False) -> list[Place]:
        """Where the next so many entries lie that have such a part, from a place on."""
        first, last = self.part.period.first, self.part.period.last
        if place:
            day = local_day(place[0], self.part.period.zone)
            first, last = (max(first, day), last) if forwards else (first, min(last, day))
        found: list[Place] = []
        while len(found) < rows:
            # Each of them has an entry, but perhaps that of the place.
            wanted = rows - len(found) + 1
            days = self._days(first, last, wanted, forwards)
            if days:
                found += self._entries(days, place, rows - len(found), forwards)
            if len(days) < wanted:
                break
            first, last = (days[-1] + ONE_DAY, last) if forwards else (first, days[-1] - ONE_DAY)
        return found

    def divide(self, found: Sequence[Place]) -> list[Share]:
        """The entries at these places with their parts, in the same order."""
        if not found:
            return []
        ids = [pk for _moment, pk in found]
        entries = Conversion.objects.select_related("reverses").filter(organization=self.organization)
        by_id = entries.in_bulk(ids)
        parts = self._parts(list(by_id.values()))
        return [Share(entry=by_id[pk], **parts[pk]) for pk in ids if pk in parts]

    def ask(self, query: str, **more: object) -> list[tuple[Any, ...]]:
        """A query of credits by day."""
        named = {
            "kinds": self._kinds("credit"),
            "named": self._named("credit"),
            "link": self._links("credit"),
        }
        direction = more.pop("direction", "")
        return self._rows(query.format(**named, direction=direction), more)

    def _days(self, first: date, last: date, days: int, forwards: bool) -> list[date]:
        found = self.ask(_DAYS, first=first, last=last, days=days, direction="asc" if forwards else "desc")
        return [day for (day,) in found]

    def _entries(self, days: list[date], place: Place | None, rows: int, forwards: bool) -> list[Place]:
        spans = _spans(sorted(days))
        side = (
            "true"
            if place is None
            else f"(entry.occurred_at, entry.id) {'>' if forwards else '<'} (%(moment)s, %(pk)s)"
        )
        moment, pk = place or (None, None)
        query = _ENTRIES.format(
            kinds=self._kinds("entry"),
            beyond=side,
            has_part=self._has_part,
            direction="asc" if forwards else "desc",
        )
        facts = {"firsts": [first for first, _last in spans], "lasts": [last for _first, last in spans]}
        found = self._rows(query, self._divided | facts | {"moment": moment, "pk": pk, "rows": rows})
        return [(moment, pk) for pk, moment in found]

    @property
    def _has_part(self) -> str:
        """The condition that an entry and what it was converted from have such a part."""
        if self.part.model == CreditModel.SAID:
            return "converted.said = any(%(channels)s)" if self.part.channels else "true"
        _counts, order, _number, _amount = _OF_MODELS[self.part.model]
        among = f"from ({_COUNTED} {order}) touch {self._links('touch')} where {self._named('touch')}"
        alone = f" or not exists ({_COUNTED})" if self.part.is_of_nobody else ""
        return f"(exists (select 1 {among}){alone})"

    def _parts(self, entries: list[Conversion]) -> dict[int, dict[str, Any]]:
        if self.part.model == CreditModel.SAID:
            return {each.pk: _whole(each) for each in entries}
        counts, _order, number, amount = _OF_MODELS[self.part.model]
        query = _PARTS.format(
            part=number,
            money=amount,
            named=self._named("touched"),
            counts=counts,
            link=self._links("touched"),
        )
        currencies = sorted({each.currency for each in entries} - {""})
        facts = {
            "ids": [each.pk for each in entries],
            "currencies": currencies,
            "steps": [10 ** (4 - decimals_of(currency)) for currency in currencies],
        }
        rows = self._rows(query, self._divided | facts)
        return {row[0]: _read_part(*row[1:]) for row in rows if row[2]}

    def _kinds(self, row: str) -> str:
        chosen = f"{row}.kind = any(%(kinds)s)" if self.part.kinds else "true"
        return f"{chosen} and {row}.kind <> all(%(no_sales)s)" if self.part.only_sales else chosen

    def _named(self, row: str) -> str:
        """The condition that something with a channel, campaign and link is the part's."""
        part = self.part
        asked = {
            f"{row}.channel = any(%(channels)s)": bool(part.channels),
            f"{row}.campaign_id = %(campaign)s": part.campaign is not None,
            f"{row}.link_id = %(link)s": part.link is not None,
            "coalesce(link.post_id, 0) = %(post)s": part.post is not None,
            "coalesce(link.mention_id, 0) = %(mention)s": part.mention is not None,
        }
        return " and ".join(condition for condition, is_asked in asked.items() if is_asked) or "true"

    def _links(self, row: str) -> str:
        is_asked = self.part.post is not None or self.part.mention is not None
        return _OF_LINKS.format(row=row) if is_asked else ""

    def _rows(self, query: str, more: dict[str, Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query, self._facts | more)
            return list(cursor.fetchall())

    @cached_property
    def _facts(self) -> dict[str, Any]:
        part = self.part
        return {
            "organization": self.organization.pk,
            "zone": part.period.zone.key,
            "first": part.period.first,
            "last": part.period.last,
            "model": part.model.value,
            "kinds": list(part.kinds),
            "no_sales": [str(kind) for kind in NO_SALES],
            "channels": list(part.channels),
            "campaign": part.campaign,
            "link": part.link,
            "post": part.post,
            "mention": part.mention,
        }

    @cached_property
    def _divided(self) -> dict[str, Any]:
        """What the parts depend on."""
        assumed = self.assumptions or find_assumptions(organization=self.organization)
        half_life = float(assumed.half_life_days * 24 * 60 * 60)
        return {"window": f"{assumed.window_days} days", "half_life": half_life}


def _spans(days: list[date]) -> list[tuple[date, date]]:
    """Days in their order, those that follow each other put together."""
    spans: list[tuple[date, date]] = []
    for day in days:
        follows = spans and spans[-1][1] + ONE_DAY == day
        spans[-1:] = [(spans[-1][0], day)] if follows else [*spans[-1:], (day, day)]
    return spans


def _whole(entry: Conversion) -> dict[str, Any]:
    """What somebody said is about all of it."""
    number, amount = Decimal(entry.number), entry.amount or Decimal(0)
    return {"part": Decimal(1), "theirs": 1, "touches": 1, "number": number, "amount": amount}


def _read_part(touches: int, theirs: int, part: int, number: int, amount: Decimal) -> dict[str, Any]:
    return {
        "part": Decimal(part).scaleb(-6),
        "theirs": theirs,
        "touches": touches,
        "number": Decimal(number).scaleb(-6),
        "amount": Decimal(amount).scaleb(-4),
    }
