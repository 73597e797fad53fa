"""Sources that nobody wants any more: what they search for is a word of somebody who left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction

from accounts.models import Organization
from monitoring.analysis.queries import QueryError, parse
from monitoring.listening.collecting.subscribing import Need, searches_needed
from monitoring.listening.models import KeywordVersion, Source, Subscription


def sources_of(*, organization: Organization) -> set[int]:
    """What it wants, and what it wanted: keywords that are paused or were changed left their sources behind."""
    wanted = Subscription.objects.filter(organization=organization).values_list("source_id", flat=True)
    found = set(wanted)
    for need in set(_needs_of(organization)):
        found.update(
            Source.objects.filter(
                platform=need.platform, server=need.server, kind=need.kind, query=need.query
            ).values_list("pk", flat=True)
        )
    return found


@transaction.atomic
def delete_unwanted_sources(*, ids: Iterable[int]) -> int:
    """Delete those of these sources that nobody subscribes to. Returns how many there were.

    Locked first, as whoever subscribes does it: a subscription that comes meanwhile keeps its source.
    """
    free = Source.objects.filter(pk__in=list(ids), subscriptions=None)
    locked = free.select_for_update(of=("self",)).order_by("pk")
    held = list(locked.values_list("pk", flat=True))
    unwanted = Source.objects.filter(pk__in=held, subscriptions=None)
    count = len(unwanted)
    unwanted.delete()
    return count


def _needs_of(organization: Organization) -> Iterator[Need]:
    versions = KeywordVersion.objects.filter(keyword__organization=organization).select_related("keyword")
    for version in versions:
        try:
            yield from searches_needed(version.keyword, parse(version.query))
        except QueryError:  # the language became stricter since
            continue
