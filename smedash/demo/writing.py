"""Write the mentions as a collector does: match, understand, store and count, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context

from django.db import connection, transaction

from accounts.models import Organization
from monitoring.listening.collecting.listeners import Listeners, listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import Brand, Source, SourceKind
from monitoring.platforms.types import Post
from smedash.demo.helping import begin
from smedash.demo.mentions import Plan, platforms

BATCH = 1_000
DAYS_AT_ONCE = 61


@dataclass(frozen=True)
class Stretch:
    """Some of the days, the work of one process."""

    organization_id: int
    plan: Plan
    ages: range


def write_mentions(
    *, organization: Organization, plan: Plan, processes: int, meanwhile: Callable[[], None]
) -> int:
    """Everything that was said. Returns the number of mentions stored; `meanwhile` is done by this process."""
    ages = plan.timeline.ages()
    stretches = [
        Stretch(organization.pk, plan, ages[start : start + DAYS_AT_ONCE])
        for start in range(0, len(ages), DAYS_AT_ONCE)
    ]
    if processes == 1:
        meanwhile()
        return sum(map(_write, stretches))
    # Fresh processes: a forked one would share our connections, and the locks that our threads hold right now.
    database = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=begin, initargs=(database,)
    ) as pool:
        stored = pool.map(_write, stretches)
        meanwhile()
        return sum(stored)


def _write(stretch: Stretch) -> int:
    brand_ids = list(
        Brand.objects.filter(organization_id=stretch.organization_id).values_list("pk", flat=True)
    )
    stored = 0
    for platform in platforms():
        source = Source.objects.filter(
            subscriptions__organization_id=stretch.organization_id, platform=platform, kind=SourceKind.SEARCH
        ).first()
        listeners = listeners_for(platform=platform, brand_ids=brand_ids)
        posts = (post for age in stretch.ages for post in stretch.plan.posts_of(age, platform))
        for batch in _batches(posts):
            stored += _store(listeners, batch, source.pk if source else None)
    return stored


@transaction.atomic
def _store(listeners: Listeners, posts: list[Post], source_id: int | None) -> int:
    found = listeners.find(posts)
    lock_brands(item.brand_id for item in found)
    return store_mentions(platform=listeners.platform, source_id=source_id, found=found, asks_again=False).new


def _batches(posts: Iterable[Post]) -> Iterator[list[Post]]:
    remaining = iter(posts)
    while batch := list(islice(remaining, BATCH)):
        yield batch
