"""Which sources a keyword or a profile needs. Equal needs of two organizations are one source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from monitoring.analysis.queries import Query, parse
from monitoring.listening.models import Keyword, Source, SourceKind, Subscription, TrackedProfile
from monitoring.listening.scheduling import FIRST_INTERVAL
from monitoring.platforms.connector import Connector
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.registry import connector_class, connector_classes
from monitoring.platforms.types import Access, Capability


@dataclass(frozen=True)
class Need:
    """One thing to poll, as `Source` identifies it."""

    platform: str
    server: str
    kind: SourceKind
    query: str
    account_id: int | None = None


@transaction.atomic
def subscribe_keyword(keyword: Keyword) -> None:
    """Make a keyword's subscriptions what its current query asks for. Repeating it changes nothing."""
    version = keyword.versions.filter(replaced_at=None).first()
    needs = (
        set() if version is None or keyword.paused_at else set(searches_needed(keyword, parse(version.query)))
    )
    kept: set[Need] = set()
    for subscription in keyword.subscriptions.select_related("source"):
        need = _need_of(subscription.source)
        if need in needs:
            kept.add(need)
        else:
            subscription.delete()
    for need in sorted(needs - kept, key=repr):
        source = _source_for(need)
        Subscription.objects.create(
            organization_id=keyword.organization_id,
            source=source,
            keyword=keyword,
            # The first run of a source brings the past to everybody who is there when it begins.
            backfilled_at=timezone.now() if _has_not_begun(source) else None,
        )


@transaction.atomic
def subscribe_profile(profile: TrackedProfile) -> None:
    """Poll a profile's numbers and its posts, as far as its platform offers them."""
    platform = connector_class(profile.platform).platform
    offered = dict(platform.capabilities) | (dict(platform.with_credentials) if profile.account_id else {})
    for kind in (SourceKind.PROFILE, SourceKind.POSTS):
        if Capability(kind.value) in offered and _usable(offered[Capability(kind.value)], profile.account_id):
            need = Need(profile.platform, profile.server, kind, profile.handle, profile.account_id)
            Subscription.objects.get_or_create(
                organization_id=profile.organization_id,
                source=_source_for(need),
                profile=profile,
                defaults={"backfilled_at": timezone.now()},
            )


def searches_needed(keyword: Keyword, query: Query) -> Iterable[Need]:
    """The native searches of every platform that can look for this query, with the organization's accounts."""
    accounts = {
        account.platform: account
        for account in ConnectedAccount.objects.filter(organization_id=keyword.organization_id)
    }
    for connector in connector_classes():
        slug = connector.platform.slug
        if not keyword.platforms or slug in keyword.platforms:
            yield from platform_searches(connector, query, accounts.get(slug))


def platform_searches(
    connector: type[Connector], query: Query, account: ConnectedAccount | None
) -> Iterable[Need]:
    platform = connector.platform
    access = platform.capabilities.get(Capability.SEARCH_POSTS)
    if account and Capability.SEARCH_POSTS in platform.with_credentials:
        access = platform.with_credentials[Capability.SEARCH_POSTS]
    if access is None or not _usable(access, account.pk if account else None):
        return
    servers = (account.server,) if account and account.server else platform.default_servers or ("",)
    for server in servers:
        for text in connector.searches(query):
            yield Need(platform.slug, server, SourceKind.SEARCH, text, account.pk if account else None)


def _usable(access: Access, account_id: int | None) -> bool:
    return access == Access.OPEN or account_id is not None


def _need_of(source: Source) -> Need:
    return Need(source.platform, source.server, SourceKind(source.kind), source.query, source.account_id)


def _source_for(need: Need) -> Source:
    """The source, locked: nobody can claim it before our subscription is there to be seen."""
    source, _created = Source.objects.get_or_create(
        platform=need.platform,
        server=need.server,
        kind=need.kind,
        query=need.query,
        account_id=need.account_id,
        defaults={"due_at": timezone.now(), "interval": FIRST_INTERVAL},
    )
    return Source.objects.select_for_update().get(pk=source.pk)


def _has_not_begun(source: Source) -> bool:
    return source.watermark is None and source.cursor is None and source.lease_until is None
