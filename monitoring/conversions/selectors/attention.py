"""From people who saw a post to visits: how far it reached, how many reacted. Only what somebody can know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import Organization
from monitoring.audience.selectors.engagement import engagement_per_day
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand
from monitoring.listening.selectors.counts import sum_period

# Few: those that a business publishes itself. Written by hand, because building it took longer than asking.
_POSTS = """
    select count(*), count(views), coalesce(sum(views), 0)::bigint from audience_publishedpost
    where organization_id = %s and brand_id = any(%s) and published_at >= %s and published_at < %s
"""


@dataclass(frozen=True, kw_only=True)
class Attention:
    """`reached` is an estimate: the followers of those who mentioned us, once for each mention, and the views of our
    own posts where their platform tells them. None: nobody knows.

    `unknown_days` are those on which nobody could look at our own posts.
    """

    reached: int | None
    mentions: int
    posts: int
    posts_with_views: int
    interactions: int | None
    unknown_days: int


def read_attention(
    *, organization: Organization, brands: Sequence[Brand], period: Period, now: datetime
) -> Attention:
    """Of these brands, which are our own."""
    heard = sum_period(brands=brands, period=period)
    own = engagement_per_day(organization=organization, period=period, now=now)
    gained = [day.interactions for day in own if day.interactions is not None]
    posts, with_views, views = _count_posts(organization, brands, period)
    reached = heard.followers + views
    return Attention(
        reached=reached or None,
        mentions=heard.mentions,
        posts=posts,
        posts_with_views=with_views,
        interactions=sum(gained) + heard.interactions if gained or heard.mentions else None,
        unknown_days=len(own) - len(gained),
    )


def _count_posts(organization: Organization, brands: Sequence[Brand], period: Period) -> tuple[int, int, int]:
    """All, those whose views are known, and their views."""
    keys = [brand.pk for brand in brands]
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, [organization.pk, keys, period.starts_at, period.ends_at])
        posts, with_views, views = cursor.fetchone()
        return posts, with_views, views
