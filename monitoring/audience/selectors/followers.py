"""How many follow, and how that moved. What nobody measured is None: nothing here guesses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from monitoring.lib.periods import ONE_DAY, Period, local_midnight

# A reading speaks for a moment up to two days later: competitors are read once a day.
SPEAKS_FOR = timedelta(days=2)

_LATEST_WITHIN = """
    select profile.id, span.number, (
        select snapshot.followers from audience_audiencesnapshot snapshot
        where snapshot.profile_id = profile.id and snapshot.followers is not null
        and snapshot.taken_at >= span.began_at and snapshot.taken_at < span.ended_at
        order by snapshot.taken_at desc limit 1)
    from unnest(%s::bigint[]) profile (id)
    cross join unnest(%s::timestamptz[], %s::timestamptz[]) with ordinality span (began_at, ended_at, number)
    order by 1, 2
"""


@dataclass(frozen=True)
class Followers:
    """A profile's followers in a period: the last reading of each bucket, and of the period's two ends."""

    history: tuple[int | None, ...]  # one for each of `period.each_bucket()`
    before: int | None  # when the period began
    latest: int | None  # when it ended, or now
    buckets: tuple[date, ...] = ()

    @property
    def change(self) -> int | None:
        """None where either end is unknown."""
        return None if self.before is None or self.latest is None else self.latest - self.before

    @property
    def first_known(self) -> int | None:
        """The position in the history of the first reading."""
        return next((place for place, value in enumerate(self.history) if value is not None), None)

    @property
    def since(self) -> date | None:
        """Where the change of the whole period is unknown: when the first reading in it was."""
        place = self.first_known
        return None if place is None or self.change is not None else self.buckets[place]

    @property
    def change_since(self) -> int | None:
        """How the latest number differs from the first reading in the period."""
        place, last = self.first_known, len(self.history) - 1
        first = None if place is None or place == last else self.history[place]
        return None if first is None or self.latest is None else self.latest - first

    @property
    def gains(self) -> tuple[int | None, ...]:
        """What each bucket brought; None where it or the one before it was not measured."""
        steps = zip((self.before, *self.history), self.history, strict=False)
        return tuple(None if was is None or is_now is None else is_now - was for was, is_now in steps)


def followers_of(*, profile_ids: Iterable[int], period: Period) -> dict[int, Followers]:
    """By profile, in one query: a look into the index for each bucket."""
    found = _latest_within(sorted(set(profile_ids)), spans_of(period))
    return {profile_id: followers_from(values, period) for profile_id, values in found.items()}


def spans_of(period: Period) -> list[tuple[datetime, datetime]]:
    """Where the readings of a period are looked for: in each bucket, and at its ends."""
    starts = [local_midnight(day, period.zone) for day in period.each_bucket()]
    return [*zip(starts, [*starts[1:], period.ends_at], strict=True), *_ends(period)]


def followers_from(values: Sequence[int | None], period: Period) -> Followers:
    """What was found within these spans."""
    return Followers(
        history=tuple(values[:-3]),
        before=_first_known(*values[-3:-1]),
        latest=values[-1],
        buckets=tuple(period.each_bucket()),
    )


def followers_per_day(*, profile_id: int, period: Period) -> dict[date, int | None]:
    """The last reading of each local day of a period; None on a day without one."""
    days = list(period.each_day())
    spans = [(local_midnight(day, period.zone), local_midnight(day + ONE_DAY, period.zone)) for day in days]
    return dict(zip(days, _latest_within([profile_id], spans)[profile_id], strict=True))


def followers_at(*, profile_ids: Iterable[int], moments: Sequence[datetime]) -> dict[int, list[int | None]]:
    """By profile, for each moment the last reading that still speaks for it; None where nobody measured."""
    return _latest_within(sorted(set(profile_ids)), [(moment - SPEAKS_FOR, moment) for moment in moments])


def _ends(period: Period) -> list[tuple[datetime, datetime]]:
    """Before the period, else in its first day; and its end. An end in the future is now: no reading is later."""
    first_day_ends = local_midnight(period.first + ONE_DAY, period.zone)
    return [
        (period.starts_at - SPEAKS_FOR, period.starts_at),
        (period.starts_at, first_day_ends),
        (period.ends_at - SPEAKS_FOR, period.ends_at),
    ]


def _latest_within(
    profile_ids: Sequence[int], spans: Sequence[tuple[datetime, datetime]]
) -> dict[int, list[int | None]]:
    found: dict[int, list[int | None]] = {profile_id: [] for profile_id in profile_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            _LATEST_WITHIN, [list(profile_ids), [span[0] for span in spans], [span[1] for span in spans]]
        )
        for profile_id, _number, followers in cursor.fetchall():
            found[profile_id].append(followers)
    return found


def _first_known(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
