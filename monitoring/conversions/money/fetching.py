"""Fetch the reference rates of the European Central Bank, once a day, and keep them for everybody."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Max
from redis import Redis

from monitoring.conversions.models import ReferenceRate
from monitoring.conversions.money.reference_file import NotTheFile, PublishedRate, read_reference_file
from monitoring.platforms.errors import ConnectorError, UnexpectedResponse
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from monitoring.platforms.types import RateRule

logger = logging.getLogger(__name__)

_BATCH: Final = 5_000
_RULES: Final = (RateRule(requests=20, window=timedelta(hours=1)),)
_FETCHED: Final = "exchange_rates_fetched"
_FAILURE: Final = "exchange_rates_failure"
_TWO_DAYS: Final = 2 * 24 * 60 * 60  # seconds
_DAILY: Final = 20 * 60 * 60  # seconds: a look every hour finds the next file soon after it is out
_LOCK: Final = 7_200_000_000_000_000_001

# Two hundred thousand rates come every day, of which some thirty are new: the others are not even locked.
_PREPARE: Final = """
create temporary table told_rates (
    place bigint generated always as identity, currency text, day date, per_euro numeric) on commit drop"""
_COPY: Final = "copy told_rates (currency, day, per_euro) from stdin"
_UPSERT: Final = """
insert into conversions_referencerate (currency, day, per_euro)
select told.currency, told.day, told.per_euro
from (select distinct on (currency, day) * from told_rates order by currency, day, place desc) told
left join conversions_referencerate known using (currency, day)
where known.per_euro is distinct from told.per_euro
on conflict (currency, day) do update set per_euro = excluded.per_euro"""


def latest_reference_day() -> date | None:
    """The day of the newest rate we have."""
    day: date | None = ReferenceRate.objects.aggregate(day=Max("day"))["day"]
    return day


def fetch_exchange_rates(*, at_once: bool = False) -> int:
    """Read the file and store what is new: how many rates that were. Looks once a day, unless asked to look at once.

    Raises a ConnectorError. A file that is none changes nothing.
    """
    if not settings.EXCHANGE_RATES_URL or (not at_once and cache.get(_FETCHED)):
        return 0
    content = _door().get(settings.EXCHANGE_RATES_URL).content
    try:
        stored = store_reference_rates(read_reference_file(content))
    except NotTheFile as error:
        raise UnexpectedResponse(f"This is no file of exchange rates. {error}") from error
    cache.set(_FETCHED, True, _DAILY)
    cache.delete(_FAILURE)
    return stored


def note_failure(error: ConnectorError) -> None:
    """Keep why it failed for those who look at the rates; without a network that is nothing for an alarm each hour."""
    logger.warning("Exchange rates could not be fetched: %s", error)
    cache.set(_FAILURE, str(error), _TWO_DAYS)


def last_failure() -> str:
    """Why the last attempt failed; empty if it did not."""
    return str(cache.get(_FAILURE, ""))


@transaction.atomic
def store_reference_rates(rates: Iterable[PublishedRate]) -> int:
    """Keep these rates, all or none; known ones change nothing. Returns how many are new or different."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_PREPARE)
        remaining = iter(rates)
        while batch := list(islice(remaining, _BATCH)):
            cursor.copy_expert(_COPY, _lines(batch))
        cursor.execute("analyze told_rates")
        cursor.execute(_UPSERT)
        stored: int = cursor.rowcount
        cursor.execute("drop table told_rates")
    return stored


def _lines(batch: list[PublishedRate]) -> io.StringIO:
    """For COPY. A file that names a day twice means the later line."""
    return io.StringIO("".join(f"{rate.currency}\t{rate.day}\t{rate.per_euro}\n" for rate in batch))


def _door() -> PlatformHttp:
    """Through the guard as all that leaves; the operator's own address may lie in a private network."""
    host = urlsplit(settings.EXCHANGE_RATES_URL).hostname or ""
    redis = Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5)
    return PlatformHttp(
        RedisRateBudget(redis),
        key=f"exchange_rates:{host}",
        rules=_RULES,
        allowed_private_hosts=[*settings.PRIVATE_HOSTS_ALLOWED, host],
        user_agent=f"SMEdash/{settings.VERSION} (+{settings.PUBLIC_URL})",
    )
