"""Our own profiles in a period: what their posts gained day by day and what their following gained, in one reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from accounts.models import Organization
from monitoring.audience.selectors.followers import SPEAKS_FOR
from monitoring.lib.periods import ONE_DAY, Period, local_midnight
from monitoring.listening.models import BrandKind


def _latest(since: str, until: str) -> str:
    """The last reading between two moments, which the parameters of these names are."""
    return f"""(
        select followers from audience_audiencesnapshot where profile_id = profile.id and followers is not null
        and taken_at >= %({since})s and taken_at < %({until})s order by taken_at desc limit 1)"""


_OWN: Final = f"""
    with own as (select id from listening_brand where organization_id = %(organization)s and kind = %(own)s)
    select day, sum(interactions)::bigint, sum(posts)::bigint from audience_engagementday
    where brand_id in (select id from own) and day between %(first)s and %(last)s group by day
    union all
    select null,
        coalesce({_latest("before_from", "starts")}, {_latest("starts", "first_day_ends")}),
        {_latest("latest_from", "ends")}
    from listening_trackedprofile profile
    where organization_id = %(organization)s and brand_id in (select id from own)
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


def read_own_period(*, organization: Organization, period: Period) -> OwnPeriod:
    """Before the period, else in its first day; and at its end: as `followers_of` counts, too."""
    parameters = {
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
