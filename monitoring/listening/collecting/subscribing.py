"""Which sources a keyword or a profile needs. Equal needs of two organizations are one source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from monitoring.analysis.queries import Query, allows_platform, alternatives, parse
from monitoring.listening.collecting.scheduling import FIRST_INTERVAL
from monitoring.listening.models import Keyword, Source, SourceKind, Subscription, TrackedProfile
from monitoring.platforms.connector import Connector
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.registry import connector_class, connector_classes
from monitoring.platforms.types import Access, Capability, Platform


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
    needs = _needs_of_keyword(keyword)
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
def subscribe_anew(*, organization: Organization) -> None:
    """Make all subscriptions what they should be, after the organization's accounts have changed."""
    keywords = list(Keyword.objects.filter(organization=organization).order_by("pk"))
    # Sources are locked in one order everywhere: otherwise two organizations could wait for each other.
    for need in sorted({need for keyword in keywords for need in _needs_of_keyword(keyword)}, key=repr):
        _source_for(need)
    for keyword in keywords:
        subscribe_keyword(keyword)
    for profile in TrackedProfile.objects.filter(organization=organization).order_by("pk"):
        subscribe_profile(profile)
        look_through_account(profile)


def look_through_account(profile: TrackedProfile) -> None:
    """Where a platform shows nothing to strangers, the organization's own account may look."""
    accounts = accounts_by_platform(profile.organization_id).get(profile.platform, ())
    account = next((account for account in accounts if account.has_credentials), None)
    if account and not profile.subscriptions.exists():
        profile.account = account
        profile.save(update_fields=["account"])
        subscribe_profile(profile)


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


def searches_needed(keyword: Keyword, query: Query) -> Iterator[Need]:
    """The native searches of every platform that can look for this query, with the organization's accounts."""
    accounts = accounts_by_platform(keyword.organization_id)
    for connector in connector_classes():
        slug = connector.platform.slug
        if not keyword.platforms or slug in keyword.platforms:
            yield from platform_searches(connector, query, accounts.get(slug, ()))


def accounts_by_platform(organization_id: int) -> Mapping[str, Sequence[ConnectedAccount]]:
    """Those in good order first: of two accounts on one server, the first one searches."""
    found: dict[str, list[ConnectedAccount]] = {}
    accounts = ConnectedAccount.objects.filter(organization_id=organization_id)
    for account in sorted(accounts, key=lambda each: (each.status != ConnectedAccount.Status.OK, each.pk)):
        found.setdefault(account.platform, []).append(account)
    return found


def platform_searches(
    connector: type[Connector], query: Query, accounts: Sequence[ConnectedAccount]
) -> Iterator[Need]:
    """Each server once: through an account where one finds more there, and else as anybody, shared by all."""
    platform = connector.platform
    through = _searching_accounts(platform, accounts)
    for server, account in through.items():
        for text in connector.searches_with_account(query):
            yield Need(platform.slug, server, SourceKind.SEARCH, text, account.pk)
    if platform.capabilities.get(Capability.SEARCH_POSTS) != Access.OPEN:
        return
    added = [account.server for account in accounts if not account.has_credentials]
    for server in dict.fromkeys([*(platform.default_servers or ("",)), *added]):
        if server not in through:
            for text in _open_searches(connector, query, server):
                yield Need(platform.slug, server, SourceKind.SEARCH, text)


def _searching_accounts(
    platform: Platform, accounts: Sequence[ConnectedAccount]
) -> dict[str, ConnectedAccount]:
    """By server. None where an account makes no difference to searching."""
    capability = Capability.SEARCH_POSTS
    is_closed = platform.capabilities.get(capability, Access.OPEN) != Access.OPEN
    if not is_closed and capability not in platform.with_credentials:
        return {}
    found: dict[str, ConnectedAccount] = {}
    for account in accounts:
        if account.has_credentials:
            found.setdefault(account.server, account)
    return found


def _open_searches(connector: type[Connector], query: Query, server: str) -> Sequence[str]:
    platform = connector.platform
    if not (server and platform.servers_are_read_whole):
        return connector.searches(query)
    return ("",) if any(allows_platform(item, platform.slug) for item in alternatives(query)) else ()


def _needs_of_keyword(keyword: Keyword) -> set[Need]:
    version = keyword.versions.filter(replaced_at=None).first()
    if version is None or keyword.paused_at:
        return set()
    return set(searches_needed(keyword, parse(version.query)))


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
