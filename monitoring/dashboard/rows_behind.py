"""The addresses of the rows behind a figure: exactly those that it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Organization
from monitoring.conversions.selectors.counting import Counted
from monitoring.lib.periods import ONE_DAY, Period
from monitoring.listening.models import Brand


@dataclass(frozen=True)
class RowsBehind:
    """Of one brand and one period."""

    organization: Organization
    brand: Brand
    period: Period

    def mentions(self, first: date | None = None, last: date | None = None, /, **filters: str) -> str:
        """The list of mentions; without days, of the whole period."""
        return self._list_of(self.brand, first, last, filters)

    def mentions_of(self, brand: Brand, /, **filters: str) -> str:
        """The same of another brand."""
        return self._list_of(brand, None, None, filters)

    def _list_of(
        self, brand: Brand, first: date | None, last: date | None, filters: Mapping[str, str]
    ) -> str:
        wanted = {"brand": str(brand.pk), **self._days(first, last), **filters}
        return f"{reverse('listening:mentions', args=[self.organization.slug])}?{urlencode(wanted)}"

    def mentions_of_buckets(self, **filters: str) -> list[str]:
        return [self.mentions(*span, **filters) for span in spans_of_buckets(self.period)]

    def conversions(self, counted: Counted, first: date | None = None, last: date | None = None) -> str:
        """The list of what was reported and still counts."""
        wanted = [("kind", counted.kind), *(("channel", channel) for channel in counted.channels)]
        wanted += [*self._days(first, last).items(), ("voided", "no")]
        return f"{reverse('conversions:conversions', args=[self.organization.slug])}?{urlencode(wanted)}"

    def audience(self, first: date | None = None, last: date | None = None) -> str:
        return f"{reverse('audience:audience', args=[self.organization.slug])}?{urlencode(self._days(first, last))}"

    def _days(self, first: date | None, last: date | None) -> dict[str, str]:
        return {"from": str(first or self.period.first), "to": str(last or first or self.period.last)}


def spans_of_buckets(period: Period) -> list[tuple[date, date]]:
    """The first and the last day of each bucket."""
    buckets = period.each_bucket()
    return [
        (first, following - ONE_DAY)
        for first, following in zip(buckets, [*buckets[1:], period.last + ONE_DAY], strict=True)
    ]
