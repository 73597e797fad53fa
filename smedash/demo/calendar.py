"""What happened when: weekends and seasons, a campaign, a viral post, a complaint wave, a source that died.

The days of what happened are counted back from the last one, so that all of it can be seen on the overview.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from monitoring.lib.periods import ONE_DAY, local_day, local_midnight

SEED = "halden"
DEAD_PLATFORM = "x"  # its search looks back seven days: what a longer silence cost is gone for good

_WEEKDAYS = (1.06, 1.04, 1.0, 1.02, 1.12, 0.86, 0.78)
_MONTHS = (0.94, 0.92, 0.97, 1.0, 1.0, 0.95, 0.85, 0.83, 1.0, 1.06, 1.14, 1.34)
# How much of a day's talk each hour brings.
_HOURS = (2, 1, 1, 1, 1, 3, 8, 14, 15, 12, 10, 9, 10, 9, 8, 8, 9, 10, 10, 11, 11, 9, 6, 4)
_HOURS_OF_WEEKENDS = (3, 2, 1, 1, 1, 1, 3, 6, 11, 15, 15, 13, 11, 10, 10, 10, 9, 8, 8, 9, 9, 8, 6, 4)


@dataclass(frozen=True)
class Span:
    """Days before the last one, the first of them the further away."""

    begins: int
    ends: int

    def covers(self, age: int) -> bool:
        return self.ends <= age <= self.begins


CAMPAIGNS = (Span(411, 384), Span(19, 4))
COMPLAINTS = Span(52, 43)
VIRAL = Span(13, 6)  # it begins with one post; the echo fades
SILENCE = Span(32, 17)  # access was refused; of that time the last seven days could be read afterwards
GAP = Span(32, 24)


@dataclass(frozen=True)
class Timeline:
    """The days of the demo: `now` is the end of the last one, as far as it has come."""

    now: datetime
    zone: ZoneInfo
    days: int

    @property
    def today(self) -> date:
        return local_day(self.now, self.zone)

    @property
    def first(self) -> date:
        return self.today - ONE_DAY * (self.days - 1)

    @property
    def begins_at(self) -> datetime:
        return local_midnight(self.first, self.zone)

    def day(self, age: int) -> date:
        return self.today - ONE_DAY * age

    def starts_at(self, age: int) -> datetime:
        return local_midnight(self.day(age), self.zone)

    def ages(self) -> range:
        """The oldest day first."""
        return range(self.days - 1, -1, -1)

    def random(self, *about: object) -> Random:
        """The same numbers for the same subject, whatever else is made before."""
        return Random("|".join(map(str, (SEED, *about))))  # noqa: S311 - a story, not a secret

    def progress(self, age: int) -> float:
        """0 on the first day, 1 on the last."""
        return 1 - age / max(1, self.days - 1)

    def moment(self, age: int, random: Random) -> datetime | None:
        """Some moment of a day, when people are awake; None if it has not come yet."""
        weekend = self.day(age).isoweekday() > 5
        hour = random.choices(range(24), _HOURS_OF_WEEKENDS if weekend else _HOURS)[0]
        moment = self.starts_at(age) + timedelta(hours=hour, seconds=random.randrange(3600))
        return moment if moment <= self.now else None


def usual(day: date) -> float:
    """How lively a day is, because of its weekday and its season."""
    return _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1]


def is_campaign(age: int) -> bool:
    return any(span.covers(age) for span in CAMPAIGNS)


def viral_echo(age: int) -> float:
    """1 on the day of the viral post, then less every day."""
    return 0.58 ** (VIRAL.begins - age) if VIRAL.covers(age) else 0.0


def complaint_wave(age: int) -> float:
    """Up in two days, down in a week."""
    if not COMPLAINTS.covers(age):
        return 0.0
    into = COMPLAINTS.begins - age
    return min(1.0, 0.45 + into * 0.35) if into < 3 else 0.82 ** (into - 2)


def is_lost(platform: str, age: int) -> bool:
    return platform == DEAD_PLATFORM and GAP.covers(age)


def is_silent(platform: str, age: int) -> bool:
    return platform == DEAD_PLATFORM and SILENCE.covers(age)
