from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from monitoring.listening.forgetting.purging import LEDGER_KEPT_FOR, purge_expired
from monitoring.listening.forgetting.retention import expired_mentions, limit_retention, list_retention
from monitoring.listening.models import Brand, CollectionRun, CoverageGap, Mention, Source, TermDay
from monitoring.listening.rollups import miscounted_rows
from monitoring.platforms.registry import connector_class
from tests.listening.platform_of_lists import PlatformOfLists, make_post

pytestmark = pytest.mark.django_db


def test_an_old_ledger_is_forgotten_and_its_gaps_are_not(brand: Brand, source: Source) -> None:
    now = timezone.now()
    CollectionRun.objects.create(source=source, started_at=now - LEDGER_KEPT_FOR - timedelta(days=1))
    CollectionRun.objects.create(source=source, started_at=now)
    CoverageGap.objects.create(
        source=source, began_at=now - timedelta(days=500), ended_at=now - timedelta(days=490)
    )

    assert purge_expired() == 1
    assert purge_expired() == 0
    assert CollectionRun.objects.count() == 1
    assert CoverageGap.objects.count() == 1


def test_mentions_go_when_their_platforms_terms_say_so_and_the_counts_follow(
    brand: Brand, source: Source, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    bluesky = connector_class("bluesky")
    monkeypatch.setattr(bluesky, "platform", replace(bluesky.platform, keeps_for=timedelta(days=30)))
    PlatformOfLists([make_post("expired"), make_post("kept")]).collect(source)
    Mention.objects.filter(external_id="expired").update(collected_at=timezone.now() - timedelta(days=31))

    assert purge_expired() == 1
    assert Mention.objects.get().external_id == "kept"
    assert miscounted_rows(organization=organization) == 0


def test_an_organizations_own_limit_holds_where_it_is_the_shorter_one(
    brand: Brand, source: Source, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    bluesky = connector_class("bluesky")
    monkeypatch.setattr(bluesky, "platform", replace(bluesky.platform, keeps_for=timedelta(days=30)))
    limit_retention(organization=organization, days={"bluesky": 7, "mastodon": 400})
    PlatformOfLists([make_post("expired"), make_post("kept")]).collect(source)
    Mention.objects.filter(external_id="expired").update(collected_at=timezone.now() - timedelta(days=8))
    retention = {each.platform.slug: each for each in list_retention(organization=organization)}

    assert (retention["bluesky"].kept_for, retention["bluesky"].most_days) == (timedelta(days=7), 30)
    assert expired_mentions(organization=organization, retention=retention["bluesky"]).count() == 1
    assert purge_expired() == 1
    assert Mention.objects.get().external_id == "kept"
    assert TermDay.objects.filter(mentions=0).count() == 0
    assert miscounted_rows(organization=organization) == 0

    limit_retention(organization=organization, days={"bluesky": None})
    assert list_retention(organization=organization)[0].kept_for == timedelta(days=30)
