"""The conversation that a mention belongs to: what is stored of it, in order, and where the rest can be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from monitoring.listening.models import Brand, Mention, MentionStatus
from monitoring.listening.models.mentions import CONVERSATION, STILL_THERE
from monitoring.platforms.connector import Connector
from monitoring.platforms.registry import UnknownPlatform, connector_class

MOST = 50  # posts shown
_WEB = ("https://", "http://")


@dataclass(frozen=True, kw_only=True)
class ThreadPost:
    """One post of a conversation. `mention` is None for one of ours, and for what is not stored."""

    names: frozenset[str]  # what replies call it
    parent: str = ""
    at: datetime | None = None
    author: str = ""
    text: str = ""
    link: str = ""  # to the platform
    mention: Mention | None = None
    own_id: int | None = None  # of one of our own posts
    is_here: bool = False  # the mention whose conversation it is

    @property
    def is_missing(self) -> bool:
        return self.mention is None and self.own_id is None


@dataclass(frozen=True)
class Thread:
    """`posts` are those of others, stored, oldest first; `complete` adds what is not."""

    mention: Mention
    posts: tuple[ThreadPost, ...]
    has_more: bool

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(post.names for post in self.posts))

    @cached_property
    def unknown(self) -> frozenset[str]:
        """What the posts answer, or where they began, and nobody stored."""
        wanted = {post.parent for post in self.posts if post.parent}
        return frozenset((wanted | {self.mention.thread_id or ""}) - self.names - {""})

    @property
    def connector(self) -> type[Connector]:
        return _connector(self.mention.platform)

    def complete(self, own: Iterable[ThreadPost] = ()) -> list[ThreadPost]:
        """With our own posts among them, and a place for each post that is stored nowhere, before what answers it."""
        ours = list(own)
        known = sorted([*self.posts, *ours], key=lambda post: post.at or self.mention.published_at)
        left = set(self.unknown).difference(*(post.names for post in ours))
        whole: list[ThreadPost] = []
        root = self.mention.thread_id or ""
        if root in left and len(known) + len(left) > 1:
            whole.append(self._missing(root))
            left.discard(root)
        for post in known:
            if post.parent in left:
                whole.append(self._missing(post.parent))
                left.discard(post.parent)
            whole.append(post)
        return whole if len(whole) > 1 else []

    def _missing(self, name: str) -> ThreadPost:
        return ThreadPost(names=frozenset({name}), link=self.connector.post_address(name))


def read_thread(*, mention: Mention) -> Thread:
    """Of all brands of the organization; a post that is a mention of two of them stands there once."""
    names = names_of(mention)
    begun = {mention.thread_id or mention.parent_id or ""} - {""}
    answered = {mention.parent_id or "", mention.thread_id or ""} - {""}
    found = (
        Mention.objects.alias(conversation=CONVERSATION)
        .filter(
            Q(conversation__in=names | begun) | Q(platform=mention.platform, external_id__in=answered),
            STILL_THERE,
            brand__organization=mention.organization_id,
            platform=mention.platform,
        )
        .exclude(pk=mention.pk)
        .exclude(external_id=mention.external_id)
        .select_related("source")
        .defer("search")
        .order_by("published_at", "pk")[:MOST]
    )
    rows = list(found)
    once = {row.external_id: row for row in reversed(rows)}
    posts = sorted([mention, *once.values()], key=lambda row: (row.published_at, row.pk))
    return Thread(mention, tuple(_post(row, mention) for row in posts), has_more=len(rows) == MOST)


def _post(row: Mention, here: Mention) -> ThreadPost:
    return ThreadPost(
        names=names_of(row),
        parent=row.parent_id or "",
        at=row.published_at,
        author=row.author_said,
        text=row.title or row.text,
        link=row.url if row.url.startswith(_WEB) else "",
        mention=row,
        is_here=row.pk == here.pk,
    )


def names_of(mention: Mention) -> frozenset[str]:
    """What replies call it. Its source is best selected with it."""
    return _connector(mention.platform).named_by_replies(
        external_id=mention.external_id,
        native_id=mention.native_id,
        server=mention.source.server if mention.source else "",
    )


def open_mentions_named(
    *,
    organization_id: int,
    named: Collection[tuple[str, str]],
    since: datetime,
    collected_since: datetime | None = None,
) -> list[int]:
    """Of what replies on a platform call their parents, the open mentions published, and perhaps stored, since."""
    parents = {parent for _platform, parent in named}
    recent = Mention.objects.filter(
        Q(external_id__in=parents) | Q(native_id__in=last_parts(parents)),
        organization_id=organization_id,
        brand__in=Brand.objects.filter(organization=organization_id).values("pk"),
        platform__in={platform for platform, _parent in named},
        status=MentionStatus.OPEN,
        deleted_at=None,
        published_at__gte=since,
    )
    if collected_since:
        recent = recent.filter(collected_at__gte=collected_since)
    found = recent.select_related("source").defer("search")
    wanted = set(named)
    return [
        mention.pk
        for mention in found
        if any((mention.platform, name) in wanted for name in names_of(mention))
    ]


def _connector(platform: str) -> type[Connector]:
    """What a connector that was taken out brought is still shown."""
    try:
        return connector_class(platform)
    except UnknownPlatform:
        return Connector


def last_parts(names: Iterable[str]) -> Sequence[str]:
    """What may be a post's number on its server."""
    return sorted({name.rsplit("/", 1)[-1] for name in names})
