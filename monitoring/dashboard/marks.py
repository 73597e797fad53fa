"""What stands beside the figures of a chart: campaigns, what people noted, and days on which far more was said or
complained of than usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from monitoring.conversions.selectors.outcome import NamedDays
from monitoring.lib.figures import format_number
from monitoring.lib.periods import Period
from monitoring.listening.selectors.counts import Volume

FEW_DAYS = 7  # with fewer nobody knows what is usual
OUTSTANDING = 3  # times a typical day
MOST_PEAKS = 3
TOO_FEW = 30  # mentions
TOO_FEW_COMPLAINTS = 10


class MarkKind(StrEnum):
    CAMPAIGN = "campaign"
    PEAK = "peak"
    COMPLAINTS = "complaints"
    INCIDENT = "incident"


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


def find_loud_days(*, days: dict[date, Volume], period: Period, unknown: set[date]) -> list[Peak]:
    """The loudest days of those that stand out, the loudest first: at least 30 mentions, three times a typical day."""
    known = [day for day in period.each_day() if day not in unknown]
    if len(known) < FEW_DAYS:
        return []
    typical = median(days.get(day, Volume()).mentions for day in known)
    loud = [day for day in known if day in days and days[day].mentions >= max(TOO_FEW, OUTSTANDING * typical)]
    loudest = sorted(loud, key=lambda day: (-days[day].mentions, day))[:MOST_PEAKS]
    return [Peak(day, days[day], days[day].mentions / max(typical, 1)) for day in loudest]


def mark_peak(peak: Peak) -> Mark:
    facts = {
        "day": date_format(peak.day, "DATE_FORMAT"),
        "mentions": format_number(peak.volume.mentions),
        "times": format_number(round(peak.times, 1)),
    }
    said = _("%(day)s: %(mentions)s mentions, %(times)s times a typical day") % facts
    label = _("%(mentions)s mentions") % {"mentions": facts["mentions"]}
    return Mark(MarkKind.PEAK, peak.day, peak.day, label, said)


@dataclass(frozen=True)
class Wave:
    """Days in a row on which far more complained than usual."""

    first: date
    last: date
    complaints: int
    times: float  # typical days


def find_complaint_wave(*, days: dict[date, Volume], period: Period, unknown: set[date]) -> Wave | None:
    """The largest: each of its days has three times the complaints of a typical day, and one has ten at least."""
    known = [day for day in period.each_day() if day not in unknown]
    if len(known) < FEW_DAYS:
        return None
    complaints = {day: days.get(day, Volume()).negative for day in known}
    typical = max(median(complaints.values()), 1)
    high = [day for day in known if complaints[day] >= OUTSTANDING * typical]
    waves = [
        Wave(run[0], run[-1], number := sum(complaints[day] for day in run), number / typical / len(run))
        for run in _runs(high)
        if max(complaints[day] for day in run) >= TOO_FEW_COMPLAINTS
    ]
    return max(waves, key=lambda wave: wave.complaints, default=None)


def _runs(days: list[date]) -> list[list[date]]:
    """Days that follow each other, together."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def mark_complaints(wave: Wave) -> Mark:
    number = format_number(wave.complaints)
    facts = {
        "days": say_days(wave.first, wave.last),
        "complaints": number,
        "times": format_number(round(wave.times, 1)),
    }
    said = _("%(days)s: %(complaints)s complaints, %(times)s times the usual") % facts
    label = _("%(complaints)s complaints") % {"complaints": number}
    return Mark(MarkKind.COMPLAINTS, wave.first, wave.last, label, said)


def mark_incident(incident: NamedDays, period: Period) -> Mark:
    last = incident.ends_on or incident.starts_on
    said = f"{incident.name}, {say_days(incident.starts_on, last)}"
    first = max(incident.starts_on, period.first)
    return Mark(MarkKind.INCIDENT, first, min(last, period.last), incident.name, said)


def say_days(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "DATE_FORMAT")
    facts = {"first": date_format(first, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT")}
    return _("%(first)s to %(last)s") % facts


def mark_campaign(campaign: NamedDays, period: Period) -> Mark:
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
