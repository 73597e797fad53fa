# ruff: noqa: S608 - the SQL is made of our own names, never of what somebody sent
"""What social media earned for what it took: (sales × margin − cost) ÷ cost, every term shown.

Cost is what was spent on it, the minutes of people at their hourly rate, and what asking paid platforms cost. Sales are
the amounts of orders, bookings and an organization's own events that social media is credited with. Without a margin no
return is claimed, and without cost there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Assumptions
from monitoring.conversions.models.channels import channel_label, is_social
from monitoring.conversions.models.credits import CreditModel
from monitoring.conversions.money.exchange import LeftOut, UsedRate, merge_left_out, merge_used
from monitoring.conversions.naming import name_post
from monitoring.conversions.selectors.return_terms import Cell, Money, TermReader
from monitoring.lib.periods import Period, local_day
from monitoring.lib.written_queries import Columns

Key = TypeVar("Key", str, int)
_MINUTES_AN_HOUR = 60
_OF_ASSUMPTIONS: Final = Columns(Assumptions)
_ASSUMPTIONS: Final = f"""
    select {_OF_ASSUMPTIONS.of("assumptions")} from conversions_assumptions assumptions where organization_id = %s
"""
_CAMPAIGNS: Final = "select id, name from conversions_campaign where organization_id = %s and id = any(%s)"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """All that the return is made of, exact, in the organization's currency. Round when you show it.

    `sales` are credited by last touch. `sales_said` is what customers themselves say; None where it cannot be known:
    nobody was asked, or it is about a campaign or a post, which no customer names.
    """

    orders: Decimal
    sales: Decimal
    sales_said: Decimal | None
    ad_spend: Decimal
    minutes: int
    api_cost: Decimal
    margin: Decimal | None  # a share from 0 to 1
    hourly_rate: Decimal | None

    @property
    def staff(self) -> Decimal:
        """What the minutes cost; 0 where nobody said what an hour costs."""
        return (self.hourly_rate or Decimal(0)) * self.minutes / _MINUTES_AN_HOUR

    @property
    def cost(self) -> Decimal:
        return self.ad_spend + self.staff + self.api_cost

    @property
    def sales_low(self) -> Decimal:
        return self.sales if self.sales_said is None else min(self.sales, self.sales_said)

    @property
    def sales_high(self) -> Decimal:
        return self.sales if self.sales_said is None else max(self.sales, self.sales_said)

    @property
    def earned_low(self) -> Decimal | None:
        """What is left of the sales after goods, before the cost."""
        return None if self.margin is None else self.sales_low * self.margin

    @property
    def earned_high(self) -> Decimal | None:
        return None if self.margin is None else self.sales_high * self.margin

    @property
    def return_low(self) -> Decimal | None:
        """A share of the cost: 0.5 means that each euro came back with fifty cents more."""
        return self._return(self.earned_low)

    @property
    def return_high(self) -> Decimal | None:
        return self._return(self.earned_high)

    @property
    def claims_return(self) -> bool:
        return self.margin is not None and bool(self.cost)

    @property
    def is_range(self) -> bool:
        return self.sales_low != self.sales_high

    @property
    def is_empty(self) -> bool:
        return not (self.orders or self.sales or self.sales_said or self.cost or self.minutes)

    def _return(self, earned: Decimal | None) -> Decimal | None:
        return None if earned is None or not self.cost else (earned - self.cost) / self.cost


@dataclass(frozen=True, kw_only=True)
class Row:
    """One platform, campaign or post. `key` is a channel, or an id; empty or 0 for what belongs to none of them."""

    key: str | int
    label: str
    address: str = ""  # of a post on its platform
    terms: Terms


@dataclass(frozen=True, kw_only=True)
class Return:
    """The return of a period until today. The rows of each list add up to the total, exactly."""

    organization: Organization
    first: date
    last: date
    sums: Sums
    unattributed: Decimal  # sales that nothing is credited with
    other_channels: Decimal  # sales credited to what is no social media
    spend_elsewhere: Decimal  # spent on what is no social media: not in the return
    minutes_elsewhere: int
    rates: list[UsedRate]
    left_out: list[LeftOut]  # no rate is known: in none of the sums

    @property
    def currency(self) -> str:
        return self.organization.currency

    @property
    def claims_return(self) -> bool:
        return self.total.claims_return

    @cached_property
    def total(self) -> Terms:
        return self.sums.terms()

    @cached_property
    def by_platform(self) -> list[Row]:
        return _by_platform(self.sums)

    @cached_property
    def by_campaign(self) -> list[Row]:
        return _by_campaign(self.sums, self.organization)

    @cached_property
    def by_post(self) -> list[Row]:
        return _by_post(self.sums, self.organization)


def find_assumptions(*, organization: Organization) -> Assumptions:
    """What the organization said about itself, or what holds until it does."""
    found = _OF_ASSUMPTIONS.fetch(_ASSUMPTIONS, [organization.pk])
    return found[0] if found else Assumptions(organization=organization)


def read_return(
    *,
    organization: Organization,
    period: Period,
    now: datetime | None = None,
    assumptions: Assumptions | None = None,
) -> Return:
    """What the period took and brought, until today, in three queries at most, and one more each for its campaigns and
    its posts where they are asked for.

    Whoever has read the assumptions already hands them over.
    """
    today = local_day(now or timezone.now(), ZoneInfo(organization.time_zone))
    last = min(period.last, today)
    reader = TermReader(organization, period.first, last, today)
    read = _Read(reader.money(), reader.minutes())
    sums = Sums.of(read, assumptions or find_assumptions(organization=organization))
    return Return(
        organization=organization,
        first=period.first,
        last=last,
        sums=sums,
        unattributed=_total(cell for cell in read.credited(CreditModel.LAST) if not cell.channel),
        other_channels=_total(filter(_is_elsewhere, read.credited(CreditModel.LAST))),
        spend_elsewhere=_total(filter(_is_elsewhere, read.money.spend.cells)),
        minutes_elsewhere=int(_total(filter(_is_elsewhere, read.minutes))),
        rates=merge_used(rate for term in read.money for rate in term.rates),
        left_out=merge_left_out(amount for term in read.money for amount in term.left_out),
    )


@dataclass(frozen=True)
class _Read:
    money: Money
    minutes: list[Cell]

    def credited(self, model: CreditModel) -> list[Cell]:
        return [cell for cell in self.money.sales.cells if cell.model == model]


@dataclass(frozen=True, kw_only=True)
class Sums:
    """The cells that count: sales of social media, and cost that is not tied to anything else."""

    sales: list[Cell]
    said: list[Cell]
    spend: list[Cell]
    api_cost: list[Cell]
    minutes: list[Cell]
    was_asked: bool
    assumptions: Assumptions

    @classmethod
    def of(cls, read: _Read, assumptions: Assumptions) -> Sums:
        said = read.credited(CreditModel.SAID)
        return cls(
            sales=[cell for cell in read.credited(CreditModel.LAST) if is_social(cell.channel)],
            said=[cell for cell in said if is_social(cell.channel)],
            spend=[cell for cell in read.money.spend.cells if not _is_elsewhere(cell)],
            api_cost=read.money.api_cost.cells,
            minutes=[cell for cell in read.minutes if not _is_elsewhere(cell)],
            was_asked=any(cell.channel for cell in said),
            assumptions=assumptions,
        )

    def terms(self, *, said_is_known: bool = True) -> Terms:
        margin = self.assumptions.margin
        return Terms(
            orders=sum((cell.number for cell in self.sales), Decimal(0)),
            sales=_total(self.sales),
            sales_said=_total(self.said) if said_is_known and self.was_asked else None,
            ad_spend=_total(self.spend),
            minutes=int(_total(self.minutes)),
            api_cost=_total(self.api_cost),
            margin=None if margin is None else margin / 100,
            hourly_rate=self.assumptions.hourly_rate,
        )

    def split(self, key: Callable[[Cell], Key]) -> dict[Key, Sums]:
        """The same cells, apart by what they belong to."""
        parts: dict[Key, Sums] = {}
        for name in ("sales", "said", "spend", "api_cost", "minutes"):
            for cell in getattr(self, name):
                part = key(cell)
                if part not in parts:
                    parts[part] = self._empty()
                getattr(parts[part], name).append(cell)
        return parts

    def _empty(self) -> Sums:
        return replace(self, sales=[], said=[], spend=[], api_cost=[], minutes=[])


def _by_platform(sums: Sums) -> list[Row]:
    parts = sums.split(lambda cell: cell.channel)
    return _most_first(
        Row(
            key=channel,
            label=channel_label(channel) if channel else _("No platform named"),
            terms=part.terms(),
        )
        for channel, part in parts.items()
    )


def _by_campaign(sums: Sums, organization: Organization) -> list[Row]:
    parts = sums.split(lambda cell: cell.campaign_id)
    names = _names_of_campaigns(organization, [key for key in parts if key])
    return _most_first(
        Row(
            key=campaign_id,
            label=names.get(campaign_id, _("No campaign")),
            terms=part.terms(said_is_known=False),
        )
        for campaign_id, part in parts.items()
    )


def _names_of_campaigns(organization: Organization, keys: list[int]) -> dict[int, str]:
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CAMPAIGNS, [organization.pk, keys])
        return dict(cursor.fetchall())


def _by_post(sums: Sums, organization: Organization) -> list[Row]:
    parts = sums.split(lambda cell: cell.post_id)
    found = PublishedPost.objects.filter(organization=organization, pk__in=[key for key in parts if key])
    posts = {post.pk: post for post in found.only("title", "text", "url", "published_at", "platform")}
    return _most_first(
        Row(
            key=post_id,
            label=name_post(posts[post_id]) if post_id in posts else _("No post"),
            address=posts[post_id].web_address if post_id in posts else "",
            terms=part.terms(said_is_known=False),
        )
        for post_id, part in parts.items()
    )


def _most_first(rows: Iterable[Row]) -> list[Row]:
    """By what they sold, then by what they cost; what belongs to none of them last, and nothing that is all zero."""
    kept = (row for row in rows if not row.terms.is_empty)
    return sorted(
        kept,
        key=lambda row: (not row.key, -row.terms.sales_high, -row.terms.cost, -row.terms.minutes, row.label),
    )


def _is_elsewhere(cell: Cell) -> bool:
    """Tied to a channel that is no social media: a flyer, a friend."""
    return bool(cell.channel) and not is_social(cell.channel)


def _total(cells: Iterable[Cell]) -> Decimal:
    return sum((cell.value for cell in cells), Decimal(0))
