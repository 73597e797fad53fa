"""Where conversions came from, by one model of credit and one way to put them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.conversions.comparing import round_parts
from monitoring.conversions.goals_page.answer import whole
from monitoring.conversions.goals_page.funnel import ENOUGH_FOR_RATES
from monitoring.conversions.models import Campaign, CreditModel
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.naming import name_post
from monitoring.conversions.parts_behind import PartsBehind
from monitoring.conversions.selectors.credits import CreditedTo, CreditRow
from monitoring.conversions.selectors.returns import Return, Row

Number = TypeVar("Number", int, Decimal)
GROUPINGS = {"platform": CreditedTo.CHANNEL, "campaign": CreditedTo.CAMPAIGN, "post": CreditedTo.POST}


@dataclass(frozen=True, kw_only=True)
class Source:
    """A platform, campaign or post and what it is credited with. Money is in the organization's currency."""

    label: str
    platform: str = ""
    address: str = ""
    rows: str = ""  # the address of each of them, with its part
    visits: int | None
    number: Decimal
    rate: Decimal | None = None
    revenue: Decimal
    spent: Decimal | None = None
    net: Decimal | None = None

    @property
    def number_shown(self) -> Decimal:
        return round_parts(self.number)

    @property
    def revenue_shown(self) -> Decimal:
        return whole(self.revenue)

    @property
    def spent_shown(self) -> Decimal | None:
        return None if self.spent is None else whole(self.spent)

    @property
    def net_shown(self) -> Decimal | None:
        return None if self.net is None else whole(self.net)


@dataclass(frozen=True)
class Sources:
    organization: Organization
    credits: Sequence[CreditRow]
    found: Return  # what it cost
    model: CreditModel
    grouping: str
    behind: PartsBehind

    @property
    def has_margin(self) -> bool:
        return self.found.total.margin is not None

    @property
    def rows(self) -> list[Source]:
        costs = self._costs
        names = self._names([row.key for row in self.credits if row.key and row.key not in costs])
        return [self._row(row, costs.get(row.key), names) for row in self.credits]

    def total(self, rows: Sequence[Source]) -> Source:
        """The sums of the columns. What nobody is credited with has no net."""
        return Source(
            label=_("All"),
            visits=_sum([row.visits for row in rows]),
            number=sum((row.number for row in rows), Decimal(0)),
            revenue=sum((row.revenue for row in rows), Decimal(0)),
            spent=_sum([row.spent for row in rows]),
            net=_sum([row.net for row in rows]),
            rows=self.behind.address(self.model),
        )

    @property
    def _costs(self) -> dict[str | int, Row]:
        lists = {
            "platform": self.found.by_platform,
            "campaign": self.found.by_campaign,
            "post": self.found.by_post,
        }
        return {row.key: row for row in lists[self.grouping]}

    def _row(self, row: CreditRow, cost: Row | None, names: Mapping[str | int, str]) -> Source:
        spent = cost.terms.ad_spend if cost else Decimal(0)
        revenue, margin = row.amount_in(self.organization.currency), self.found.total.margin
        return Source(
            label=self._label(row, cost, names),
            platform=str(row.key) if self.grouping == "platform" else "",
            address=cost.address if cost else "",
            rows=self._rows_of(row) if row.number or row.amounts else "",
            visits=row.visits,
            number=row.number,
            rate=self._rate(row),
            revenue=revenue,
            spent=spent or None,
            net=revenue * margin - spent if margin is not None and row.key else None,
        )

    def _rows_of(self, row: CreditRow) -> str:
        return self.behind.address(self.model, **{GROUPINGS[self.grouping].value: row.key})

    def _label(self, row: CreditRow, cost: Row | None, names: Mapping[str | int, str]) -> str:
        if not row.key:
            texts = {"platform": _("Not known"), "campaign": _("No campaign"), "post": _("No post of yours")}
            return texts[self.grouping]
        if self.grouping == "platform":
            return channel_label(str(row.key))
        return cost.label if cost else names.get(row.key, "")

    def _names(self, keys: list[str | int]) -> dict[str | int, str]:
        """Of campaigns and posts that cost nothing."""
        if not keys or self.grouping == "platform":
            return {}
        if self.grouping == "campaign":
            campaigns = Campaign.objects.filter(organization=self.organization, pk__in=keys)
            return {campaign.pk: campaign.name for campaign in campaigns}
        posts = PublishedPost.objects.filter(organization=self.organization, pk__in=keys)
        return {post.pk: name_post(post) for post in posts.only("title", "text", "platform")}

    def _rate(self, row: CreditRow) -> Decimal | None:
        """Orders of visits, where one led to the other and there are enough to tell."""
        visits = row.visits or 0
        if self.model == CreditModel.SAID or visits < ENOUGH_FOR_RATES or not 0 <= row.number <= visits:
            return None
        return row.number / visits


def _sum(values: Sequence[Number | None]) -> Number | None:
    known = [value for value in values if value is not None]
    return sum(known[1:], start=known[0]) if known else None
