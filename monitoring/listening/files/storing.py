"""Store rows of a file as mentions: matched and understood together, once each, counted as all others are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from monitoring.listening.collecting.found import Found
from monitoring.listening.collecting.listeners import Listener, Listeners, understand_posts
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import Brand, Mention
from monitoring.platforms.registry import CONNECTORS
from monitoring.platforms.types import Post

ListenersOf = Callable[[str, Brand], Listeners]
# A table may leave out the seconds.
_COLLECTED: Final = """
    select asked.url
    from unnest(%(urls)s::text[], %(moments)s::timestamptz[]) asked (url, at)
    where exists (
        select from listening_mention mention
        where mention.organization_id = %(organization)s and mention.brand_id = %(brand)s
        and mention.platform = %(platform)s and mention.url = asked.url
        and mention.published_at between asked.at - interval '1 minute' and asked.at + interval '1 minute'
    )
"""


class Refusal(models.TextChoices):
    """Why a row cannot become a mention though it can be read."""

    UNMATCHED = "unmatched", _("No keyword of “%(brand)s” fits. Choose a keyword to take such lines in.")
    LEFT_OUT = "left_out", _("Posts of this author are not kept here.")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a file. `version` is the keyword that somebody chose; `has_native_id`: the platform knows the id."""

    platform: str
    brand: Brand
    post: Post
    version: int | None
    has_native_id: bool


def store_rows(*, rows: Sequence[Row], listeners_of: ListenersOf) -> tuple[int, list[tuple[int, str]]]:
    """How many are new, and which were refused: (place, why). What is there already is neither."""
    lock_brands(row.brand.pk for row in rows)
    groups: dict[tuple[str, int], list[tuple[int, Row]]] = {}
    for place, row in enumerate(rows):
        groups.setdefault((row.platform, row.brand.pk), []).append((place, row))
    new, refused = 0, []
    for (platform, _brand_id), group in sorted(groups.items()):
        brand = group[0][1].brand
        stored, why = _store_group(platform, brand, group, listeners_of(platform, brand))
        new += stored
        refused += [(place, str(refusal.label) % {"brand": brand.name}) for place, refusal in why]
    return new, refused


def _store_group(
    platform: str, brand: Brand, group: Sequence[tuple[int, Row]], listeners: Listeners
) -> tuple[int, list[tuple[int, Refusal]]]:
    """Those of one brand and platform. Of several lines about one post, the first counts."""
    known = _known(platform, brand, [row for _place, row in group])
    fresh: dict[str, tuple[int, Row]] = {}
    for place, row in group:
        if row.post.external_id not in known and row.post.url not in known:
            fresh.setdefault(row.post.external_id, (place, row))
    found = _match(brand, {key: row for key, (_place, row) in fresh.items()}, listeners)
    stored = store_mentions(platform=platform, source_id=None, found=list(found.values()))
    written = _known_ids(platform, brand, fresh)
    _ask_nobody(platform, brand, [row for _place, row in fresh.values()])
    return stored.new, [
        (place, Refusal.LEFT_OUT if key in found else Refusal.UNMATCHED)
        for key, (place, _row) in fresh.items()
        if key not in written
    ]


def _match(brand: Brand, rows: Mapping[str, Row], listeners: Listeners) -> dict[str, Found]:
    """By its external id, each that a keyword fits, or that came in under a chosen one."""
    heard = listeners.hear(row.post for row in rows.values())
    versions = {
        key: tuple(dict.fromkeys((*_fitting(heard.groups[key]), *([row.version] if row.version else []))))
        for key, row in rows.items()
    }
    wanted = {key: rows[key].post for key, fitting in versions.items() if fitting}
    lacking = [post for key, post in wanted.items() if key not in heard.understood]
    understood = {**heard.understood, **understand_posts(lacking)}
    return {
        key: Found(
            organization_id=brand.organization_id,
            brand_id=brand.pk,
            post=post,
            versions=versions[key],
            understanding=understood[key],
        )
        for key, post in wanted.items()
    }


def _fitting(group: Mapping[Listener, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(version for versions in group.values() for version in versions)


def _known(platform: str, brand: Brand, rows: Sequence[Row]) -> set[str]:
    """The ids that are taken, by a deleted mention too, and the addresses of posts that were collected already."""
    addressed = [row.post for row in rows if row.post.url and not row.has_native_id]
    with connection.cursor() as cursor:
        cursor.execute(
            _COLLECTED,
            {
                "urls": [post.url for post in addressed],
                "moments": [post.published_at for post in addressed],
                "organization": brand.organization_id,
                "brand": brand.pk,
                "platform": platform,
            },
        )
        collected = {row[0] for row in cursor.fetchall()}
    return collected | _known_ids(platform, brand, [row.post.external_id for row in rows])


def _known_ids(platform: str, brand: Brand, external_ids: Iterable[str]) -> set[str]:
    there = Mention.objects.filter(brand=brand, platform=platform, external_id__in=list(external_ids))
    return set(there.values_list("external_id", flat=True))


def _ask_nobody(platform: str, brand: Brand, rows: Sequence[Row]) -> None:
    """A platform that is asked for an id that it never gave would say that the post is gone."""
    made_up = [row.post.external_id for row in rows if not row.has_native_id or platform not in CONNECTORS]
    Mention.objects.filter(brand=brand, platform=platform, external_id__in=made_up).update(refresh_at=None)
