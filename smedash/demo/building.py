"""Make the demo, find it, take it away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.audit import recorded_as_one
from accounts.models import Organization, SetupStep, User
from accounts.services.organizations import create_organization
from monitoring.dashboard.setting_up import finish_step
from monitoring.listening.models import Brand, Keyword, KeywordVersion, Subscription, TrackedProfile
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.listening.services.demo import delete_demo, give_own_sources
from monitoring.listening.services.keywords import create_keyword
from smedash.demo.audience import write_audience
from smedash.demo.business import BRANDS, CURRENCY, NAME, PERSON, PROFILES, TIME_ZONE, WEBSITE, BrandPlan
from smedash.demo.calendar import Timeline
from smedash.demo.conversions import write_conversions
from smedash.demo.coverage import write_coverage
from smedash.demo.mentions import Plan
from smedash.demo.sorting import write_sorting
from smedash.demo.writing import write_mentions

DAYS = 730
MENTIONS = 100_000
_EMAIL = "visitor@demo.invalid"

Tell = Callable[[str], object]


def find_demo() -> Organization | None:
    """The demo that is complete and that somebody can look at."""
    complete = Organization.objects.filter(is_demo=True, setup_step=SetupStep.DONE)
    return complete.filter(memberships__user__is_demo=True).first()


def remove_demos() -> None:
    """Whatever there is of demos, halves that were interrupted included."""
    for organization in Organization.objects.filter(is_demo=True):
        delete_demo(organization=organization)


def build_demo(
    *, now: datetime, days: int = DAYS, mentions: int = MENTIONS, processes: int = 1, tell: Tell
) -> Organization:
    """A demo that ends at `now`. It counts as complete only once everything is written."""
    timeline = Timeline(now, ZoneInfo(TIME_ZONE), days)
    organization = create_organization(
        owner=_person(), name=NAME, website=WEBSITE, time_zone=TIME_ZONE, currency=CURRENCY, is_demo=True
    )
    # A goal's pace begins when the business joined: this one has been here from the first invented day.
    organization.created_at = now - timedelta(days=days)
    organization.save(update_fields=["created_at"])
    _listen(organization)

    def write_the_rest() -> None:
        with recorded_as_one():  # nobody did these things one by one
            write_audience(organization=organization, timeline=timeline)
            write_conversions(organization=organization, timeline=timeline)

    stored = write_mentions(
        organization=organization,
        plan=Plan(timeline, mentions),
        processes=processes,
        meanwhile=write_the_rest,
    )
    _settle(organization, timeline)
    _look_at_mentions()
    with recorded_as_one():
        write_sorting(organization=organization, timeline=timeline)
    finish_step(organization=organization, step=SetupStep.GOAL)
    tell(f"{stored:,} mentions in {days} days.")
    return organization


def _person() -> User:
    person = User.objects.filter(is_demo=True).first()
    return person or User.objects.create_user(_EMAIL, None, name=PERSON, is_demo=True)


def _listen(organization: Organization) -> None:
    brands = {
        plan.name: create_brand(organization=organization, name=plan.name, kind=plan.kind) for plan in BRANDS
    }
    for plan in BRANDS:
        _track_queries(brands[plan.name], plan)
    for profile in PROFILES:
        tracked = track_profile(brand=brands[profile.brand], link=profile.link)
        TrackedProfile.objects.filter(pk=tracked.pk).update(
            external_id=profile.external_id, name=profile.brand, url=profile.url
        )
    give_own_sources(organization=organization)


def _track_queries(brand: Brand, plan: BrandPlan) -> None:
    for query in plan.queries:
        keyword = create_keyword(brand=brand, query=query, by=None)
        if query in plan.first_queries:
            KeywordVersion.objects.create(
                keyword=keyword, query=plan.first_queries[query], replaced_at=keyword.created_at
            )


def _look_at_mentions() -> None:
    """PostgreSQL does so by itself within some minutes. Until then it takes the table for empty, and ranking authors
    takes twenty times as long. Its long texts need no look.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "analyze listening_mention "
            "(organization_id, brand_id, platform, author_key, published_at, tone, status, deleted_at, is_counted)"
        )


def _settle(organization: Organization, timeline: Timeline) -> None:
    """It was all there since the first day, its past is read, and nobody asks a platform about invented posts."""
    begun = timeline.begins_at
    Brand.objects.filter(organization=organization).update(created_at=begun)
    Keyword.objects.filter(organization=organization).update(created_at=begun)
    TrackedProfile.objects.filter(organization=organization).update(created_at=begun)
    Subscription.objects.filter(organization=organization).update(created_at=begun, backfilled_at=begun)
    versions = KeywordVersion.objects.filter(keyword__organization=organization)
    changed = timeline.starts_at(timeline.days // 2)
    versions.exclude(replaced_at=None).update(created_at=begun, replaced_at=changed)
    for version in versions.filter(replaced_at=None):
        changed_once = versions.filter(keyword=version.keyword).exclude(replaced_at=None).exists()
        KeywordVersion.objects.filter(pk=version.pk).update(created_at=changed if changed_once else begun)
    write_coverage(organization=organization, timeline=timeline)
