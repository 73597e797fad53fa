"""Campaigns with what they brought, and the words for links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Max, Min, QuerySet, Sum

from accounts.models import Organization
from monitoring.conversions.models import (
    Campaign,
    ClickDay,
    CreditDay,
    CreditModel,
    Kind,
    TrackedLink,
    UtmField,
    UtmWord,
)
from monitoring.conversions.parts_behind import PartsBehind
from monitoring.lib.periods import LONGEST_DAYS, ONE_DAY


@dataclass(frozen=True, kw_only=True)
class CampaignFigures:
    """A campaign since it began. Orders and their money are those that its last touch brought."""

    campaign: Campaign
    coupons: list[str]
    links: int
    visits: int
    orders: Decimal = Decimal(0)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    orders_address: str = ""  # of each of them


@dataclass
class _Credit:
    number: Decimal = Decimal(0)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)  # the first and the last for each currency


def list_campaigns(*, organization: Organization, archived: bool = False) -> list[CampaignFigures]:
    """The latest first."""
    campaigns = Campaign.objects.filter(organization=organization, archived_at__isnull=not archived)
    return _figures(organization, campaigns.order_by("-starts_on", "-pk"))


def read_campaign(*, campaign: Campaign) -> CampaignFigures:
    return _figures(campaign.organization, Campaign.objects.filter(pk=campaign.pk))[0]


def list_words(*, organization: Organization) -> dict[str, list[UtmWord]]:
    """By field."""
    words: dict[str, list[UtmWord]] = {str(name): [] for name in UtmField.values}
    for word in UtmWord.objects.filter(organization=organization).order_by("word"):
        words[word.field].append(word)
    return words


def _figures(organization: Organization, campaigns: QuerySet[Campaign]) -> list[CampaignFigures]:
    found = list(campaigns.prefetch_related("coupons"))
    ids = [campaign.pk for campaign in found]
    links = _links(organization, ids)
    visits, credits = _visits(organization, links), _credits(organization, ids)
    return [
        CampaignFigures(
            campaign=campaign,
            coupons=sorted(coupon.code for coupon in campaign.coupons.all()),
            links=len(links[campaign.pk]),
            visits=sum(visits.get(link, 0) for link in links[campaign.pk]),
            orders=credits[campaign.pk].number,
            amounts=credits[campaign.pk].amounts,
            orders_address=_orders_of(organization, campaign.pk, credits[campaign.pk].days),
        )
        for campaign in found
    ]


def _links(organization: Organization, campaigns: Iterable[int]) -> dict[int | None, list[int]]:
    """Archived ones, too: they go on counting."""
    links: dict[int | None, list[int]] = defaultdict(list)
    found = TrackedLink.objects.filter(organization=organization, campaign__in=campaigns)
    for link, campaign in found.values_list("pk", "campaign_id"):
        links[campaign].append(link)
    return links


def _visits(organization: Organization, links: Mapping[int | None, list[int]]) -> dict[int, int]:
    wanted = [link for each in links.values() for link in each]
    days = ClickDay.objects.filter(organization_id=organization.pk, link_id__in=wanted)
    return dict(days.values_list("link_id").annotate(Sum("visits")))


def _credit_days(organization: Organization, campaigns: Iterable[int]) -> QuerySet[CreditDay]:
    return CreditDay.objects.filter(
        organization_id=organization.pk,
        model=CreditModel.LAST,
        kind=Kind.ORDER,
        campaign_id__in=campaigns,
    )


def _credits(organization: Organization, campaigns: Iterable[int]) -> dict[int, _Credit]:
    days = _credit_days(organization, campaigns)
    credits: dict[int, _Credit] = defaultdict(_Credit)
    sums = days.values_list("campaign_id", "currency").annotate(
        Sum("number"), Sum("amount"), Min("day"), Max("day")
    )
    for campaign, currency, number, amount, first, last in sums:
        credits[campaign].number += number
        credits[campaign].days += [first, last]
        if currency:
            credits[campaign].amounts[currency] = amount
    return credits


def _orders_of(organization: Organization, campaign: int, days: list[date]) -> str:
    """The list of them, which shows ten years at most."""
    if not days:
        return ""
    first = max(min(days), max(days) - ONE_DAY * (LONGEST_DAYS - 1))
    return PartsBehind(organization, first, max(days), Kind.ORDER).address(campaign=campaign)


@dataclass
class CampaignDay:
    """What came on one day. Orders and sales are those of the last touch."""

    day: date
    visits: int = 0
    orders: Decimal = Decimal(0)
    amounts: dict[str, Decimal] = field(default_factory=dict)


def campaign_days(*, campaign: Campaign) -> list[CampaignDay]:
    """The days on which anything came, in order. They add up to the campaign's figures."""
    days: dict[date, CampaignDay] = {}
    organization, links = campaign.organization, _links(campaign.organization, [campaign.pk])
    clicked = ClickDay.objects.filter(organization_id=organization.pk, link_id__in=links[campaign.pk])
    for day, visits in clicked.values_list("day").annotate(Sum("visits")):
        days.setdefault(day, CampaignDay(day)).visits = visits
    credited = _credit_days(organization, [campaign.pk])
    for day, currency, number, amount in credited.values_list("day", "currency").annotate(
        Sum("number"), Sum("amount")
    ):
        found = days.setdefault(day, CampaignDay(day))
        found.orders += number
        if currency:
            found.amounts[currency] = amount
    return [days[day] for day in sorted(days)]
