"""Write what was read of profiles and posts: one statement for many rows, whatever the number.

Writers of one brand take turns (`lock_brands`), so that the difference between two measurements is exact and no two
of them wait for each other's counts. A profile that somebody stopped following meanwhile is passed over.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import connection, transaction

from monitoring.analysis.post_kinds import guess_kind
from monitoring.audience.models import PublishedPost
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import TrackedProfile
from monitoring.platforms.types import Post, Profile

Item = TypeVar("Item")

BATCH = 1000

_COUNTS = ("likes", "replies", "shares", "quotes", "views")
_WORDS = ("native_id", "url", "title", "text", "parent_id", "guessed_kind")
_COUNT_COLUMNS = ", ".join(_COUNTS)
_WORD_COLUMNS = ", ".join(_WORDS)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a platform said about a tracked profile at one time."""

    profile_id: int
    taken_at: datetime
    profile: Profile


@dataclass(frozen=True, kw_only=True)
class SeenPost:
    """A post of a tracked profile, as it was at one time."""

    profile_id: int
    measured_at: datetime
    post: Post


@dataclass(frozen=True)
class StoredPosts:
    """How many posts were new, and how many had other counts than before."""

    new: int = 0
    changed: int = 0

    def __add__(self, other: StoredPosts) -> StoredPosts:
        return StoredPosts(self.new + other.new, self.changed + other.changed)


_STORE_SNAPSHOTS = """
    insert into audience_audiencesnapshot as known
        (organization_id, profile_id, hour, taken_at, followers, following, posts)
    select distinct on (reading.profile_id, hour)
        tracked.organization_id, reading.profile_id, hour, taken_at, followers, following, posts
    from jsonb_to_recordset(%s::jsonb) as reading
        (profile_id bigint, taken_at timestamptz, followers bigint, following bigint, posts bigint)
    join listening_trackedprofile tracked on tracked.id = reading.profile_id
    cross join lateral date_trunc('hour', taken_at, 'UTC') hour
    order by reading.profile_id, hour, taken_at desc
    on conflict (profile_id, hour) do update
    set (taken_at, followers, following, posts)
        = row(excluded.taken_at, excluded.followers, excluded.following, excluded.posts)
    where known.taken_at < excluded.taken_at
"""

# A statement sees its tables as they were: `before` is a post without what `written` has just done to it.
_STORE_POSTS = f"""
    with arriving as (
        select tracked.organization_id, tracked.brand_id, tracked.platform, seen.*
        from jsonb_to_recordset(%s::jsonb) as seen (
            profile_id bigint, external_id text, published_at timestamptz, measured_at timestamptz,
            {", ".join(f"{name} text" for name in _WORDS)}, {", ".join(f"{name} bigint" for name in _COUNTS)})
        join listening_trackedprofile tracked on tracked.id = seen.profile_id
    ), written as (
        insert into audience_publishedpost as known (organization_id, brand_id, profile_id, platform, external_id,
            published_at, refreshed_at, {_WORD_COLUMNS}, {_COUNT_COLUMNS})
        select organization_id, brand_id, profile_id, platform, external_id,
            published_at, measured_at, {_WORD_COLUMNS}, {_COUNT_COLUMNS}
        from arriving order by profile_id, external_id
        on conflict (profile_id, external_id) do update
        set {", ".join(f"{name} = excluded.{name}" for name in _WORDS)},
            {", ".join(f"{name} = coalesce(excluded.{name}, known.{name})" for name in _COUNTS)},
            removed_at = null, refreshed_at = excluded.refreshed_at
        where known.refreshed_at < excluded.refreshed_at
        returning *
    ), entered as (
        insert into audience_postengagement (organization_id, brand_id, post_id, platform, measured_at, counted_at,
            gained, is_first, {_COUNT_COLUMNS})
        select written.organization_id, written.brand_id, written.id, written.platform, written.refreshed_at,
            case when before.id is null then written.published_at else written.refreshed_at end,
            written.interactions - coalesce(before.interactions, 0), before.id is null,
            {", ".join(f"written.{name}" for name in _COUNTS)}
        from written left join audience_publishedpost before on before.id = written.id
        where before.id is null or ({", ".join(f"written.{name}" for name in _COUNTS)})
            is distinct from ({", ".join(f"before.{name}" for name in _COUNTS)})
        order by written.brand_id, written.id
        returning is_first
    )
    select count(*) filter (where is_first), count(*) filter (where not is_first) from entered
"""  # noqa: S608 - made of our own column names only


@transaction.atomic
def store_snapshots(*, readings: Iterable[Reading]) -> None:
    """Keep readings, one per profile and hour: the latest wins, and writing one twice changes nothing.

    Where the platform says no number at all there is nothing to keep.
    """
    readings = [reading for reading in readings if _numbers(reading) != (None, None, None)]
    _lock_profiles(reading.profile_id for reading in readings)
    for batch in _batches(readings):
        _execute(_STORE_SNAPSHOTS, [_snapshot_row(reading) for reading in batch])


@transaction.atomic
def store_posts(*, seen: Iterable[SeenPost]) -> StoredPosts:
    """Keep posts and how their counts moved. A measurement that is not newer than the last one changes nothing.

    A count that the platform no longer says keeps its last value. A post that is back is no longer removed.
    """
    seen = list(seen)
    _lock_profiles(item.profile_id for item in seen)
    stored = StoredPosts()
    for measurements in _one_per_post(seen):
        for batch in _batches(measurements):
            stored += StoredPosts(*_execute(_STORE_POSTS, [_post_row(item) for item in batch]))
    return stored


@transaction.atomic
def mark_removed(
    *, profile_ids: Sequence[int], published_since: datetime, not_seen_since: datetime, now: datetime
) -> int:
    """Mark the posts that a complete listing back to `published_since` no longer held."""
    _lock_profiles(profile_ids)
    missing = PublishedPost.objects.filter(
        profile_id__in=profile_ids,
        published_at__gte=published_since,
        refreshed_at__lt=not_seen_since,
        removed_at=None,
    )
    return missing.update(removed_at=now, title="", text="")


def _lock_profiles(profile_ids: Iterable[int]) -> None:
    brands = TrackedProfile.objects.filter(pk__in=set(profile_ids)).values_list("brand_id", flat=True)
    lock_brands(brands)


def _one_per_post(seen: Sequence[SeenPost]) -> list[list[SeenPost]]:
    """Rounds in which no post comes twice, each post's measurements in the order they were made."""
    rounds: list[list[SeenPost]] = []
    measured: defaultdict[tuple[int, str], int] = defaultdict(int)
    for item in sorted(seen, key=lambda item: item.measured_at):
        key = (item.profile_id, item.post.external_id)
        if measured[key] == len(rounds):
            rounds.append([])
        rounds[measured[key]].append(item)
        measured[key] += 1
    return rounds


def _batches(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _snapshot_row(reading: Reading) -> dict[str, object]:
    followers, following, posts = _numbers(reading)
    return {
        "profile_id": reading.profile_id,
        "taken_at": reading.taken_at.isoformat(),
        "followers": followers,
        "following": following,
        "posts": posts,
    }


def _numbers(reading: Reading) -> tuple[int | None, int | None, int | None]:
    return reading.profile.followers, reading.profile.following, reading.profile.posts


def _post_row(seen: SeenPost) -> dict[str, object]:
    post = seen.post
    return {
        "profile_id": seen.profile_id,
        "external_id": post.external_id,
        "published_at": post.published_at.isoformat(),
        "measured_at": seen.measured_at.isoformat(),
        **{name: _clean(getattr(post, name)) for name in _WORDS[:-1]},
        "guessed_kind": guess_kind(f"{post.title}\n{post.text}", is_reply=bool(post.parent_id)),
        **{name: getattr(post.engagement, name) for name in _COUNTS},
    }


def _clean(text: str | None) -> str | None:
    """PostgreSQL refuses the null character and half a surrogate pair."""
    return text and text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _execute(statement: str, rows: Sequence[dict[str, object]]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(rows)])
        return tuple(cursor.fetchone()) if cursor.description else ()
