"""Write down money that was spent on social media, each payment once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction

from accounts.audit import Action, record, record_change
from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Assumptions, Campaign, Channel, Spend
from monitoring.conversions.selectors.return_terms import channel_of_platform
from monitoring.lib.money import check_amount

LONGEST_DAYS: Final = 366
LONGEST_NOTE: Final = 300


@dataclass(frozen=True, kw_only=True)
class Expense:
    """What somebody paid each day, from the first to the last. A single payment has one day."""

    amount_a_day: Decimal
    currency: str
    first_day: date
    last_day: date
    kind: str = Spend.Kind.ADS
    channel: str = ""  # empty: that of the post's platform, or none
    campaign: Campaign | None = None
    post: PublishedPost | None = None
    note: str = ""

    def __post_init__(self) -> None:
        Spend.Kind(self.kind)
        if self.channel:
            Channel(self.channel)
        check_amount(self.amount_a_day, self.currency)
        if not 0 <= (self.last_day - self.first_day).days < LONGEST_DAYS:
            raise ValueError("Spending goes on from one day to a later one, for a year at most.")

    def facts(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        if self.post and not self.channel:
            told["channel"] = channel_of_platform(self.post.platform)
        return told | {"note": self.note[:LONGEST_NOTE]}


@dataclass(frozen=True)
class RecordedSpend:
    spend: Spend
    is_new: bool


class SpendKeyReused(Exception):
    """The idempotency key belongs to an expense that says something else."""

    def __init__(self, spend: Spend) -> None:
        super().__init__("This idempotency key was used for another expense.")
        self.spend = spend


def boost(*, post: PublishedPost, a_day: Decimal, currency: str, first_day: date, days: int) -> Expense:
    """ "€5 a day for 7 days" for a post."""
    return Expense(
        kind=Spend.Kind.BOOST,
        amount_a_day=a_day,
        currency=currency,
        first_day=first_day,
        last_day=first_day + timedelta(days=days - 1),
        post=post,
    )


def record_spend(
    *, organization: Organization, expense: Expense, idempotency_key: str, by: User | None = None
) -> RecordedSpend:
    """The entry of this expense; a repeated one gives the first. Raises SpendKeyReused.

    Its campaign and its post must be the organization's.
    """
    _check_belongs(organization, expense)
    if not idempotency_key:
        raise ValueError("An expense without an idempotency key could count twice.")
    spend = Spend(
        organization=organization, idempotency_key=idempotency_key, created_by=by, **expense.facts()
    )
    try:
        with transaction.atomic():
            spend.save(force_insert=True)
            record(Action.CREATED, organization=organization, subject=spend, after=_said(expense))
    except IntegrityError:
        first = Spend.objects.get(organization=organization, idempotency_key=idempotency_key)
        if any(getattr(first, name) != value for name, value in expense.facts().items()):
            raise SpendKeyReused(first) from None
        return RecordedSpend(first, is_new=False)
    return RecordedSpend(spend, is_new=True)


@transaction.atomic
def change_spend(*, spend: Spend, expense: Expense) -> None:
    _check_belongs(spend.organization, expense)
    name, before = str(spend), _said(spend)
    for field, value in expense.facts().items():
        setattr(spend, field, value)
    spend.save()
    record_change(
        organization=spend.organization, subject=spend, name=name, before=before, after=_said(spend)
    )


@transaction.atomic
def delete_spend(*, spend: Spend) -> None:
    record(Action.DELETED, organization=spend.organization, subject=spend, before=_said(spend))
    spend.delete()


def _said(entry: Expense | Spend) -> dict[str, object]:
    """What the log says of it."""
    names = ("amount_a_day", "currency", "first_day", "last_day", "kind", "channel", "campaign", "note")
    return {name: getattr(entry, name) for name in names}


@transaction.atomic
def set_assumptions(
    *,
    organization: Organization,
    margin: Decimal | None,
    hourly_rate: Decimal | None,
    minutes_a_week: int | None,
    window_days: int,
    half_life_days: int,
) -> Assumptions:
    """What credits and the return are computed with. Where it changes the credits, a trigger has them computed anew."""
    wanted = {
        "margin": margin,
        "hourly_rate": hourly_rate,
        "minutes_a_week": minutes_a_week,
        "window_days": window_days,
        "half_life_days": half_life_days,
    }
    before = Assumptions.objects.filter(organization=organization).values(*wanted).first() or {}
    assumptions, _created = Assumptions.objects.update_or_create(organization=organization, defaults=wanted)
    record_change(
        organization=organization, subject=assumptions, name=organization.name, before=before, after=wanted
    )
    return assumptions


def _check_belongs(organization: Organization, expense: Expense) -> None:
    for thing in (expense.campaign, expense.post):
        if thing is not None and thing.organization_id != organization.pk:
            raise ValueError("This belongs to another organization.")
