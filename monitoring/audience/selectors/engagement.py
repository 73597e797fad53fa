"""How people reacted to our own posts, by day: read from the rollup, never from the posts."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet, Sum

from accounts.models import Organization
from monitoring.audience.models import EngagementDay, PublishedPost
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.selectors.coverage import Watched, silent_days
from monitoring.listening.selectors.watching import read_watch

# Written by hand: every overview asks it, and building it anew takes longer than answering it.
_PER_DAY = """
    select day, sum(interactions)::bigint, sum(posts)::bigint from audience_engagementday
    where brand_id in (select id from listening_brand where organization_id = %s and kind = %s)
    and day between %s and %s group by day
"""
_BY_PLATFORM = """
    select platform, coalesce(sum(posts) filter (where day >= %(first)s), 0)::bigint,
        coalesce(sum(posts) filter (where day < %(first)s), 0)::bigint
    from audience_engagementday
    where brand_id in (select id from listening_brand where organization_id = %(organization)s and kind = %(own)s)
    and day between %(before)s and %(last)s group by platform having sum(posts) > 0 order by platform
"""


@dataclass(frozen=True)
class EngagementOnDay:
    """Interactions gained on a day, and posts published. None: nobody measured that day."""

    day: date
    interactions: int | None
    posts: int


def engagement_per_day(*, organization: Organization, period: Period, now: datetime) -> list[EngagementOnDay]:
    """Every day of a period, for the organization's own profiles."""
    read = read_watch(organization=organization, now=now).own_posts
    return sum_per_day(organization=organization, period=period, now=now, read=read)


def sum_per_day(
    *, organization: Organization, period: Period, now: datetime, read: Iterable[Watched]
) -> list[EngagementOnDay]:
    """The same where it is known already which sources are `read`."""
    with connection.cursor() as cursor:
        cursor.execute(_PER_DAY, [organization.pk, BrandKind.OWN.value, period.first, period.last])
        kept = {day: (gained, published) for day, gained, published in cursor.fetchall()}
    return on_each_day(kept, period, days_without_a_reading(read, period, now))


def on_each_day(
    kept: Mapping[date, tuple[int, int]], period: Period, unknown: Container[date]
) -> list[EngagementOnDay]:
    """What was kept of some days, for every day: a day that was looked at and brought nothing is zero."""
    return [
        EngagementOnDay(day, *kept.get(day, (None if day in unknown else 0, 0))) for day in period.each_day()
    ]


def days_without_a_reading(sources: Iterable[Watched], period: Period, now: datetime) -> set[date]:
    """The days on which none of these was looked at."""
    silences = [silent_days(source, period, now) for source in sources]
    return set.intersection(*silences) if silences else set(period.each_day())


def count_posts(*, organization: Organization, period: Period) -> int:
    """Posts that our own profiles published in a period, those removed since included."""
    return _own_days(organization, period).aggregate(total=Sum("posts"))["total"] or 0


def posts_by_platform(*, organization: Organization, period: Period) -> dict[str, tuple[int, int]]:
    """How many posts our own profiles published on each platform, and how many in the period before."""
    facts: dict[str, int | str | date] = {
        "organization": organization.pk,
        "own": BrandKind.OWN.value,
        "before": period.previous().first,
        "first": period.first,
        "last": period.last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_PLATFORM, facts)
        return {platform: (now, before) for platform, now, before in cursor.fetchall()}


def best_posts(*, organization: Organization, period: Period, limit: int = 20) -> list[PublishedPost]:
    """Our own posts of a period that still stand, the one with the most interactions first."""
    posts = PublishedPost.objects.filter(
        organization=organization,
        brand_id__in=list(_own_brands(organization)),
        published_at__gte=period.starts_at,
        published_at__lt=period.ends_at,
        removed_at=None,
    )
    return list(posts.select_related("profile").order_by("-interactions", "-published_at", "-pk")[:limit])


def sum_by_bucket(period: Period, days: Iterable[tuple[date, int | None]]) -> list[int | None]:
    """One number for each of `period.each_bucket()`: the sum of its days; None where none of them is known."""
    sums: dict[date, int | None] = dict.fromkeys(period.each_bucket())
    for day, value in days:
        if value is not None:
            bucket = period.bucket_of(day)
            sums[bucket] = (sums[bucket] or 0) + value
    return list(sums.values())


def _own_brands(organization: Organization) -> QuerySet[Brand, int]:
    return Brand.objects.filter(organization=organization, kind=BrandKind.OWN).values_list("pk", flat=True)


def _own_days(organization: Organization, period: Period) -> QuerySet[EngagementDay]:
    return EngagementDay.objects.filter(
        brand_id__in=_own_brands(organization), day__range=(period.first, period.last)
    )
