"""Our own profiles in a period: what their posts gained day by day and what their following gained, in one reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.audience.selectors.followers import SPEAKS_FOR, Followers, followers_from, spans_of
from monitoring.lib.periods import ONE_DAY, Period, local_midnight
from monitoring.listening.models import BrandKind


def _latest(since: str, until: str) -> str:
    """The last reading between two moments."""
    return f"""(
        select followers from audience_audiencesnapshot where profile_id = profile.id and followers is not null
        and taken_at >= {since} and taken_at < {until} order by taken_at desc limit 1)"""  # noqa: S608 - put together from constants


_OWN: Final = f"""
    with own as (select id from listening_brand where organization_id = %(organization)s and kind = %(own)s)
    select day, sum(interactions)::bigint, sum(posts)::bigint from audience_engagementday
    where brand_id in (select id from own) and day between %(first)s and %(last)s group by day
    union all
    select null,
        coalesce({_latest("%(before_from)s", "%(starts)s")}, {_latest("%(starts)s", "%(first_day_ends)s")}),
        {_latest("%(latest_from)s", "%(ends)s")}
    from listening_trackedprofile profile
    where organization_id = %(organization)s and brand_id in (select id from own)
"""  # noqa: S608 - put together from constants


_FOLLOWERS: Final = f"""
    select profile.id, profile.platform, profile.handle, {_latest("span.began_at", "span.ended_at")}
    from listening_trackedprofile profile
    join listening_brand brand on brand.id = profile.brand_id and brand.kind = %(own)s
    cross join unnest(%(began)s::timestamptz[], %(ended)s::timestamptz[])
        with ordinality span (began_at, ended_at, number)
    where profile.organization_id = %(organization)s
    order by profile.id, span.number
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True)
class OwnPeriod:
    """`engaged`: interactions gained and posts published, by day. `ends`: each profile's followers, first and last."""

    engaged: Mapping[date, tuple[int, int]]
    ends: Sequence[tuple[int | None, int | None]]

    @property
    def gained(self) -> int | None:
        """New followers of all the profiles whose two ends are known; None where there is no such profile."""
        known = [last - first for first, last in self.ends if first is not None and last is not None]
        return sum(known) if known else None


@dataclass(frozen=True)
class OwnFollowers:
    """One of our own profiles, and how many follow it."""

    platform: str
    handle: str
    followers: Followers


def read_own_followers(*, organization: Organization, period: Period) -> list[OwnFollowers]:
    """The most followed first."""
    spans = spans_of(period)
    parameters: dict[str, Any] = {
        "organization": organization.pk,
        "own": BrandKind.OWN.value,
        "began": [began for began, _ended in spans],
        "ended": [ended for _began, ended in spans],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWERS, parameters)
        by_profile = groupby(cursor.fetchall(), key=lambda row: row[:3])
        found = [
            OwnFollowers(platform, handle, followers_from([row[3] for row in rows], period))
            for (_id, platform, handle), rows in by_profile
        ]
    return sorted(found, key=lambda each: -(each.followers.latest or 0))


def read_own_period(*, organization: Organization, period: Period) -> OwnPeriod:
    """Before the period, else in its first day; and at its end: as `followers_of` counts, too."""
    parameters: dict[str, Any] = {
        "organization": organization.pk,
        "own": BrandKind.OWN.value,
        "first": period.first,
        "last": period.last,
        "before_from": period.starts_at - SPEAKS_FOR,
        "starts": period.starts_at,
        "first_day_ends": local_midnight(period.first + ONE_DAY, period.zone),
        "latest_from": period.ends_at - SPEAKS_FOR,
        "ends": period.ends_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OWN, parameters)
        rows = cursor.fetchall()
    return OwnPeriod(
        engaged={day: (gained, posts) for day, gained, posts in rows if day is not None},
        ends=[(first, last) for day, first, last in rows if day is None],
    )
