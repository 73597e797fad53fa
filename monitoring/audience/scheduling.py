"""How often a profile's numbers and posts are read: as often as its most demanding follower needs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Max

from monitoring.audience.models import PublishedPost
from monitoring.listening.models import BrandKind, Source, Subscription
from monitoring.platforms.registry import connector_class

OFTEN = timedelta(hours=1)
SOMETIMES = timedelta(hours=6)
RARELY = timedelta(days=1)
YOUNG = timedelta(days=3)  # a post earns most of its reactions in its first days
IDLE = timedelta(days=30)


def profile_interval(source: Source) -> timedelta:
    """Our own followers hourly, other people's daily; daily too where the platform charges for it."""
    return OFTEN if _is_demanding(source) else RARELY


def posts_interval(source: Source, *, profile_ids: Collection[int], now: datetime) -> timedelta:
    """Hourly while one of our own posts is young, rarely where nothing is published any more."""
    if not _is_demanding(source):
        return RARELY
    posts = PublishedPost.objects.filter(profile_id__in=profile_ids, removed_at=None)
    latest = posts.aggregate(latest=Max("published_at"))["latest"]
    if latest is None or latest < now - IDLE:
        return RARELY
    return OFTEN if latest > now - YOUNG else SOMETIMES


def _is_demanding(source: Source) -> bool:
    platform = connector_class(source.platform).platform
    if platform.price_per_post or platform.price_per_profile:
        return False
    own = Subscription.objects.filter(source=source, profile__brand__kind=BrandKind.OWN)
    return own.exists()
