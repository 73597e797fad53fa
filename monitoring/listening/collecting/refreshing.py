"""Ask again for posts: how people reacted since, what was edited, what was deleted.

While a post is young it is asked for often; later, at any age, once a month, so that what its author deleted is deleted
here too. The old never keep the young waiting, nor regular collecting: so many a minute and no more. Where a platform
counts no reactions, or charges for each post, young ones are not asked for: only every month whether they are still
there, and where it costs money only if the organization wants it, from what the month's limit leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from monitoring.listening.collecting.engagement_history import note_changes, read_numbers
from monitoring.listening.collecting.found import Found
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.running import Open
from monitoring.listening.collecting.storing import (
    RECHECKED_EVERY,
    REFRESH_AGES,
    lock_brands,
    next_refresh,
    store_mentions,
)
from monitoring.listening.models import Mention, Source
from monitoring.listening.services.mentions import bury_mentions
from monitoring.platforms.connector import Connector
from monitoring.platforms.errors import ConnectorError
from monitoring.platforms.opening import open_connector
from monitoring.platforms.registry import connector_class
from monitoring.platforms.types import Capability, Page, Post

BATCH = 500
OLD_ONES = 100  # a minute: more than four million a month
YOUNG = REFRESH_AGES[-1] + timedelta(days=1)
FAILED_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A mention whose engagement should be asked for again."""

    pk: int
    brand_id: int
    platform: str
    source_id: int | None
    external_id: str
    asked_id: str  # what the platform's API knows it by
    url: str


def refresh_mentions(*, open_: Open = open_connector) -> int:
    """Refresh what is due, at most a batch. Returns how many mentions were asked about.

    The next time is set before anybody is asked: a worker that dies costs one measurement, not a loop.
    """
    due = _claim_due()
    asked = 0
    for (platform, source_id), group in groupby(due, key=lambda one: (one.platform, one.source_id)):
        mentions = list(group)
        source = Source.objects.select_related("account").filter(pk=source_id).first()
        if not _may_ask(platform, source):
            continue
        try:
            connector = open_(
                platform=platform,
                server=source.server if source else "",
                account=source.account if source else None,
            )
            page = _ask(connector, platform, mentions)
        except ConnectorError:  # the source's own runs tell about it
            _ask_again(mentions)
            continue
        _write(platform, source_id, mentions, page)
        asked += len(mentions)
    return asked


def _claim_due() -> list[Due]:
    now = timezone.now()
    with transaction.atomic():
        young = _due().filter(refresh_at__gt=now - timedelta(days=1), published_at__gt=now - YOUNG)
        rows = list(young[:BATCH])
        others = _due().exclude(pk__in=[row.pk for row in rows])
        rows += others[: min(OLD_ONES, BATCH - len(rows))]
        for row in rows:
            often = not _is_rarely_asked(row.platform)
            row.refresh_at = next_refresh(row.published_at, now) if often else now + RECHECKED_EVERY
        Mention.objects.bulk_update(rows, ["refresh_at"])
    due = [
        Due(
            row.pk,
            row.brand_id,
            row.platform,
            row.source_id,
            row.external_id,
            row.native_id or row.external_id,
            row.url,
        )
        for row in rows
        if row.published_at < now - YOUNG or not _is_rarely_asked(row.platform)
    ]
    return sorted(due, key=lambda one: (one.platform, one.source_id or 0))


def _due() -> QuerySet[Mention]:
    return (
        Mention.objects.select_for_update(skip_locked=True)
        .filter(refresh_at__lte=timezone.now(), deleted_at=None)
        .order_by("refresh_at")
        .only("pk", "brand_id", "platform", "source_id", "external_id", "native_id", "url", "published_at")
    )


def _ask_again(mentions: Iterable[Due]) -> None:
    """An old post's next turn would be in a month."""
    tomorrow = timezone.now() + FAILED_AGAIN_AFTER
    Mention.objects.filter(pk__in=[mention.pk for mention in mentions]).update(
        refresh_at=Least(F("refresh_at"), tomorrow)
    )


def _ask(connector: Connector, platform: str, mentions: list[Due]) -> Page[Post]:
    if Capability.READ_POSTS in connector_class(platform).platform.capabilities:
        return connector.read_posts(sorted({mention.asked_id for mention in mentions}))
    gone = connector.find_gone(sorted({mention.url for mention in mentions}))
    return Page(
        items=(), unknown=frozenset(mention.asked_id for mention in mentions if mention.url not in gone)
    )


def _may_ask(platform: str, source: Source | None) -> bool:
    """Where there are many servers, the post's id means something only to the one it was found on."""
    described = connector_class(platform).platform
    if described.price_per_post:
        return source is not None and source.account is not None and source.account.rechecks_posts
    needs_source = described.many_servers and Capability.READ_POSTS in described.capabilities
    return source is not None or not needs_source


def _is_rarely_asked(platform: str) -> bool:
    described = connector_class(platform).platform
    return bool(described.price_per_post) or not described.counts_reactions


def _write(platform: str, source_id: int | None, mentions: list[Due], page: Page[Post]) -> None:
    known = {(mention.brand_id, mention.external_id) for mention in mentions}
    listeners = listeners_for(platform=platform, brand_ids=[mention.brand_id for mention in mentions])
    found = [item for item in listeners.find(page.items) if (item.brand_id, item.post.external_id) in known]
    gone = _gone(mentions, page)
    with transaction.atomic():
        alive = lock_brands(mention.brand_id for mention in mentions)
        before = read_numbers(mention_ids=[mention.pk for mention in mentions])
        store_mentions(platform=platform, source_id=source_id, found=_of(found, alive))
        note_changes(before=before)
        bury_mentions(ids=[mention.pk for mention in gone])


def _of(found: Iterable[Found], brands: set[int]) -> list[Found]:
    return [item for item in found if item.brand_id in brands]


def _gone(mentions: list[Due], page: Page[Post]) -> list[Due]:
    """What the platform was asked for and does not have any more: deleted there, so deleted here."""
    if page.skipped:
        return []  # one of those that could not be read may be the one that is missing
    there = {post.native_id or post.external_id for post in page.items} | page.unknown
    return [mention for mention in mentions if mention.asked_id not in there]
