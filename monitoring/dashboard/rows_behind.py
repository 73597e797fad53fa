"""The addresses of the rows behind a figure: exactly those that it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Organization
from monitoring.conversions.selectors.counting import Counted
from monitoring.conversions.selectors.ledger import NOT_KNOWN
from monitoring.lib.charts import Links
from monitoring.lib.periods import ONE_DAY, Period
from monitoring.listening.models import Brand


@dataclass(frozen=True)
class RowsBehind:
    """Of one brand and one period. A page has hundreds: what they share is put together once."""

    organization: Organization
    brand: Brand
    period: Period

    def mentions(self, first: date | None = None, last: date | None = None, /, **filters: str) -> str:
        """The list of mentions; without days, of the whole period."""
        return _joined(self._mentions, f"brand={self.brand.pk}", self._days(first, last), filters)

    def mentions_of(self, brand: Brand, /, **filters: str) -> str:
        """The same of another brand."""
        return _joined(self._mentions, f"brand={brand.pk}", self._whole, filters)

    def mentions_of_buckets(self, **filters: str) -> Links:
        return Links(_joined(self._mentions, f"brand={self.brand.pk}", "", filters), self._spans)

    def conversions_of_buckets(self, counted: Counted) -> Links:
        """The list of what was reported and still counts."""
        wanted = [("kind", counted.kind), *(("channel", channel) for channel in counted.channels)]
        address = reverse("conversions:conversions", args=[self.organization.slug])
        return Links(f"{address}?{urlencode([*wanted, ('voided', 'no')])}", self._spans)

    def conversions(self, kind: str, channels: Iterable[str]) -> str:
        """Of the whole period, from these channels."""
        wanted = [("kind", kind), *(("channel", channel) for channel in channels), ("voided", "no")]
        address = reverse("conversions:conversions", args=[self.organization.slug])
        return f"{address}?{self._whole}&{urlencode(wanted)}"

    def credited(self, kind: str, channel: str) -> str:
        """Those whose last touch was of this channel, or that had none."""
        wanted = (("kind", kind), ("touched", channel or NOT_KNOWN), ("voided", "no"))
        address = reverse("conversions:conversions", args=[self.organization.slug])
        return f"{address}?{self._whole}&{urlencode(wanted)}"

    def audience_of_buckets(self) -> Links:
        return Links(f"{self._audience}?", self._spans)

    def audience(self) -> str:
        return f"{self._audience}?{self._whole}"

    @cached_property
    def _mentions(self) -> str:
        return reverse("listening:mentions", args=[self.organization.slug])

    @cached_property
    def _audience(self) -> str:
        return reverse("audience:audience", args=[self.organization.slug])

    @cached_property
    def _whole(self) -> str:
        return f"from={self.period.first}&to={self.period.last}"

    @cached_property
    def _spans(self) -> list[str]:
        """The first and the last day of each bucket."""
        buckets = self.period.each_bucket()
        ends = [*(following - ONE_DAY for following in buckets[1:]), self.period.last]
        return [f"from={first}&to={last}" for first, last in zip(buckets, ends, strict=True)]

    def _days(self, first: date | None, last: date | None) -> str:
        return f"from={first}&to={last or first}" if first else self._whole


def _joined(address: str, brand: str, days: str, filters: Mapping[str, str]) -> str:
    return "&".join(part for part in (f"{address}?{brand}", days, urlencode(filters)) if part)
