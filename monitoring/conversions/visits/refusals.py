"""Why the last event of a site was refused, for those who are setting it up. Forgotten after a day."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from redis.exceptions import RedisError

from monitoring.conversions.clicks.connection import quick_redis
from monitoring.conversions.visits.sites import KnownSite

logger = logging.getLogger(__name__)

_KEPT_FOR = 24 * 3600


@dataclass(frozen=True)
class Refusal:
    at: datetime
    code: str
    detail: str  # text from outside


def note_refusal(site: KnownSite, code: str, detail: str) -> None:
    told = json.dumps([timezone.now().isoformat(), code, detail])
    try:
        quick_redis().set(_place(site.site_id), told, ex=_KEPT_FOR)
    except RedisError as error:
        logger.warning("A refusal is not remembered: %s", type(error).__name__)


def find_refusal(site_id: int) -> Refusal | None:
    try:
        told = quick_redis().get(_place(site_id))
    except RedisError:
        return None
    if told is None:
        return None
    moment, code, detail = json.loads(told)
    return Refusal(datetime.fromisoformat(moment), code, detail)


def _place(site_id: int) -> str:
    return f"conversions:refusal:{site_id}"
