from __future__ import annotations

from datetime import timedelta

import pytest
from celery import Celery
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organization, User
from monitoring.listening.models import BrandKind, Source, SourceKind
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.listening.services.keywords import create_keyword
from monitoring.platforms.registry import CONNECTORS
from monitoring.platforms.types import ProfileLink
from tests.cast import SignIn

pytestmark = pytest.mark.django_db
UNREACHABLE = "http://127.0.0.1:9"


def test_searches_and_profiles_are_asked_at_once(
    marketer: User, organization: Organization, sign_in: SignIn, settings: Settings, eager_tasks: Celery
) -> None:
    settings.PLATFORM_URLS = dict.fromkeys(CONNECTORS, UNREACHABLE)
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    create_keyword(brand=brand, query="halden", by=None, platforms=["bluesky"])
    track_profile(brand=brand, link=ProfileLink(platform="bluesky", handle="halden.example.com"))
    Source.objects.update(due_at=timezone.now() + timedelta(hours=1))

    page = sign_in(marketer).post(f"/o/{organization.slug}/sources/collect/", follow=True)

    assert "Collecting now" in page.content.decode()
    kinds = {source.kind for source in Source.objects.all() if source.runs.exists()}
    assert kinds == set(SourceKind.values)
