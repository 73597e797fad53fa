"""What stands beside the figures of a chart: campaigns, and days on which far more was said than usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.conversions.models import Campaign
from monitoring.lib.figures import format_number
from monitoring.lib.periods import Period
from monitoring.listening.selectors.counts import Volume

MOST_CAMPAIGNS = 4
FEW_DAYS = 7  # with fewer nobody knows what is usual
OUTSTANDING = 3  # times a typical day
TOO_FEW = 30  # mentions


class MarkKind(StrEnum):
    CAMPAIGN = "campaign"
    PEAK = "peak"


@dataclass(frozen=True)
class Mark:
    """Days of a period that have a name. `label` stands in the chart, `said` below it."""

    kind: MarkKind
    first: date
    last: date
    label: str
    said: str

    def as_data(self, period: Period, buckets: list[date]) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "label": self.label,
            "first": buckets.index(period.bucket_of(self.first)),
            "last": buckets.index(period.bucket_of(self.last)),
        }


@dataclass(frozen=True)
class Peak:
    """The loudest day of a period, where it stands out."""

    day: date
    volume: Volume
    times: float  # a typical day

    @property
    def tone(self) -> str:
        """What most of it was, where one kind was more than half."""
        tones = {
            _("praise"): self.volume.positive,
            _("complaint"): self.volume.negative,
        }
        name, number = max(tones.items(), key=lambda entry: entry[1])
        return name if number * 2 > self.volume.mentions else ""


def find_peak(*, days: dict[date, Volume], period: Period, unknown: set[date]) -> Peak | None:
    known = [day for day in period.each_day() if day not in unknown]
    if len(known) < FEW_DAYS:
        return None
    loudest = max(known, key=lambda day: days.get(day, Volume()).mentions)
    typical = median(days.get(day, Volume()).mentions for day in known)
    most = days.get(loudest, Volume())
    if most.mentions < max(TOO_FEW, OUTSTANDING * typical):
        return None
    return Peak(loudest, most, most.mentions / max(typical, 1))


def mark_peak(peak: Peak) -> Mark:
    facts = {
        "day": date_format(peak.day, "DATE_FORMAT"),
        "mentions": format_number(peak.volume.mentions),
        "times": format_number(round(peak.times, 1)),
    }
    said = _("%(day)s: %(mentions)s mentions, %(times)s times a typical day") % facts
    label = _("%(mentions)s mentions") % {"mentions": facts["mentions"]}
    return Mark(MarkKind.PEAK, peak.day, peak.day, label, said)


def campaigns_in(*, organization: Organization, period: Period) -> list[Mark]:
    """The latest campaigns that ran in a period, in the order in which they began."""
    running = Campaign.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=period.first), organization=organization, starts_on__lte=period.last
    )
    latest = running.order_by("-starts_on", "-pk")[:MOST_CAMPAIGNS]
    return [_mark_campaign(campaign, period) for campaign in reversed(latest)]


def _mark_campaign(campaign: Campaign, period: Period) -> Mark:
    begins = date_format(campaign.starts_on, "DATE_FORMAT")
    said = _("%(campaign)s, since %(first)s") % {"campaign": campaign.name, "first": begins}
    if campaign.ends_on:
        said = _("%(campaign)s, %(first)s to %(last)s") % {
            "campaign": campaign.name,
            "first": begins,
            "last": date_format(campaign.ends_on, "DATE_FORMAT"),
        }
    first = max(campaign.starts_on, period.first)
    last = min(campaign.ends_on or period.last, period.last)
    return Mark(MarkKind.CAMPAIGN, first, last, campaign.name, said)
