"""Where a tracked link leads, answered from Redis; the database is asked only where Redis does not know."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.db import transaction
from django.utils.encoding import iri_to_uri
from django.utils.text import slugify
from redis.exceptions import RedisError

from monitoring.conversions.clicks.connection import quick_redis
from monitoring.conversions.crediting.evidence import CLICK_PARAMETER
from monitoring.conversions.models import Channel, TrackedLink
from monitoring.conversions.models.channels import is_social
from monitoring.conversions.models.links import LONGEST_SLUG

logger = logging.getLogger(__name__)

_KNOWN_FOR = 7 * 24 * 3600  # so that links work through a long outage of the database
_UNKNOWN_FOR = 30
UNKNOWN = b"-"
_NEVER = 0


@dataclass(frozen=True)
class Target:
    """`ends_at` is in seconds since 1970, 0 for never; afterwards the fallback counts, if there is one."""

    link_id: int
    ends_at: int
    address: str
    fallback: str

    def address_at(self, moment: datetime) -> str:
        """Where it leads, or nothing where it leads nowhere any more."""
        return self.fallback if self.ends_at and moment.timestamp() >= self.ends_at else self.address


def find_target(slug: str) -> Target | None:
    """Where the link leads, or None where there is no such link."""
    if len(slug) > LONGEST_SLUG:
        return None
    key = target_key(slug)
    try:
        known: Any = quick_redis().get(key)
    except RedisError as error:
        logger.warning("Links are looked up in the database: %s", type(error).__name__)
        return _read(slug)
    if known is not None:
        return None if known == UNKNOWN else read_target(known)
    target = _read(slug)
    _remember(key, target, replace=False)
    return target


def publish_target(link: TrackedLink) -> None:
    """After a link was written: what Redis knows of its slug is replaced as soon as the transaction ends."""
    target = _target_of(link)
    transaction.on_commit(lambda: _remember(target_key(link.slug), target, replace=True))


def forget_targets(slugs: Sequence[str]) -> None:
    """After links were deleted: Redis would know them for days."""
    keys = [target_key(slug) for slug in slugs]
    if keys:
        quick_redis().delete(*keys)


def tracked_address(link: TrackedLink, address: str = "") -> str:
    """The target, or another address, with the UTM parameters it does not have yet.

    Everything else stays as it was typed; but for the click of somebody who copied an address they were led to.
    """
    parts = urlsplit(address or link.target)
    kept = "&".join(part for part in parts.query.split("&") if not _names_a_click(part))
    present = {name.lower() for name, _value in parse_qsl(kept, keep_blank_values=True)}
    added = urlencode([(name, value) for name, value in _utm(link).items() if name not in present])
    query = "&".join(part for part in (kept, added) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, parts.fragment))


def with_click(address: str, click_id: UUID) -> str:
    """The address with the click's id, by which the site's snippet or the shop's order tells us of it again."""
    before, mark, fragment = address.partition("#")
    joint = "&" if "?" in before else "?"
    return f"{before}{joint}{CLICK_PARAMETER}={click_id.hex}{mark}{fragment}"


def target_key(slug: str) -> str:
    return f"conversions:target:{slug}"


@lru_cache(maxsize=4096)
def read_target(text: bytes) -> Target:
    return Target(*json.loads(text))


def _write(target: Target) -> bytes:
    """The number of the link and its end come first: a script in Redis reads them (`answering`)."""
    return json.dumps([target.link_id, target.ends_at, target.address, target.fallback]).encode()


def _utm(link: TrackedLink) -> dict[str, str]:
    medium = "social" if is_social(link.channel) else "print" if link.channel == Channel.PRINT else "referral"
    said = link.campaign.slug if link.campaign else slugify(link.label, allow_unicode=True)
    words = {
        "utm_source": link.utm_source or link.channel,
        "utm_medium": link.utm_medium or medium,
        "utm_campaign": said or link.slug,
        "utm_content": link.utm_content,
    }
    return {name: word for name, word in words.items() if word}


def _names_a_click(part: str) -> bool:
    return part.partition("=")[0].lower() == CLICK_PARAMETER


def _target_of(link: TrackedLink) -> Target:
    return Target(
        link_id=link.pk,
        ends_at=int(link.expires_at.timestamp()) if link.expires_at else _NEVER,
        address=iri_to_uri(tracked_address(link)) or "",
        fallback=iri_to_uri(tracked_address(link, link.fallback)) or "" if link.fallback else "",
    )


def _read(slug: str) -> Target | None:
    link = TrackedLink.objects.filter(slug=slug).select_related("campaign").first()
    return _target_of(link) if link else None


def _remember(key: str, target: Target | None, *, replace: bool) -> None:
    """A reader never replaces what a writer said meanwhile."""
    value = _write(target) if target else UNKNOWN
    try:
        quick_redis().set(key, value, ex=_KNOWN_FOR if target else _UNKNOWN_FOR, nx=not replace)
    except RedisError as error:
        logger.warning("A link could not be remembered: %s", type(error).__name__)
