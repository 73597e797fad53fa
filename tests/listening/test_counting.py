from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import (
    Brand,
    Mention,
    MentionDay,
    MentionHour,
    MentionStatus,
    Source,
    TermDay,
)
from monitoring.listening.models.mentions import Tone
from monitoring.listening.rollups import miscounted_rows, rebuild_rollups
from monitoring.listening.services.brands import delete_brand, delete_organization
from monitoring.listening.services.mentions import bury_mentions, correct_sentiment
from monitoring.platforms.types import Engagement, Post
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import make_post, make_source

TEXTS = (
    "I love Halden, best #coffee ever https://halden.example/beans",
    "Halden is awful and the delivery was terrible",
    "Halden opens at nine. Is that right?",
    "Ich liebe Halden, der Kaffee ist wunderbar",
    "Nothing of the kind",
)


def store(brand: Brand, posts: list[Post]) -> None:
    found = listeners_for(platform="bluesky", brand_ids=[brand.pk]).find(posts)
    with transaction.atomic():
        lock_brands([brand.pk])
        store_mentions(platform="bluesky", source_id=None, found=found)


def arrive(brand: Brand, number: int, choice: int) -> None:
    post = make_post(
        f"p{number}", TEXTS[choice % len(TEXTS)], age=timedelta(hours=number * 5), author=f"a{choice}"
    )
    store(brand, [replace(post, engagement=Engagement(likes=choice, shares=number))])


def correct(brand: Brand, number: int, choice: int) -> None:
    for mention in Mention.objects.filter(external_id=f"p{number}"):
        correct_sentiment(mention=mention, tone=(None, *Tone)[choice % 4])


def delete(brand: Brand, number: int, choice: int) -> None:
    bury_mentions(ids=list(Mention.objects.filter(external_id=f"p{number}").values_list("pk", flat=True)))


def purge(brand: Brand, number: int, choice: int) -> None:
    Mention.objects.filter(external_id=f"p{number}").delete()


def set_aside(brand: Brand, number: int, choice: int) -> None:
    with transaction.atomic():
        lock_brands([brand.pk])
        Mention.objects.filter(external_id=f"p{number}", deleted_at=None).update(
            status=choice % len(MentionStatus), tags=[choice], community=f"place {choice % 2}"
        )


def move_house(brand: Brand, number: int, choice: int) -> None:
    zones = ("Pacific/Kiritimati", "America/New_York", "Asia/Kolkata", "UTC")
    Organization.objects.filter(pk=brand.organization_id).update(time_zone=zones[choice % len(zones)])
    rebuild_rollups(organization=brand.organization)


Act = Callable[[Brand, int, int], None]
acts = st.tuples(
    st.sampled_from([arrive, arrive, correct, delete, purge, set_aside, move_house]),
    st.integers(0, 5),
    st.integers(0, 7),
)


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(acts, max_size=25))
def test_the_counts_equal_a_recount_whatever_happens(
    brand: Brand, organization: Organization, story: list[tuple[Act, int, int]]
) -> None:
    Mention.objects.all().delete()
    for act, number, choice in story:
        act(brand, number, choice)

        assert miscounted_rows(organization=organization) == 0


@pytest.mark.django_db
def test_a_recount_notices_a_wrong_count(brand: Brand, organization: Organization) -> None:
    arrive(brand, 1, 0)
    MentionDay.objects.update(mentions=2)

    assert (
        miscounted_rows(organization=organization) == 2
    )  # the row that is wrong, and the one that should be


@pytest.mark.django_db
def test_without_the_trigger_nothing_is_counted(brand: Brand, organization: Organization) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table listening_mention disable trigger count_on_insert")
    arrive(brand, 1, 0)

    assert miscounted_rows(organization=organization) > 0


@pytest.mark.django_db
def test_days_follow_the_organizations_zone(brand: Brand, organization: Organization) -> None:
    Organization.objects.update(time_zone="Pacific/Kiritimati")  # 14 hours ahead
    late = make_post("late", "Halden")
    instant = (late.published_at - timedelta(days=1)).replace(hour=11)
    store(brand, [replace(late, published_at=instant)])

    assert MentionDay.objects.get(brand_id=brand.pk).day == instant.date() + timedelta(days=1)


@pytest.mark.parametrize("delete_all", [False, True])
def test_nothing_that_was_counted_stays_of_what_is_deleted(
    brand: Brand, organization: Organization, delete_all: bool
) -> None:
    store(brand, [make_post("p1", "Halden #coffee roasts ethiopian beans")])
    counts = (MentionDay, MentionHour, TermDay)
    assert all(counted.objects.filter(brand_id=brand.pk).exists() for counted in counts)
    brand_id = brand.pk
    if delete_all:
        delete_organization(organization=organization)
    else:
        delete_brand(brand=brand)
    assert not any(counted.objects.filter(brand_id=brand_id).exists() for counted in counts)


@pytest.mark.django_db(transaction=True)
def test_writers_of_the_same_brands_and_days_neither_lock_up_nor_miscount(
    organization: Organization, source: Source
) -> None:
    brands = [listen(organization, source, name=f"Brand {number}", query="halden") for number in range(3)]

    def write(writer: int) -> None:
        try:
            for batch in range(8):
                ordered = brands if writer % 2 else brands[::-1]
                posts = [
                    make_post(f"{writer}.{batch}.{n}", TEXTS[n % 4], age=timedelta(hours=n))
                    for n in range(20)
                ]
                found = listeners_for(platform="bluesky", brand_ids=[b.pk for b in ordered]).find(posts)
                with transaction.atomic():
                    lock_brands(brand.pk for brand in ordered)
                    store_mentions(platform="bluesky", source_id=None, found=found)
                newest = Mention.objects.filter(external_id__startswith=f"{writer}.").order_by("-pk").first()
                assert newest
                correct_sentiment(mention=newest, tone=Tone.NEGATIVE)
                bury_mentions(
                    ids=list(
                        Mention.objects.filter(external_id=f"{writer}.{batch}.7").values_list("pk", flat=True)
                    )
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    assert Mention.objects.filter(deleted_at=None).count() == 4 * 8 * 19 * 3
    assert miscounted_rows(organization=organization) == 0


@pytest.mark.django_db
def test_rebuilding_changes_only_the_own_organization(
    brand: Brand, organization: Organization, strangers_organization: Organization
) -> None:
    other = listen(strangers_organization, make_source("other"), name="Bright Bean", query="halden")
    arrive(brand, 1, 0)
    arrive(other, 1, 0)
    before = list(MentionDay.objects.filter(organization_id=strangers_organization.pk).values())
    rebuild_rollups(organization=organization)

    assert list(MentionDay.objects.filter(organization_id=strangers_organization.pk).values()) == before
