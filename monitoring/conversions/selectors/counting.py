"""Sums over the counts by day. Everything here reads rollups, never the rows behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet, Sum

from accounts.models import Organization
from monitoring.conversions.models import ClickDay, ConversionDay, Goal, Kind, Measure, TrackedLink, VisitDay
from monitoring.conversions.models.channels import SOCIAL
from monitoring.lib.periods import Period


@dataclass(frozen=True)
class Counted:
    """What a series counts. Visits are clicks on tracked links, tagged visits to the site, and those reported."""

    kind: str = Kind.ORDER
    currency: str = ""  # empty: how many; otherwise how much, in this currency alone
    channels: tuple[str, ...] = ()  # empty: all


def what_counts(goal: Goal | None) -> Counted:
    """What the goal counts; orders as long as there is none."""
    if goal is None:
        return Counted()
    return Counted(goal.counts, goal.currency if goal.measure == Measure.AMOUNT else "", tuple(goal.channels))


def conversions_per_day(
    *, organization: Organization, period: Period, counted: Counted | None = None
) -> dict[date, Decimal]:
    """Every day of the period with what it brought; 0 where nothing was reported."""
    counted = counted or Counted()
    days = dict.fromkeys(period.each_day(), Decimal(0))
    for day, brought in (
        _conversions(organization, period, counted).values_list("day").annotate(_brought(counted))
    ):
        days[day] += brought
    if counted.kind == Kind.VISIT:
        for rows in (_clicks(organization, period, counted), _visits(organization, period, counted)):
            for day, visits in rows.values_list("day").annotate(Sum("visits")):
                days[day] += visits
    return days


@dataclass(frozen=True)
class Brought:
    """What a period brought: all of it, and from social media."""

    number: int
    amount: Decimal
    social_number: int
    social_amount: Decimal
    by_channel: Mapping[str, int] = field(default_factory=dict)  # how many


@dataclass(frozen=True)
class Answer:
    """The figures of the overview's sentence. Amounts are those in the organization's currency."""

    kind: str
    currency: str
    now: Brought
    before: Brought
    other_currencies: int  # conversions of the period whose amount is in another currency: counted, not added


# Written by hand: every overview asks it, and building it anew takes longer than answering it.
_ANSWER = """
    select span.number, channel, currency, sum(counted.number)::bigint, sum(amount)
    from unnest(%s::date[], %s::date[]) with ordinality span (first_day, last_day, number)
    join conversions_conversionday counted on counted.day between span.first_day and span.last_day
    where organization_id = %s and kind = %s
    group by span.number, channel, currency
"""
Sums = tuple[str, str, int, Decimal]  # channel, currency, number, amount


def answer_numbers(
    *, organization: Organization, period: Period, kind: str = Kind.ORDER, before: Period | None = None
) -> Answer:
    """How many and how much, in the period and in another to compare with: the one right before, or `before`."""
    spans = (period, before or period.previous())
    sums: tuple[list[Sums], list[Sums]] = ([], [])
    with connection.cursor() as cursor:
        days = [[span.first for span in spans], [span.last for span in spans]]
        cursor.execute(_ANSWER, [*days, organization.pk, kind])
        for place, *row in cursor.fetchall():
            sums[place - 1].append(tuple(row))
    if kind == Kind.VISIT:
        for span, rows in zip(spans, sums, strict=True):
            visits = _visits_by_channel(organization, span, Counted(kind))
            rows += [(channel, "", number, Decimal(0)) for channel, number in visits.items()]
    return answer_of(organization, kind, *sums)


def answer_of(organization: Organization, kind: str, now: list[Sums], before: list[Sums]) -> Answer:
    currency = organization.currency
    others = sum(number for _channel, paid_in, number, _amount in now if paid_in not in ("", currency))
    return Answer(kind, currency, _brought_of(now, currency), _brought_of(before, currency), others)


def _brought_of(rows: list[Sums], ours: str) -> Brought:
    by_channel: Counter[str] = Counter()
    for channel, _currency, number, _amount in rows:
        by_channel[channel] += number
    money = [(channel, amount) for channel, currency, _number, amount in rows if currency == ours]
    return Brought(
        number=by_channel.total(),
        amount=sum((amount for _channel, amount in money), Decimal(0)),
        social_number=sum(number for channel, number in by_channel.items() if channel in SOCIAL),
        social_amount=sum((amount for channel, amount in money if channel in SOCIAL), Decimal(0)),
        by_channel=by_channel,
    )


def _conversions(organization: Organization, period: Period, counted: Counted) -> QuerySet[ConversionDay]:
    rows = ConversionDay.objects.filter(
        organization_id=organization.pk, day__range=(period.first, period.last), kind=counted.kind
    )
    if counted.currency:
        rows = rows.filter(currency=counted.currency)
    return rows.filter(channel__in=counted.channels) if counted.channels else rows


def _brought(counted: Counted) -> Sum:
    return Sum("amount" if counted.currency else "number")


def _clicks(organization: Organization, period: Period, counted: Counted) -> QuerySet[ClickDay]:
    rows = ClickDay.objects.filter(organization_id=organization.pk, day__range=(period.first, period.last))
    if not counted.channels:
        return rows
    links = TrackedLink.objects.filter(organization=organization, channel__in=counted.channels)
    return rows.filter(link_id__in=links.values("pk"))


def _visits(organization: Organization, period: Period, counted: Counted) -> QuerySet[VisitDay]:
    rows = VisitDay.objects.filter(organization_id=organization.pk, day__range=(period.first, period.last))
    return rows.filter(channel__in=counted.channels) if counted.channels else rows


_VISITS_BY_CHANNEL = """
    select channel, sum(visits) from (
        select link.channel, counted.visits
        from conversions_clickday counted join conversions_trackedlink link on link.id = counted.link_id
        where counted.organization_id = %(organization)s and day between %(first)s and %(last)s
        union all
        select channel, visits from conversions_visitday
        where organization_id = %(organization)s and day between %(first)s and %(last)s
    ) counted
    where %(channels)s::text[] = '{}' or channel = any(%(channels)s::text[]) group by 1
"""


def _visits_by_channel(organization: Organization, period: Period, counted: Counted) -> dict[str, int]:
    """Clicks on our links, and tagged visits that came without one."""
    with connection.cursor() as cursor:
        cursor.execute(
            _VISITS_BY_CHANNEL,
            {
                "organization": organization.pk,
                "first": period.first,
                "last": period.last,
                "channels": list(counted.channels),
            },
        )
        return {channel: int(visits) for channel, visits in cursor.fetchall()}
