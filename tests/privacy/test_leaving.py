from __future__ import annotations

from datetime import timedelta

import pytest
from celery import Celery
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from redis import Redis

from accounts.middleware import LAST_ORGANIZATION
from accounts.models import AuditEvent, Membership, Organization, Role, User
from monitoring.conversions.clicks.targets import find_target
from monitoring.conversions.models import TrackedLink
from monitoring.conversions.visits.sites import find_site
from monitoring.jobs.tasks import make as make_export
from monitoring.listening.collecting.claiming import claim_due_sources
from monitoring.listening.models import Brand, BrandKind, Keyword, Mention, Source, SourceKind, Subscription
from monitoring.listening.rollups import miscounted_rows
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.keywords import create_keyword
from monitoring.privacy.exporting.archive import ask_for_archive
from monitoring.privacy.leaving import TIME_TO_THINK, ask_to_delete
from monitoring.privacy.tasks import delete_organizations
from monitoring.reports.letters.timing import due_letters
from tests.addresses import EXAMPLES
from tests.cast import SignIn
from tests.filled_business import fill
from tests.listening.platform_of_lists import PlatformOfLists, make_post

pytestmark = pytest.mark.django_db


def rows_that_name(column: str, ids: list[int]) -> dict[str, int]:
    """How many rows of each table name one of these, whatever its models say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns"
            " where table_schema = current_schema() and column_name = %s",
            [column],
        )
        tables = [row[0] for row in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f'select count(*) from "{table}" where {column} = any(%s)', [ids])
            counts[table] = cursor.fetchone()[0]
    return counts


def test_after_seven_days_nothing_names_it_and_others_never_notice(
    organization: Organization,
    owner: User,
    viewer: User,
    stranger: User,
    strangers_organization: Organization,
    sign_in: SignIn,
    empty_redis: Redis,
    eager_tasks: Celery,
    settings: Settings,
) -> None:
    settings.EMAIL_HOST = "mail.example.com"
    Membership.objects.create(organization=strangers_organization, user=owner, role=Role.VIEWER)
    fill(organization)
    for example in ("privacy:request", "privacy:erasure", "reports:revoke_month"):
        EXAMPLES[example](organization)
    export, _is_new = ask_for_archive(organization=organization, by=owner)
    make_export(export.pk)
    theirs = create_brand(organization=strangers_organization, name="Halden", kind=BrandKind.COMPETITOR)
    create_keyword(brand=theirs, query='"halden coffee" OR #haldencoffee', by=None)
    shared = Source.objects.filter(subscriptions__organization=strangers_organization)
    source = shared.filter(platform="bluesky", kind=SourceKind.SEARCH)[0]
    PlatformOfLists([make_post("shared", text="Halden Coffee again")]).collect(source)
    client = sign_in(owner)
    client.get(organization.get_absolute_url())
    assert client.session[LAST_ORGANIZATION] == organization.slug
    link, site = TrackedLink.objects.filter(organization=organization)[0], organization.site
    assert find_target(link.slug)
    assert find_site(site.key)
    brands = list(Brand.objects.filter(organization=organization).values_list("pk", flat=True))
    before = rows_that_name("organization_id", [organization.pk])
    assert sum(bool(count) for count in before.values()) > 30

    client.post(reverse("privacy:delete", args=[organization.slug]), {"name": "halden coffee "})
    delete_organizations()
    assert Organization.objects.filter(pk=organization.pk).exists()
    Organization.objects.filter(pk=organization.pk).update(delete_at=timezone.now())
    delete_organizations()

    assert not any(rows_that_name("organization_id", [organization.pk]).values())
    assert not any(rows_that_name("brand_id", brands).values())
    assert (find_target(link.slug), find_site(site.key)) == (None, None)
    known = [key for key in empty_redis.scan_iter() if link.slug.encode() in key]
    assert [empty_redis.get(key) for key in known] in ([], [b"-"])
    assert LAST_ORGANIZATION not in client.session
    assert [
        event.subject_name
        for event in AuditEvent.objects.filter(subject_kind="organization", organization=None)
    ] == [f"#{organization.pk}"]
    assert Mention.objects.get().brand == theirs
    assert set(shared) == set(Source.objects.exclude(subscriptions=None))
    assert not Source.objects.filter(subscriptions=None).exists()
    assert miscounted_rows(organization=strangers_organization) == 0
    told = [message.to for message in mail.outbox if "is deleted" in message.subject]
    assert told == [[viewer.email]]


def test_until_then_nothing_is_collected_or_mailed_and_it_can_be_kept(
    organization: Organization, owner: User, admin: User, sign_in: SignIn
) -> None:
    fill(organization)
    Source.objects.update(due_at=timezone.now(), lease_until=None)
    monday = timezone.now() + timedelta(days=7 - timezone.now().weekday(), hours=12)
    assert list(due_letters(now=monday))
    ask_to_delete(organization=organization, now=timezone.now())

    assert claim_due_sources(kinds=[SourceKind.SEARCH, SourceKind.PROFILE]) == []
    assert list(due_letters(now=monday)) == []
    keep = reverse("privacy:keep", args=[organization.slug])
    for person, may_keep in ((owner, True), (admin, False)):
        page = sign_in(person).get(reverse("listening:keywords", args=[organization.slug]))
        assert "is deleted. Nothing is collected" in page.content.decode()
        assert (keep in page.content.decode()) is may_keep

    assert sign_in(admin).post(keep).status_code == 403
    sign_in(owner).post(keep)
    organization.refresh_from_db()
    assert organization.delete_at is None
    assert claim_due_sources(kinds=[SourceKind.SEARCH])


def test_it_is_asked_twice_and_the_second_time_changes_nothing(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    client, page = sign_in(owner), reverse("privacy:delete", args=[organization.slug])
    assert client.post(page, {"name": "Another Coffee"}).status_code == 422
    first = ask_to_delete(organization=organization, now=timezone.now())
    again = ask_to_delete(organization=organization, now=timezone.now() + timedelta(days=3))

    assert first == again
    assert timedelta() < first - timezone.now() <= TIME_TO_THINK


def test_a_demo_is_neither_deleted_nor_does_it_publish_anything(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    Organization.objects.update(is_demo=True)
    client = sign_in(owner)
    client.post(reverse("privacy:delete", args=[organization.slug]), {"name": organization.name})
    client.post(reverse("privacy:page", args=[organization.slug]), {"text": "Mine", "act": "publish"})

    assert Organization.objects.get(pk=organization.pk).delete_at is None
    assert client.get(reverse("privacy:public", args=[organization.slug])).status_code == 404


def test_whoever_listens_at_the_same_source_goes_on_getting_posts_while_another_leaves(
    organization: Organization, strangers_organization: Organization
) -> None:
    for business in (organization, strangers_organization):
        brand = create_brand(organization=business, name="Halden", kind=BrandKind.OWN)
        create_keyword(brand=brand, query="halden", by=None)
    ask_to_delete(organization=organization, now=timezone.now())
    source = Source.objects.filter(platform="bluesky")[0]
    assert Subscription.objects.filter(source=source).count() == 2
    PlatformOfLists([make_post("one")]).collect(source)

    assert Mention.objects.get().organization == strangers_organization
    assert Keyword.objects.filter(organization=organization).exists()
