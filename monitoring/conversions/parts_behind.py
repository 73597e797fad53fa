"""The addresses of the conversions behind figures of credit, each with the part that the figure counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Organization
from monitoring.conversions.models import CreditModel
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.selectors.ledger import NOT_KNOWN
from monitoring.lib.periods import Period

ALL_SOCIAL = "social"  # stands for every channel of social media where a channel is chosen


@dataclass(frozen=True)
class PartsBehind:
    """Of some days and one kind, or of all sales. A page has hundreds: what they share is put together once."""

    organization: Organization
    first: date
    last: date
    kind: str = ""
    only_sales: bool = False

    @classmethod
    def of(cls, organization: Organization, period: Period, kind: str | None) -> PartsBehind:
        return cls(organization, period.first, period.last, kind or "")

    def address(self, model: str = CreditModel.LAST, /, **target: str | int | None) -> str:
        """`target` names the channel, campaign, link, post or mention; "" and 0 are what none is credited with."""
        named = {name: value for name, value in target.items() if value is not None}
        if "channel" in named:
            named["channel"] = named["channel"] or NOT_KNOWN
        return f"{self._start}&{urlencode({'model': str(model), **named})}"

    @cached_property
    def _start(self) -> str:
        chosen = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        if self.kind:
            chosen["kind"] = self.kind
        if self.only_sales:
            chosen["sales"] = "yes"
        return f"{reverse('conversions:shares', args=[self.organization.slug])}?{urlencode(chosen)}"


def behind_both(organization: Organization, period: Period, kind: str) -> tuple[PartsBehind, PartsBehind]:
    """Of the period, and of the same number of days before."""
    return PartsBehind.of(organization, period, kind), PartsBehind.of(organization, period.previous(), kind)


def channels_named(names: Iterable[str]) -> tuple[str, ...]:
    """The channels that an address names."""
    known: dict[str, tuple[str, ...]] = {ALL_SOCIAL: tuple(map(str, SOCIAL)), NOT_KNOWN: ("",)}
    found = (channel for name in names for channel in known.get(name, (name,)))
    return tuple(dict.fromkeys(found))
