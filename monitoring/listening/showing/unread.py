"""Which platforms could not be read, bucket by bucket: what a chart hatches lightly and its table names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.lib.charts import TimeAxis
from monitoring.lib.figures import format_number
from monitoring.lib.hatching import Unread
from monitoring.listening.selectors.coverage import PlatformHealth
from monitoring.platforms.registry import connector_class


def name_unread(axis: TimeAxis, days: Mapping[date, Collection[str]]) -> Unread | None:
    """`days`: the platforms that could not be read on each. None where everything was read."""
    buckets: dict[date, Counter[str]] = {bucket: Counter() for bucket in axis.buckets}
    lengths: Counter[date] = Counter()
    for day in axis.period.each_day():
        bucket = axis.period.bucket_of(day)
        lengths[bucket] += 1
        buckets[bucket].update(days.get(day, ()))
    if not any(buckets.values()):
        return None
    seen = sorted({platform for counted in buckets.values() for platform in counted})
    return Unread(
        buckets=[_say(counted, lengths[bucket]) for bucket, counted in buckets.items()],
        legend=_("Lightly hatched: %(platforms)s not read.") % {"platforms": ", ".join(map(_name, seen))},
    )


def _say(unread: Counter[str], days: int) -> str:
    """ "Bluesky", or of a week or a month "Bluesky on 3 days"."""
    return ", ".join(
        _name(platform)
        if silent == days
        else ngettext("%(platform)s on %(number)s day", "%(platform)s on %(number)s days", silent)
        % {"platform": _name(platform), "number": format_number(silent)}
        for platform, silent in sorted(unread.items())
    )


def _name(platform: str) -> str:
    return connector_class(platform).platform.name


@dataclass(frozen=True)
class Unreached:
    """The names of platforms that could not be read yet, and when the first of them is asked again."""

    names: str
    next_at: datetime

    @property
    def is_due(self) -> bool:
        """Its turn has come, and it waits for a worker."""
        return self.next_at <= timezone.now()


def name_unreached(healths: Iterable[PlatformHealth]) -> Unreached | None:
    unreached = [health for health in healths if health.is_unreached]
    if not unreached:
        return None
    names = ", ".join(_name(health.platform) for health in unreached)
    return Unreached(names, min(health.next_due_at for health in unreached))
