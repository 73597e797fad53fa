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

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from accounts.models import Organization
from monitoring.conversions.models import ClickDay, CreditDay, CreditModel, Kind, TrackedLink, VisitDay
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
_COLUMN = {CreditedTo.CHANNEL: "channel", CreditedTo.CAMPAIGN: "campaign_id", CreditedTo.LINK: "link_id"}


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
    by = CreditedTo(by)
    sums = _credits(organization, period, kind).filter(model=CreditModel(model))
    visits = _visits(organization, period, by)
    rows = _rows(sums.annotate(key=_key(by)).values_list("key", "currency"), visits)
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


def _key(by: CreditedTo) -> F | Subquery:
    return F(_COLUMN[by]) if by in _COLUMN else _of_link(f"{by}_id")


def _of_link(column: str) -> Subquery:
    return Subquery(TrackedLink.objects.filter(pk=OuterRef("link_id")).values(column))


def _rows(groups: QuerySet[CreditDay, tuple[Key, str]], visits: Mapping[Key, int]) -> list[CreditRow]:
    sums = groups.annotate(Sum("number"), Sum("amount"))
    return _put_together(((row[0], row[1], row[2], row[3]) for row in sums), visits)


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


def _visits(organization: Organization, period: Period, by: CreditedTo) -> dict[Key, int]:
    """People's clicks on the links of each, and for channels and campaigns tagged visits that came without one."""
    days = {"organization_id": organization.pk, "day__range": (period.first, period.last)}
    clicks = ClickDay.objects.filter(**days)
    keyed = clicks.annotate(key=F("link_id") if by == CreditedTo.LINK else _of_link(_column_of_link(by)))
    found = keyed.values_list("key").annotate(Sum("visits"))
    if by in (CreditedTo.CHANNEL, CreditedTo.CAMPAIGN):
        tagged = VisitDay.objects.filter(**days).annotate(key=F(_COLUMN[by])).values_list("key")
        found = found.union(tagged.annotate(Sum("visits")), all=True)
    visits: Counter[Key] = Counter()
    for key, number in found:
        if key:
            visits[key] += number
    return dict(visits)


def _column_of_link(by: CreditedTo) -> str:
    return "channel" if by == CreditedTo.CHANNEL else f"{by}_id"


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
