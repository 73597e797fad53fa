"""Write found posts as mentions: one COPY of the new, one update of the known. The triggers count them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zlib import crc32

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from monitoring.analysis.words import search_document
from monitoring.listening.changing.muting import muted_among
from monitoring.listening.collecting.found import Found
from monitoring.listening.forgetting.erased_authors import without_erased
from monitoring.listening.models.mentions import MentionStatus

# How long after publication a post's engagement is asked for again: often while it is young.
REFRESH_AGES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
# Later it is only asked whether the post is still there.
RECHECKED_EVERY = timedelta(days=30)
LONGEST_LANGUAGE = 35  # as a platform may write it
SAMPLED_AUTHORS = 16  # one author in this many is in the sample
LINES_AT_ONCE = 300  # of COPY: the thread that reads ahead may keep us waiting after each piece
LOCK_SPACE = 7_000_000_000_000_000_000  # the triggers of migration 0002 lock the same keys


@dataclass(frozen=True)
class Stored:
    new: int
    changed: int


_COLUMNS = (
    "organization_id", "brand_id", "source_id", "platform", "community", "external_id", "native_id", "url", "title",
    "text", "published_at", "collected_at", "edited_at", "parent_id", "thread_id", "has_media",
    "author_key", "author_handle", "author_name", "author_url", "author_avatar_url", "author_followers",
    "author_in_sample", "keyword_versions", "no_longer_matches",
    "language", "stated_language", "sentiment", "sentiment_confidence", "hashtags", "handles", "links", "terms",
    "is_question", "search", "likes", "replies", "shares", "quotes", "views", "refresh_at",
    "status",
)  # fmt: skip
_COUNTS = ("likes", "replies", "shares", "quotes", "views")
_FOLLOWS_THE_TEXT = (
    "title", "text", "url", "edited_at", "no_longer_matches", "language", "stated_language", "sentiment",
    "sentiment_confidence", "hashtags", "handles", "links", "terms", "is_question", "search",
)  # fmt: skip

_NEW_VALUES = {column: f"arriving.{column}" for column in _FOLLOWS_THE_TEXT} | {
    # A count that the platform no longer says keeps its last value.
    **{column: f"coalesce(arriving.{column}, mention.{column})" for column in _COUNTS},
    "keyword_versions": (
        "case when arriving.no_longer_matches then mention.keyword_versions else arriving.keyword_versions end"
    ),
    # What no keyword found any more comes back as soon as one does, unless its author is muted by now.
    "status": (
        f"case when mention.status = {MentionStatus.UNMATCHED} and not arriving.no_longer_matches "
        f"then case when arriving.status = {MentionStatus.MUTED} then arriving.status "
        "else coalesce(mention.status_when_found, 0) end else mention.status end"
    ),
}
_KNOWN = """
    select brand_id, external_id from listening_mention
    where platform = %s and (brand_id, external_id) in (select * from unnest(%s::bigint[], %s::text[]))
"""
_COPY = f"copy {{table}} ({', '.join(_COLUMNS)}) from stdin"
_CREATE = (
    "create temporary table if not exists arriving_mention on commit delete rows "
    f"as select {', '.join(_COLUMNS)} from listening_mention with no data"
)
_UPDATE = f"""
    update listening_mention mention
    set ({", ".join(_NEW_VALUES)}) = row({", ".join(_NEW_VALUES.values())})
    from arriving_mention arriving
    where mention.brand_id = arriving.brand_id and mention.platform = arriving.platform
    and mention.external_id = arriving.external_id and mention.deleted_at is null
    and ({", ".join(f"mention.{column}" for column in _NEW_VALUES)})
        is distinct from ({", ".join(_NEW_VALUES.values())})
"""


def store_mentions(
    *, platform: str, source_id: int | None, found: Sequence[Found], asks_again: bool = True
) -> Stored:
    """Insert new mentions and update edited ones. Tombstones stay, erased authors too. Call within a transaction.

    Without `asks_again` no platform is ever asked about the new ones, as nobody there knows of invented posts.

    The caller has locked the brands (`lock_brands`): writers of one brand take turns, so that no two of them wait
    for each other's counts, and what is not there yet stays so until we have written it.
    """
    unique = {(item.brand_id, item.post.external_id): item for item in without_erased(platform, found)}
    if not unique:
        return Stored(0, 0)
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [platform, *map(list, zip(*unique, strict=True))])
        known = set(cursor.fetchall())
        authors = {key: _author(platform, item) for key, item in unique.items()}
        muted = muted_among(authors.values())
        now = timezone.now()

        def lines(entries: Iterable[tuple[tuple[int, str], Found]]) -> Iterator[str]:
            for key, item in entries:
                status = MentionStatus.MUTED if authors[key] in muted else MentionStatus.OPEN
                yield f"{_line(platform, source_id, item, now, asks_again)}\t{status}\n"

        ordered = sorted(unique.items(), key=_by_key)
        new = [entry for entry in ordered if entry[0] not in known and entry[1].versions]
        if new:
            cursor.copy_expert(_COPY.format(table="listening_mention"), _Lines(lines(new)))
        changed = _update(cursor, lines(entry for entry in ordered if entry[0] in known)) if known else 0
    return Stored(new=len(new), changed=changed)


class _Lines:
    """A file for COPY. Its next lines are written while PostgreSQL stores those that it was given."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, _size: int) -> str:
        return "".join(islice(self._lines, LINES_AT_ONCE))


def _update(cursor: CursorWrapper, lines: Iterator[str]) -> int:
    """Bring mentions up to date where a post says something else now."""
    cursor.execute(_CREATE)
    cursor.copy_expert(_COPY.format(table="arriving_mention"), _Lines(lines))
    cursor.execute(_UPDATE)
    changed: int = cursor.rowcount
    cursor.execute("delete from arriving_mention")
    return changed


def lock_brands(brand_ids: Iterable[int]) -> set[int]:
    """Keep these brands from being deleted, and other writers of them waiting, until the transaction ends.

    Returns the brands that still exist.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from listening_brand where id = any(%s) order by id for key share",
            [sorted(set(brand_ids))],
        )
        alive = [row[0] for row in cursor.fetchall()]
        for brand_id in alive:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK_SPACE + brand_id])
    return set(alive)


def next_refresh(published_at: datetime, now: datetime) -> datetime:
    """When a post should be asked for next: how people react to it while it is young, later whether it is there."""
    return next(
        (published_at + age for age in REFRESH_AGES if published_at + age > now), now + RECHECKED_EVERY
    )


def _by_key(entry: tuple[tuple[int, str], Found]) -> tuple[int, str]:
    return entry[0]


def _author(platform: str, found: Found) -> tuple[int, str]:
    """As the row will say it, for the organization that may have muted them."""
    return found.organization_id, _clean(f"{platform}:{found.post.author.external_id}")


def _line(platform: str, source_id: int | None, found: Found, now: datetime, asks_again: bool = True) -> str:
    """A mention as COPY reads it, its fields in the order of `_COLUMNS`, but for the last."""
    post, author, understanding = found.post, found.post.author, found.understanding
    author_key = f"{platform}:{author.external_id}"
    engagement = post.engagement
    refresh_at = next_refresh(post.published_at, now) if asks_again else None
    return "\t".join((
        str(found.organization_id), str(found.brand_id), _number(source_id),
        *_texts(
            platform, post.community, post.external_id, post.native_id, post.url, post.title
        ),
        _text(post.text),
        _moment(post.published_at), _moment(now), _moment(post.edited_at),
        _text(post.parent_id), _text(post.thread_id), _truth(post.has_media),
        *_texts(author_key, author.handle, author.name, author.url, author.avatar_url),
        _number(author.followers), _truth(crc32(author_key.encode()) % SAMPLED_AUTHORS == 0),
        _array(map(str, found.versions)), _truth(not found.versions),
        *_texts(understanding.language, (post.language or "")[:LONGEST_LANGUAGE]),
        str(int(understanding.sentiment)), str(understanding.confidence),
        _array(understanding.hashtags), _array(understanding.handles),
        _array(dict.fromkeys(post.links + understanding.links)), _array(understanding.terms),
        _truth(understanding.is_question), _text(search_document(f"{post.title}\n{post.text}")),
        _number(engagement.likes), _number(engagement.replies), _number(engagement.shares),
        _number(engagement.quotes), _number(engagement.views), _moment(refresh_at),
    ))  # fmt: skip


_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})
_TO_ESCAPE = re.compile(r"[\\\t\n\r\0\ud800-\udfff]")
_LOST = re.compile(r"[\0\ud800-\udfff]")
_TO_QUOTE = re.compile(r"[\\\"]")


def _text(text: str | None) -> str:
    if text is None:
        return _NULL
    if not _TO_ESCAPE.search(text):
        return text
    # Half a surrogate pair is no character, and PostgreSQL refuses it.
    return text.translate(_ESCAPES).encode("utf-8", "ignore").decode("utf-8")


def _texts(*texts: str) -> Iterable[str]:
    """Looked at all at once: hardly any needs to be escaped, unlike what a post says."""
    return map(_text, texts) if _TO_ESCAPE.search("".join(texts)) else texts


def _clean(text: str) -> str:
    """What is left of a text when it is stored."""
    if not _LOST.search(text):
        return text
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _number(number: int | None) -> str:
    return _NULL if number is None else str(number)


def _moment(moment: datetime | None) -> str:
    return _NULL if moment is None else moment.isoformat()


def _truth(is_true: bool) -> str:
    return "t" if is_true else "f"


def _array(items: Iterable[str]) -> str:
    items = list(items)
    if not items:
        return "{}"
    if _TO_QUOTE.search("".join(items)):
        items = [item.replace("\\", "\\\\").replace('"', '\\"') for item in items]
    quoted = '","'.join(items)
    return _text(f'{{"{quoted}"}}')
