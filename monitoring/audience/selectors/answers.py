"""What our own posts answered: posts that reply to somebody, as they name whom they reply to."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.listening.models import BrandKind

MOST: Final = 5_000


def names_answered(*, organization: Organization, since: datetime) -> set[tuple[str, str]]:
    """Platform, and what the reply calls its parent there (`Connector.named_by_replies`). Removed replies count not."""
    replies = PublishedPost.objects.filter(
        organization=organization, brand__kind=BrandKind.OWN, published_at__gte=since, removed_at=None
    ).exclude(parent_id=None)
    named = replies.order_by("-published_at").values_list("platform", "parent_id")[:MOST]
    return {(platform, parent) for platform, parent in named if parent}
