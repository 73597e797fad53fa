"""Which currencies an organization has to do with, and what they are worth today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from accounts.models import Organization
from monitoring.conversions.models import OwnRate
from monitoring.conversions.money.exchange import Rate, find_rates

PAGE_SIZE: Final = 30
# The rows of an organization are few: one a day, kind, channel and currency.
_SEEN: Final = """
select distinct currency from conversions_conversionday where organization_id = %(organization)s and currency <> ''
union select distinct currency from conversions_spend where organization_id = %(organization)s
union select distinct currency from conversions_ownrate where organization_id = %(organization)s
union select 'USD' where exists (
    select from platforms_spending where organization_id = %(organization)s and amount > 0)"""


@dataclass(frozen=True)
class CurrencyInUse:
    """`rate` is that of today into the organization's currency, None where none is known."""

    currency: str
    rate: Rate | None


@dataclass(frozen=True)
class OwnRatePage:
    rates: Sequence[OwnRate]
    older: str  # the cursor of the next page, or empty


def currencies_in_use(*, organization: Organization, today: date) -> list[CurrencyInUse]:
    """Of sales, costs and rates; without the organization's own."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"organization": organization.pk})
        seen = sorted({currency for (currency,) in cursor.fetchall()} - {organization.currency})
    rates = find_rates(
        organization=organization,
        to=organization.currency,
        wanted=[(currency, today) for currency in seen],
    )
    return [CurrencyInUse(currency, rates.get((currency, today))) for currency in seen]


def page_of_own_rates(*, organization: Organization, before: str = "") -> OwnRatePage:
    """By currency, the latest first. What is no cursor counts as none."""
    rates = OwnRate.objects.filter(organization=organization)
    position = _read_cursor(before)
    if position:
        currency, day = position
        rates = rates.filter(currency__gte=currency).exclude(currency=currency, day__gte=day)
    found = list(rates.order_by("currency", "-day")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return OwnRatePage(
        shown, f"{shown[-1].currency}.{shown[-1].day:%Y%m%d}" if len(found) > PAGE_SIZE else ""
    )


def _read_cursor(text: str) -> tuple[str, date] | None:
    currency, _dot, day = text.partition(".")
    try:
        return (currency, date.fromisoformat(day)) if len(currency) == 3 and currency.isascii() else None
    except ValueError:
        return None
