"""What brought it, by five models side by side. Reads the credits by day, never the rows behind them.

The models answer the same question differently, so nothing here adds two of them together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.db import connection
from django.db.models import QuerySet, Sum

from accounts.models import Organization
from monitoring.conversions.models import CreditDay, CreditModel, Kind
from monitoring.lib.periods import Period

Key = str | int


class CreditedTo(StrEnum):
    """What credits are put together by. A post or mention is credited with the links that were put there."""

    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    LINK = "link"
    POST = "post"
    MENTION = "mention"


# What a customer says names a channel, never a link.
_OF_TOUCHES = (CreditModel.FIRST, CreditModel.LAST, CreditModel.LINEAR, CreditModel.DECAY)
# By what credits, people's clicks, and tagged visits that came without a link are put together.
_KEYS: Final[dict[CreditedTo, tuple[str, str, str]]] = {
    CreditedTo.CHANNEL: ("credit.channel", "link.channel", "channel"),
    CreditedTo.CAMPAIGN: ("credit.campaign_id", "link.campaign_id", "campaign_id"),
    CreditedTo.LINK: ("credit.link_id", "link.id", ""),
    CreditedTo.POST: ("link.post_id", "link.post_id", ""),
    CreditedTo.MENTION: ("link.mention_id", "link.mention_id", ""),
}
# Rows of credits have no visits, and rows of visits nothing else. Written by hand: building it took longer than asking.
_CREDITS_BY: Final = """
    select {credited}, credit.currency, sum(credit.number), sum(credit.amount), null::bigint
    from conversions_creditday credit left join conversions_trackedlink link on link.id = credit.link_id
    where credit.organization_id = %(organization)s and credit.day between %(first)s and %(last)s
        and credit.model = %(model)s and (%(kind)s::text is null or credit.kind = %(kind)s)
    group by 1, 2
    union all
    select {clicked}, '', 0, 0, sum(counted.visits)
    from conversions_clickday counted join conversions_trackedlink link on link.id = counted.link_id
    where counted.organization_id = %(organization)s and counted.day between %(first)s and %(last)s
    group by 1
"""
_TAGGED: Final = """
    union all
    select {tagged}, '', 0, 0, sum(visits) from conversions_visitday
    where organization_id = %(organization)s and day between %(first)s and %(last)s
    group by 1
"""


@dataclass(frozen=True, kw_only=True)
class CreditRow:
    """`key` is a channel's slug or an id; "" or 0 is what none of them is credited with. Amounts are by currency.

    The number is exact to six decimals: models that share a conversion give each touch a part of it.
    """

    key: Key
    number: Decimal = Decimal(0)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    visits: int | None = None  # clicks of people on its links, and tagged visits without one; None: not known

    @property
    def is_unattributed(self) -> bool:
        return not self.key

    def amount_in(self, currency: str) -> Decimal:
        return self.amounts.get(currency, Decimal(0))


def credits_by(
    *, organization: Organization, period: Period, model: str, by: str, kind: str | None = Kind.ORDER
) -> list[CreditRow]:
    """Most first, what none of them is credited with last; without a kind, everything that was reported.

    What had visits and no credit has a row too. The rows add up to the conversions of the period.
    """
    credited, clicked, tagged = _KEYS[CreditedTo(by)]
    query = _CREDITS_BY.format(credited=credited, clicked=clicked) + (
        _TAGGED.format(tagged=tagged) if tagged else ""
    )
    parameters: dict[str, int | str | date | None] = {
        "organization": organization.pk,
        "first": period.first,
        "last": period.last,
        "model": CreditModel(model).value,
        "kind": kind,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found = cursor.fetchall()
    visits: Counter[Key] = Counter()
    for key, _currency, _number, _amount, people in found:
        if key and people:
            visits[key] += int(people)
    rows = _put_together(((key, *sums) for key, *sums, people in found if people is None), visits)
    return sorted(rows, key=lambda row: (row.is_unattributed, -row.number, -(row.visits or 0), str(row.key)))


def credits_of_models(
    *, organization: Organization, period: Period, kind: str | None = Kind.ORDER
) -> dict[CreditModel, dict[str, CreditRow]]:
    """For each of the five models what each channel is credited with; "" is nobody. One query."""
    sums = _credits(organization, period, kind)
    by_model: dict[str, list[tuple[Key, str, Decimal, Decimal]]] = defaultdict(list)
    for model, *row in sums.values_list("model", "channel", "currency").annotate(
        Sum("number"), Sum("amount")
    ):
        by_model[model].append((row[0], row[1], row[2], row[3]))
    return {model: {str(row.key): row for row in _put_together(by_model[model], {})} for model in CreditModel}


def _credits(organization: Organization, period: Period, kind: str | None) -> QuerySet[CreditDay]:
    rows = CreditDay.objects.filter(
        organization_id=organization.pk, day__range=(period.first, period.last), model__in=CreditModel.values
    )
    return rows if kind is None else rows.filter(kind=kind)


def _put_together(
    sums: Iterable[tuple[Key | None, str, Decimal, Decimal]], visits: Mapping[Key, int]
) -> list[CreditRow]:
    """One row for each key: its currencies beside each other, its visits alongside."""
    numbers: dict[Key, Decimal] = defaultdict(Decimal)
    amounts: dict[Key, dict[str, Decimal]] = defaultdict(dict)
    for named, currency, number, amount in sums:
        key = 0 if named is None else named
        numbers[key] += number
        if currency and amount:
            amounts[key][currency] = amounts[key].get(currency, Decimal(0)) + amount
    return [
        CreditRow(key=key, number=numbers[key], amounts=amounts[key], visits=visits.get(key))
        for key in list(dict.fromkeys([*numbers, *visits]))
        if numbers[key] or amounts[key] or visits.get(key)
    ]


def credits_of_links(
    *, organization: Organization, link_ids: Collection[int], since: date
) -> dict[str, dict[CreditModel, CreditRow]]:
    """For each kind what these links together are credited with under each model that knows links."""
    sums = CreditDay.objects.filter(
        organization_id=organization.pk, day__gte=since, link_id__in=link_ids, model__in=_OF_TOUCHES
    )
    groups = sums.values_list("kind", "model", "currency").annotate(Sum("number"), Sum("amount"))
    cells: dict[str, dict[str, list[tuple[Key, str, Decimal, Decimal]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for kind, model, currency, number, amount in groups:
        cells[kind][model].append((model, currency, number, amount))
    return {
        kind: {
            model: next(iter(_put_together(by_model[model], {})), CreditRow(key=model))
            for model in _OF_TOUCHES
        }
        for kind, by_model in sorted(cells.items())
    }
