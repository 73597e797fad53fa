"""A chosen range of days in an organization's time zone, and the step a chart of it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
LONGEST_DAYS = 366 * 10
PRESETS = {"7d": 7, "30d": 30, "90d": 90, "365d": 365}
DEFAULT_PRESET = "30d"
# Further out, the days before a period, or the one after it, may lie outside the calendar.
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)


class Bucket(StrEnum):
    """The step of a chart."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """Whole local days, both ends included."""

    first: date
    last: date
    zone: ZoneInfo
    week_start: int = 1  # ISO 8601: Monday is 1

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < LONGEST_DAYS:
            raise ValueError(
                f"A period runs from one day to a later one, at most ten years: {self.first}, {self.last}"
            )

    @cached_property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def starts_at(self) -> datetime:
        return local_midnight(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The instant after the last day."""
        return local_midnight(self.last + ONE_DAY, self.zone)

    @cached_property
    def bucket(self) -> Bucket:
        """Days up to about three months, weeks up to two years, months beyond: 100 points at most."""
        if self.days <= 100:
            return Bucket.DAY
        return Bucket.WEEK if self.days <= 731 else Bucket.MONTH

    def previous(self) -> Period:
        """The same number of days right before."""
        return Period(self.first - ONE_DAY * self.days, self.first - ONE_DAY, self.zone, self.week_start)

    def year_before(self) -> Period:
        """The same days of the year before; 29 February becomes the 28th."""
        first, last = (_year_before(day) for day in (self.first, self.last))
        return Period(first, last, self.zone, self.week_start)

    def each_day(self) -> Iterator[date]:
        first = self.first.toordinal()
        return map(date.fromordinal, range(first, first + self.days))

    def bucket_of(self, day: date) -> date:
        """The first day of the bucket that a day falls into; the first bucket begins with the period."""
        if self.bucket == Bucket.DAY:
            return day
        return max(
            self.first, week_of(day, self.week_start) if self.bucket == Bucket.WEEK else day.replace(day=1)
        )

    def each_bucket(self) -> list[date]:
        return list(self._buckets)

    @cached_property
    def _buckets(self) -> tuple[date, ...]:
        """Found once: all that a page draws over time asks for them."""
        if self.bucket == Bucket.DAY:
            return tuple(self.each_day())
        return tuple(dict.fromkeys(self.bucket_of(day) for day in self.each_day()))


def _year_before(day: date) -> date:
    return (day - ONE_DAY if (day.month, day.day) == (2, 29) else day).replace(year=day.year - 1)


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC. Where clocks skip midnight, the day begins later."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def week_of(day: date, week_start: int) -> date:
    """The first day of the week around a day, for weeks that start on this ISO weekday."""
    return day - ONE_DAY * ((day.isoweekday() - week_start) % 7)


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of the month around a day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - ONE_DAY


def quarter_of(day: date) -> tuple[date, date]:
    """The first and last day of the quarter around a day."""
    first = day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return first, month_of(first + timedelta(days=70))[1]


def last_days(days: int, *, now: datetime, zone: ZoneInfo, week_start: int = 1) -> Period:
    """The last so many days, today included."""
    today = local_day(now, zone)
    return Period(today - ONE_DAY * (days - 1), today, zone, week_start)


def read_period(
    preset: str, first: str, last: str, *, now: datetime, zone: ZoneInfo, week_start: int = 1
) -> Period:
    """The period that an address names; whatever it names wrongly gives the default."""
    try:
        if first and last:
            begin, end = date.fromisoformat(first), date.fromisoformat(last)
            if begin >= EARLIEST and end <= LATEST:
                return Period(begin, end, zone, week_start)
    except ValueError:
        pass
    return last_days(PRESETS.get(preset, PRESETS[DEFAULT_PRESET]), now=now, zone=zone, week_start=week_start)
