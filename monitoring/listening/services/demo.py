"""A demo's sources are its own: what is invented about them never reaches a business that searches for the same."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from monitoring.analysis.queries import parse
from monitoring.listening.collecting.scheduling import FIRST_INTERVAL
from monitoring.listening.models import Keyword, Source, SourceKind, Subscription, TrackedProfile
from monitoring.listening.services.brands import delete_organization
from monitoring.platforms.registry import connector_classes

_NOWHERE = ".demo.invalid"  # a name that is reserved: nobody answers there


@transaction.atomic
def give_own_sources(*, organization: Organization) -> None:
    """Replace a demo's subscriptions by ones of sources that nobody else can come to share, on every platform."""
    mine = Subscription.objects.filter(organization=organization)
    shared = list(mine.values_list("source_id", flat=True))
    mine.delete()
    # What subscribing made for the demo alone goes again; what others use stays.
    Source.objects.filter(pk__in=shared, subscriptions=None, outcome="", lease_until=None).delete()
    for keyword in Keyword.objects.filter(organization=organization).order_by("pk"):
        for platform, text in _searches(keyword):
            _subscribe(_own_source(organization, platform, SourceKind.SEARCH, text), keyword=keyword)
    for profile in TrackedProfile.objects.filter(organization=organization).order_by("pk"):
        for kind in (SourceKind.PROFILE, SourceKind.POSTS):
            _subscribe(_own_source(organization, profile.platform, kind, profile.handle), profile=profile)


def delete_demo(*, organization: Organization) -> None:
    """Delete a demo with everything it has, its sources included."""
    own = Source.objects.filter(subscriptions__organization=organization, server__endswith=_NOWHERE)
    ids = set(own.values_list("pk", flat=True))
    delete_organization(organization=organization)
    Source.objects.filter(pk__in=ids, subscriptions=None).delete()


def _searches(keyword: Keyword) -> Iterator[tuple[str, str]]:
    for version in keyword.versions.filter(replaced_at=None):
        for connector in connector_classes():
            for text in connector.searches(parse(version.query)):
                yield connector.platform.slug, text


def _own_source(organization: Organization, platform: str, kind: SourceKind, query: str) -> Source:
    source, _created = Source.objects.get_or_create(
        platform=platform,
        server=f"https://{organization.slug}{_NOWHERE}",
        kind=kind,
        query=query,
        account=None,
        defaults={"due_at": timezone.now(), "interval": FIRST_INTERVAL},
    )
    return source


def _subscribe(
    source: Source, *, keyword: Keyword | None = None, profile: TrackedProfile | None = None
) -> None:
    wants = keyword or profile
    if wants is not None:
        Subscription.objects.create(
            organization_id=wants.organization_id,
            source=source,
            keyword=keyword,
            profile=profile,
            backfilled_at=timezone.now(),
        )
