"""Delete an organization: asked for, taken back within seven days, and then really gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.audit import Action
from accounts.middleware import LAST_ORGANIZATION
from accounts.models import AuditEvent, Membership, Organization, User
from accounts.sessions import SessionStore
from monitoring.audience.models import AudienceSnapshot, PostEngagement, PublishedPost
from monitoring.conversions.clicks.targets import forget_targets
from monitoring.conversions.models import (
    Click,
    Conversion,
    Delivery,
    SeenOrder,
    Site,
    Touch,
    TrackedLink,
    Visit,
)
from monitoring.conversions.visits.sites import forget_site
from monitoring.conversions.visits.waiting import store_waiting_events
from monitoring.jobs.models import FilePiece
from monitoring.listening.forgetting.deleting import BATCH, forget_mentions
from monitoring.listening.models import Mention
from monitoring.listening.services.brands import delete_organization as delete_what_is_left
from monitoring.listening.services.sources import delete_unwanted_sources, sources_of

TIME_TO_THINK: Final = timedelta(days=7)
_LOCK: Final = 7_300_000_000_000_000_001
_ALL_THAT_WAITS: Final = 1_000
# What may be so much that one transaction should not delete it; each after what points to it.
_LARGE: Final[tuple[tuple[type[Model], str], ...]] = (
    (FilePiece, "export__organization"),
    (Touch, "organization"),
    (Conversion, "organization"),
    (Click, "organization"),
    (Visit, "organization"),
    (Delivery, "connection__organization"),
    (SeenOrder, "connection__organization"),
    (PostEngagement, "organization"),
    (PublishedPost, "organization"),
    (AudienceSnapshot, "organization"),
)


@transaction.atomic
def ask_to_delete(*, organization: Organization, now: datetime) -> datetime:
    """It goes in seven days. Until then nothing is collected or sent, and all pages stay."""
    stored = Organization.objects.select_for_update().get(pk=organization.pk)
    stored.delete_at = organization.delete_at = stored.delete_at or now + TIME_TO_THINK
    stored.save(update_fields=["delete_at"])
    audit.record(Action.DELETED, organization=stored, subject=stored, after={"delete_at": stored.delete_at})
    return stored.delete_at


@transaction.atomic
def keep(*, organization: Organization) -> None:
    """Take it back. Collecting goes on where it stopped."""
    stored = Organization.objects.select_for_update().get(pk=organization.pk)
    audit.record_change(
        organization=stored,
        subject=stored,
        before={"delete_at": stored.delete_at},
        after={"delete_at": None},
    )
    stored.delete_at = organization.delete_at = None
    stored.save(update_fields=["delete_at"])


def organizations_to_delete(*, now: datetime) -> QuerySet[Organization]:
    return Organization.objects.filter(delete_at__lte=now).order_by("pk")


def delete_organization(*, organization: Organization) -> list[User]:
    """Delete it with everything that names it. Returns the people who are in no organization any more.

    Whoever dies on the way leaves less for the next hour; a second worker does nothing.
    """
    with _alone() as is_alone:
        if not is_alone:
            return []
        people = _people_without_another(organization)
        searched = sources_of(organization=organization)
        organization_id, slug = organization.pk, organization.slug
        _delete_large_tables(organization)
        _delete_public_addresses(organization)
        _delete_the_rest(organization, organization_id, searched)
        _forget_in_sessions(slug)
    return people


def _delete_large_tables(organization: Organization) -> None:
    store_waiting_events(_ALL_THAT_WAITS)
    while forget_mentions(Mention.objects.filter(organization=organization)):
        continue
    for model, path in _LARGE:
        while _delete_batch(model._default_manager.filter(**{path: organization})):
            continue
    while _delete_events(organization.pk):
        continue


def _delete_batch(rows: QuerySet[Model]) -> int:
    chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return rows.model._default_manager.filter(pk__in=chosen).delete()[0] if chosen else 0


def _delete_events(organization_id: int) -> int:
    with audit.purging():
        chosen = AuditEvent.objects.filter(organization_id=organization_id).values_list("pk", flat=True)[
            :BATCH
        ]
        return AuditEvent.objects.filter(pk__in=list(chosen)).delete()[0]


def _delete_public_addresses(organization: Organization) -> None:
    """Links and the site's key, in the database first: or whoever came in between would be remembered again."""
    links = TrackedLink.objects.filter(organization=organization).order_by("pk")
    while slugs := dict(links.values_list("pk", "slug")[:BATCH]):
        forget_targets(list(slugs.values()))
        TrackedLink.objects.filter(pk__in=slugs).delete()
        forget_targets(list(slugs.values()))
    for site in Site.objects.filter(organization=organization):
        key = site.key
        site.delete()
        forget_site(key)


@transaction.atomic
def _delete_the_rest(organization: Organization, organization_id: int, source_ids: Iterable[int]) -> None:
    """What others search, too, stays with them; what nobody else wants is a word of this business."""
    delete_what_is_left(organization=organization)
    for model in counting_models():
        model._default_manager.filter(organization_id=organization_id).delete()
    delete_unwanted_sources(ids=source_ids)
    while _delete_events(organization_id):
        continue
    # For the operator: that it happened, not who it was.
    audit.record(Action.DELETED, organization=None, kind="organization", name=f"#{organization_id}")


def counting_models() -> Iterator[type[Model]]:
    """Tables that name an organization without a foreign key."""
    for model in apps.get_models():
        named = {field.attname: field for field in model._meta.concrete_fields}.get("organization_id")
        if named is not None and not named.is_relation:
            yield model


def _people_without_another(organization: Organization) -> list[User]:
    here = Membership.objects.filter(organization=organization).values("user")
    elsewhere = Membership.objects.exclude(organization=organization).values("user")
    people = User.objects.filter(pk__in=here, is_staff=False, is_demo=False, is_active=True)
    return list(people.exclude(pk__in=elsewhere))


def _forget_in_sessions(slug: str) -> None:
    """A session remembers the organization that was looked at last."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator(BATCH):
        if session.get_decoded().get(LAST_ORGANIZATION) == slug:
            store = SessionStore(session.session_key)
            store.pop(LAST_ORGANIZATION, None)
            store.save(must_create=False)


@contextmanager
def _alone() -> Iterator[bool]:
    """One at a time, on whatever machine. The lock goes with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
