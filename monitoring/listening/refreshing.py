"""Ask again for the posts that are still young: how people reacted since, what was edited, what was deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from monitoring.listening.collecting import Open
from monitoring.listening.listeners import listeners_for
from monitoring.listening.models import Mention, Source
from monitoring.listening.services.mentions import delete_mentions
from monitoring.listening.storing import Found, lock_brands, next_refresh, store_mentions
from monitoring.platforms.errors import ConnectorError
from monitoring.platforms.opening import open_connector
from monitoring.platforms.registry import connector_class
from monitoring.platforms.types import Capability, Page, Post

BATCH = 500


@dataclass(frozen=True)
class Due:
    """A mention whose engagement should be asked for again."""

    pk: int
    brand_id: int
    platform: str
    source_id: int | None
    external_id: str
    asked_id: str  # what the platform's API knows it by


def refresh_mentions(*, open_: Open = open_connector) -> int:
    """Refresh what is due, at most a batch. Returns how many mentions were asked about.

    The next time is set before anybody is asked: a worker that dies costs one measurement, not a loop.
    """
    due = _claim_due()
    asked = 0
    for (platform, source_id), group in groupby(due, key=lambda one: (one.platform, one.source_id)):
        mentions = list(group)
        source = Source.objects.select_related("account").filter(pk=source_id).first()
        if source is None or not _can_refresh(platform):
            continue
        try:
            connector = open_(platform=platform, server=source.server, account=source.account)
            page = connector.read_posts(sorted({mention.asked_id for mention in mentions}))
        except ConnectorError:
            continue  # the source's own runs tell about it, and the next age brings another chance
        _write(platform, source.pk, mentions, page)
        asked += len(mentions)
    return asked


def _claim_due() -> list[Due]:
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Mention.objects.select_for_update(skip_locked=True)
            .filter(refresh_at__lte=now, deleted_at=None)
            .order_by("refresh_at")
            .only("pk", "brand_id", "platform", "source_id", "external_id", "native_id", "published_at")[
                :BATCH
            ]
        )
        for row in rows:
            row.refresh_at = next_refresh(row.published_at, now) if _can_refresh(row.platform) else None
        Mention.objects.bulk_update(rows, ["refresh_at"])
    due = [
        Due(
            row.pk,
            row.brand_id,
            row.platform,
            row.source_id,
            row.external_id,
            row.native_id or row.external_id,
        )
        for row in rows
    ]
    return sorted(due, key=lambda one: (one.platform, one.source_id or 0))


def _can_refresh(platform: str) -> bool:
    """A paid platform is not asked twice for the same post."""
    described = connector_class(platform).platform
    return Capability.READ_POSTS in described.capabilities and not described.price_per_post


def _write(platform: str, source_id: int, mentions: list[Due], page: Page[Post]) -> None:
    known = {(mention.brand_id, mention.external_id) for mention in mentions}
    listeners = listeners_for(platform=platform, brand_ids=[mention.brand_id for mention in mentions])
    found = [item for item in listeners.find(page.items) if (item.brand_id, item.post.external_id) in known]
    gone = _gone(mentions, page)
    with transaction.atomic():
        alive = lock_brands(mention.brand_id for mention in mentions)
        store_mentions(platform=platform, source_id=source_id, found=_of(found, alive))
        delete_mentions(ids=[mention.pk for mention in gone])


def _of(found: Iterable[Found], brands: set[int]) -> list[Found]:
    return [item for item in found if item.brand_id in brands]


def _gone(mentions: list[Due], page: Page[Post]) -> list[Due]:
    """What the platform was asked for and does not have any more: deleted there, so deleted here."""
    if page.skipped:
        return []  # one of those that could not be read may be the one that is missing
    there = {post.native_id or post.external_id for post in page.items} | page.unknown
    return [mention for mention in mentions if mention.asked_id not in there]
