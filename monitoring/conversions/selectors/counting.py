"""Sums over the counts by day. Everything here reads rollups, never the rows behind them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

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
class ChannelShare:
    """What one channel brought. `share` is None where there are too few to compare."""

    channel: str
    number: int
    share: Decimal | None


_ENOUGH_FOR_SHARES = 30


def conversions_by_channel(*, organization: Organization, period: Period, kind: str) -> list[ChannelShare]:
    """Where customers came from, by what they said or by the link they followed; most first, not asked last."""
    counted = Counted(kind)
    numbers = dict(_conversions(organization, period, counted).values_list("channel").annotate(Sum("number")))
    if kind == Kind.VISIT:
        for channel, visits in _visits_by_channel(organization, period, counted).items():
            numbers[channel] = numbers.get(channel, 0) + visits
    total = sum(numbers.values())
    enough = total >= _ENOUGH_FOR_SHARES
    shares = [
        ChannelShare(channel, number, Decimal(number) / total if enough else None)
        for channel, number in numbers.items()
        if number
    ]
    return sorted(shares, key=lambda share: (share.channel == "", -share.number, share.channel))


@dataclass(frozen=True)
class Brought:
    """What a period brought: all of it, and from social media."""

    number: int
    amount: Decimal
    social_number: int
    social_amount: Decimal


@dataclass(frozen=True)
class Answer:
    """The figures of the overview's sentence. Amounts are those in the organization's currency."""

    kind: str
    currency: str
    now: Brought
    before: Brought
    other_currencies: int  # conversions of the period whose amount is in another currency: counted, not added


def answer_numbers(*, organization: Organization, period: Period, kind: str = Kind.ORDER) -> Answer:
    """How many and how much, in the period and in the one before it."""
    both = Period(period.previous().first, period.last, period.zone, period.week_start)
    rows = _conversions(organization, both, Counted(kind))
    sums = rows.aggregate(
        **_sums("now", Q(day__gte=period.first), organization.currency),
        **_sums("before", Q(day__lt=period.first), organization.currency),
        other=Sum(
            "number",
            filter=Q(day__gte=period.first) & ~Q(currency__in=("", organization.currency)),
            default=0,
        ),
    )
    now, before = (_brought_of(sums, name) for name in ("now", "before"))
    if kind == Kind.VISIT:
        now = _with_visits(now, _visits_by_channel(organization, period, Counted(kind)))
        before = _with_visits(before, _visits_by_channel(organization, period.previous(), Counted(kind)))
    return Answer(kind, organization.currency, now, before, sums["other"])


def _sums(name: str, when: Q, currency: str) -> dict[str, Sum]:
    social, ours = Q(channel__in=SOCIAL), Q(currency=currency)
    return {
        f"{name}_number": Sum("number", filter=when, default=0),
        f"{name}_amount": Sum("amount", filter=when & ours, default=Decimal(0)),
        f"{name}_social_number": Sum("number", filter=when & social, default=0),
        f"{name}_social_amount": Sum("amount", filter=when & social & ours, default=Decimal(0)),
    }


def _brought_of(sums: dict[str, int | Decimal], name: str) -> Brought:
    return Brought(
        number=int(sums[f"{name}_number"]),
        amount=Decimal(sums[f"{name}_amount"]),
        social_number=int(sums[f"{name}_social_number"]),
        social_amount=Decimal(sums[f"{name}_social_amount"]),
    )


def _with_visits(brought: Brought, by_channel: dict[str, int]) -> Brought:
    social = sum(visits for channel, visits in by_channel.items() if channel in SOCIAL)
    return Brought(
        number=brought.number + sum(by_channel.values()),
        amount=brought.amount,
        social_number=brought.social_number + social,
        social_amount=brought.social_amount,
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


def _visits_by_channel(organization: Organization, period: Period, counted: Counted) -> dict[str, int]:
    """Clicks on our links, and tagged visits that came without one."""
    channel = TrackedLink.objects.filter(pk=OuterRef("link_id")).values("channel")
    clicks = _clicks(organization, period, counted).annotate(channel=Subquery(channel))
    visits: Counter[str] = Counter()
    for rows in (clicks, _visits(organization, period, counted)):
        visits.update(dict(rows.values_list("channel").annotate(Sum("visits"))))
    return visits
