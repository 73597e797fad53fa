"""Apply an edited keyword to what is stored: count what would come and go, then change it, batch by batch.

A mention that the keyword found and that no keyword of the brand finds any more is set aside: kept, but in no list and
no figure, until some keyword finds it again. The mentions of a batch and the progress are written in one transaction
under the brand's lock, as whoever stores mentions does it: a worker may die at any instant, and the next one goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from monitoring.analysis.matching import Document, Matcher
from monitoring.analysis.queries import Query, QueryError, parse
from monitoring.lib.leases import is_free
from monitoring.listening.changing.muting import muted_among
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import (
    COUNTED_STATUSES,
    Keyword,
    KeywordVersion,
    Mention,
    MentionStatus,
    Replay,
)

BATCH: Final = 1_000
SHOWN: Final = 5  # examples of each kind
LEASE: Final = timedelta(minutes=5)
MOST_ATTEMPTS: Final = 10

READ: Final = (
    "pk", "title", "text", "language", "platform", "author_handle", "author_followers", "published_at",
    "keyword_versions", "status", "status_when_found", "is_counted", "organization_id", "author_key",
)  # fmt: skip
_WRITE = """
    update listening_mention mention
    set keyword_versions = change.versions::bigint[], no_longer_matches = cardinality(change.versions::bigint[]) = 0,
        status = change.status, status_when_found = change.status_when_found
    from unnest(%s::bigint[], %s::text[], %s::smallint[], %s::smallint[])
        change (id, versions, status, status_when_found)
    where mention.id = change.id
"""

State = Replay.State


class ReplayLost(Exception):
    """Another worker took the walk over, or somebody stopped it."""


class Move(StrEnum):
    LEAVING = "leaving"
    RETURNING = "returning"
    JOINING = "joining"


@dataclass(frozen=True)
class Change:
    """What becomes of a mention. `move` is None where nobody who looks at lists and figures would notice."""

    mention: Mention
    versions: tuple[int, ...]
    status: int
    status_when_found: int | None
    move: Move | None


@dataclass(frozen=True)
class Judge:
    """The keywords of a brand as they are now, and which of their versions belong to the one that was edited."""

    version: int
    own: frozenset[int]  # all versions of the edited keyword
    platforms: dict[int, Sequence[str]]  # by version; empty: everywhere
    matcher: Matcher

    def match(self, mentions: Sequence[Mention]) -> list[list[int]]:
        """For each mention the versions that find it."""
        found = self.matcher.match_many(map(document, mentions))
        return [
            [key for key in keys if self._is_for(key, mention.platform)]
            for mention, keys in zip(mentions, found, strict=True)
        ]

    def changes(self, mentions: Sequence[Mention], found: Sequence[Sequence[int]]) -> list[Change]:
        judged = (self._change(mention, keys) for mention, keys in zip(mentions, found, strict=True))
        return _without_muted([change for change in judged if change is not None])

    def _is_for(self, version: int, platform: str) -> bool:
        return not self.platforms[version] or platform in self.platforms[version]

    def _change(self, mention: Mention, matching: Sequence[int]) -> Change | None:
        """None where nothing changes. Other keywords are asked only where nothing else holds the mention."""
        before = set(mention.keyword_versions)
        others = before - self.own
        if self.version in matching:
            after = others | {self.version}
        elif before & self.own:
            after = others or set(matching)
        else:
            return None
        if after == before and mention.status != MentionStatus.UNMATCHED:
            return None
        return _moved(mention, tuple(sorted(after)), is_new=not before & self.own)


def _moved(mention: Mention, versions: tuple[int, ...], *, is_new: bool) -> Change:
    counts = mention.status in COUNTED_STATUSES
    if not versions and counts:
        return Change(mention, versions, MentionStatus.UNMATCHED, mention.status, Move.LEAVING)
    if versions and mention.status == MentionStatus.UNMATCHED:
        status = mention.status_when_found or MentionStatus.OPEN
        return Change(mention, versions, status, None, Move.RETURNING)
    move = Move.JOINING if counts and versions and is_new else None
    return Change(mention, versions, mention.status, mention.status_when_found, move)


def _without_muted(changes: list[Change]) -> list[Change]:
    """What muted authors said returns among what is muted, where nobody sees it."""
    authors = {
        (change.mention.organization_id, change.mention.author_key)
        for change in changes
        if change.move is Move.RETURNING
    }
    muted = muted_among(authors) if authors else set[tuple[int, str]]()
    return [
        replace(change, status=MentionStatus.MUTED, move=None)
        if change.move is Move.RETURNING
        and (change.mention.organization_id, change.mention.author_key) in muted
        else change
        for change in changes
    ]


def judge_of(keyword: Keyword, *, query: Query | None = None) -> Judge:
    """The keyword held against its brand's mentions together with all others of the brand, also those that pause.

    `query` is tried in place of its own.
    """
    rows = list(
        KeywordVersion.objects.filter(keyword__brand_id=keyword.brand_id, replaced_at=None)
        .order_by("pk")
        .values_list("pk", "query", "keyword_id", "keyword__platforms")
    )
    queries = {}
    for version, text, keyword_id, _platforms in rows:
        try:
            queries[version] = query if query and keyword_id == keyword.pk else parse(text)
        except QueryError:  # the language became stricter since this was saved
            if keyword_id == keyword.pk:
                raise
    return Judge(
        version=next(version for version, _text, keyword_id, _on in rows if keyword_id == keyword.pk),
        own=frozenset(keyword.versions.values_list("pk", flat=True)),
        platforms={version: platforms for version, _text, _keyword, platforms in rows},
        matcher=Matcher(queries),
    )


def document(mention: Mention) -> Document:
    """A stored mention as queries look at it."""
    return Document(
        text=mention.text,
        title=mention.title,
        language=mention.language,
        platform=mention.platform,
        author_handle=mention.author_handle,
        author_followers=mention.author_followers,
    )


def claim_replay(*, replay_id: int) -> Replay | None:
    """Take a walk that waits, or whose worker died. None where somebody else is at it, or it failed too often."""
    with transaction.atomic():
        free = Replay.objects.select_for_update(of=("self",)).filter(_unattended(), pk=replay_id)
        replay = free.select_related("keyword__brand").first()
        if replay is None:
            return None
        replay.attempt += 1
        replay.lease_until = timezone.now() + LEASE
        if replay.attempt > MOST_ATTEMPTS:
            replay.state, replay.finished_at = State.FAILED, timezone.now()
        replay.save(update_fields=["attempt", "lease_until", "state", "finished_at"])
    return replay if replay.is_worked_on else None


def run_replay(*, replay: Replay) -> None:
    """Walk on from where the last worker was, to the end."""
    try:
        while _work_on_a_batch(replay):
            continue
    except ReplayLost:
        return


def left_replays() -> list[int]:
    """Walks that nobody took up, or whose worker died."""
    waiting = Q(lease_until=None, created_at__lt=timezone.now() - LEASE)
    left = Replay.objects.filter(_working(), waiting | Q(lease_until__lt=timezone.now()))
    return list(left.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _work_on_a_batch(replay: Replay) -> bool:
    """Whether there is more to walk."""
    brand_id = replay.keyword.brand_id
    if replay.state == State.APPLYING and not lock_brands([brand_id]):
        raise ReplayLost
    keyword = Keyword.objects.filter(pk=replay.keyword_id).first()
    if keyword is None or not keyword.versions.filter(pk=replay.version_id, replaced_at=None).exists():
        raise ReplayLost
    mentions = list(_ahead(replay)[:BATCH])
    judge = judge_of(keyword)
    changes = judge.changes(mentions, judge.match(mentions))
    if replay.state == State.APPLYING:
        _write(changes)
    _note(replay, mentions, changes)
    return len(mentions) == BATCH


def _ahead(replay: Replay) -> QuerySet[Mention]:
    mentions = Mention.objects.filter(
        organization_id=replay.organization_id, brand_id=replay.keyword.brand_id, deleted_at=None
    )
    if replay.position_at is not None:
        older = Q(published_at__lt=replay.position_at) | Q(id__lt=replay.position_id)
        mentions = mentions.filter(Q(published_at__lte=replay.position_at) & older)
    return mentions.only(*READ).order_by("-published_at", "-id")


def _write(changes: Sequence[Change]) -> None:
    columns: list[list[object]] = [
        [change.mention.pk for change in changes],
        ["{" + ",".join(map(str, change.versions)) + "}" for change in changes],
        [change.status for change in changes],
        [change.status_when_found for change in changes],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, columns)


def _note(replay: Replay, mentions: Sequence[Mention], changes: Sequence[Change]) -> None:
    """The progress, under the lease. At the end what is counted waits for a word; what is applied is done."""
    is_last = len(mentions) < BATCH
    facts: dict[str, object] = {"done": replay.done + len(mentions)}
    if mentions:
        facts |= {"position_at": mentions[-1].published_at, "position_id": mentions[-1].pk}
    for move in Move:
        moved = [change.mention.pk for change in changes if change.move is move]
        shown = [*getattr(replay, f"shown_{move}"), *moved][:SHOWN]
        facts |= {move.value: getattr(replay, move) + len(moved), f"shown_{move}": shown}
    if is_last:
        ended = State.DONE if replay.state == State.APPLYING else State.COUNTED
        facts |= {"state": ended, "finished_at": timezone.now(), "rows": facts["done"]}
    _renew(replay, facts)


def _renew(replay: Replay, facts: dict[str, object]) -> None:
    mine = Replay.objects.filter(pk=replay.pk, state=replay.state, attempt=replay.attempt)
    lease: datetime | None = None if "state" in facts else timezone.now() + LEASE
    if not mine.update(lease_until=lease, **facts):
        raise ReplayLost
    for name, value in facts.items():
        setattr(replay, name, value)


def _working() -> Q:
    return Q(state__in=[State.COUNTING, State.APPLYING])


def _unattended() -> Q:
    return _working() & is_free(timezone.now())
