"""The audit log stays as it was written: the database refuses the rest, and no event stands without its change."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.audit import Action, forget_organization, purging, record, recorded_as_one
from accounts.models import AuditEvent, Organization, User
from monitoring.listening.models import Brand, BrandKind, Keyword
from monitoring.listening.services.brands import create_brand, delete_organization
from monitoring.listening.services.keywords import create_keyword
from smedash.tasks import purge_audit_log

REFUSED = "append-only"


@pytest.fixture
def event(organization: Organization) -> AuditEvent:
    return record(Action.CREATED, organization=organization, kind="keyword", name="halden")


@pytest.mark.parametrize(
    "statement",
    [
        "update accounts_auditevent set actor_name = 'nobody'",
        "update accounts_auditevent set actor_name = 'nobody' where false",
        "delete from accounts_auditevent",
        "with gone as (delete from accounts_auditevent returning id) select count(*) from gone",
        "insert into accounts_auditevent select * from accounts_auditevent "
        "on conflict (id) do update set actor_name = 'nobody'",
    ],
)
def test_the_database_refuses_every_statement_that_changes(event: AuditEvent, statement: str) -> None:
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get(pk=event.pk).actor_name == ""


def test_the_models_are_refused_as_well(event: AuditEvent) -> None:
    event.subject_name = "another"
    attempts = (
        event.save,
        event.delete,
        lambda: AuditEvent.objects.update(actor_name="nobody"),
        lambda: AuditEvent.objects.all().delete(),
        lambda: AuditEvent.objects.bulk_update([event], ["subject_name"]),
    )
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            attempt()
    assert AuditEvent.objects.get(pk=event.pk).subject_name == "halden"


def test_a_purge_may_delete_but_not_change_and_ends_with_itself(event: AuditEvent) -> None:
    with pytest.raises(DatabaseError, match=REFUSED), purging():
        AuditEvent.objects.update(actor_name="nobody")
    with transaction.atomic():
        with purging():
            AuditEvent.objects.filter(pk=event.pk).delete()
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            AuditEvent.objects.all().delete()
    assert AuditEvent.objects.exists()
    assert not AuditEvent.objects.filter(pk=event.pk).exists()


def test_the_night_forgets_what_is_too_old_and_nothing_else(
    organization: Organization, event: AuditEvent, settings: Settings
) -> None:
    moments = [timezone.now() - timedelta(days=days) for days in (729, 731, 800, 900, 1000, 1100)]
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            record(Action.CREATED, organization=organization, kind="keyword")
    settings.AUDIT_KEPT_DAYS = 0
    assert purge_audit_log() == 0
    settings.AUDIT_KEPT_DAYS = 730
    assert purge_audit_log() == 5
    assert AuditEvent.objects.earliest("happened_at").happened_at == moments[0]
    assert AuditEvent.objects.filter(pk=event.pk).exists()


def test_a_deleted_organization_takes_its_log_along(
    event: AuditEvent, organization: Organization, strangers_organization: Organization
) -> None:
    mine = AuditEvent.objects.filter(organization=organization.pk)
    assert mine.exists()
    delete_organization(organization=organization)
    assert not mine.all().exists()
    assert AuditEvent.objects.filter(organization=strangers_organization).exists()
    assert forget_organization(strangers_organization.pk) == 1


def test_a_change_that_is_taken_back_leaves_no_event(organization: Organization) -> None:
    before = AuditEvent.objects.count()

    def fail() -> None:
        with transaction.atomic():
            brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
            create_keyword(brand=brand, query="halden", by=None)
            raise IntegrityError

    with pytest.raises(IntegrityError):
        fail()
    assert AuditEvent.objects.count() == before


def test_what_cannot_be_recorded_does_not_happen(organization: Organization, owner: User) -> None:
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    with connection.cursor() as cursor:
        cursor.execute("alter table accounts_auditevent add constraint full_disk check (false) not valid")
    with pytest.raises(IntegrityError), transaction.atomic():
        create_keyword(brand=brand, query="halden", by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        create_brand(organization=organization, name="Another", kind=BrandKind.COMPETITOR)
    assert not Keyword.objects.exists()
    assert Brand.objects.get() == brand


def test_a_secret_is_refused_whatever_its_name_is_made_of(organization: Organization) -> None:
    for name in ("password", "client_secret", "sealed_credentials", "totp_seed", "token_digest"):
        with pytest.raises(ValueError, match="audit log"):
            record(Action.CONNECTED, organization=organization, kind="shop", after={name: "x"})


def test_many_things_done_at_once_are_one_event(organization: Organization) -> None:
    before = AuditEvent.objects.count()
    with recorded_as_one():
        for name in ("One", "Two", "Three"):
            create_brand(organization=organization, name=name, kind=BrandKind.TOPIC)
    record(Action.IMPORTED, organization=organization, kind="brand", after={"rows": 3})
    assert AuditEvent.objects.count() == before + 1


def test_what_no_database_can_store_is_left_out_of_the_event(organization: Organization) -> None:
    event = record(
        Action.CHANGED,
        organization=organization,
        kind="keyword",
        name="a\0b\ud800" * 200,
        before={"query": "x" * 100_000},
        after={"query": "\0\udfff", "platforms": ["\0", None, 3, True]},
    )
    event.refresh_from_db()
    assert event.subject_name.startswith("abab")
    assert len(str(event.before["query"])) == 2_000
    assert event.after == {"query": "", "platforms": ["", None, 3, True]}
