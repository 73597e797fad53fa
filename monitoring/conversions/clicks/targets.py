"""Where a tracked link leads, answered from Redis; the database is asked only where Redis does not know."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db import transaction
from django.utils.text import slugify
from redis.exceptions import RedisError

from monitoring.conversions.clicks.connection import quick_redis
from monitoring.conversions.models import Channel, TrackedLink
from monitoring.conversions.models.channels import is_social
from monitoring.conversions.models.links import LONGEST_SLUG

logger = logging.getLogger(__name__)

_KNOWN_FOR = 7 * 24 * 3600  # so that links work through a long outage of the database
_UNKNOWN_FOR = 30
_UNKNOWN = b"-"


@dataclass(frozen=True)
class Target:
    link_id: int
    address: str


def find_target(slug: str) -> Target | None:
    """Where the link leads, or None where there is no such link."""
    if len(slug) > LONGEST_SLUG:
        return None
    key = _key(slug)
    try:
        known = quick_redis().get(key)
    except RedisError as error:
        logger.warning("Links are looked up in the database: %s", type(error).__name__)
        return _read(slug)
    if known is not None:
        return None if known == _UNKNOWN else Target(**json.loads(known))
    target = _read(slug)
    _remember(key, target, replace=False)
    return target


def publish_target(link: TrackedLink) -> None:
    """After a link was written: what Redis knows of its slug is replaced as soon as the transaction ends."""
    target = Target(link.pk, tracked_address(link))
    transaction.on_commit(lambda: _remember(_key(link.slug), target, replace=True))


def tracked_address(link: TrackedLink) -> str:
    """The target with the UTM parameters it does not have yet; everything else stays as it was typed."""
    parts = urlsplit(link.target)
    present = {name.lower() for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode([(name, value) for name, value in _utm(link).items() if name not in present])
    query = "&".join(part for part in (parts.query, added) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, parts.fragment))


def _utm(link: TrackedLink) -> dict[str, str]:
    medium = "social" if is_social(link.channel) else "print" if link.channel == Channel.PRINT else "referral"
    campaign = slugify(link.label, allow_unicode=True) or link.slug
    return {"utm_source": link.channel, "utm_medium": medium, "utm_campaign": campaign}


def _key(slug: str) -> str:
    return f"conversions:link:{slug}"


def _read(slug: str) -> Target | None:
    link = TrackedLink.objects.filter(slug=slug).first()
    return Target(link.pk, tracked_address(link)) if link else None


def _remember(key: str, target: Target | None, *, replace: bool) -> None:
    """A reader never replaces what a writer said meanwhile."""
    value = json.dumps(asdict(target)) if target else _UNKNOWN
    try:
        quick_redis().set(key, value, ex=_KNOWN_FOR if target else _UNKNOWN_FOR, nx=not replace)
    except RedisError as error:
        logger.warning("A link could not be remembered: %s", type(error).__name__)
