"""A brand that listens at one source."""

from __future__ import annotations

import pytest

from accounts.models import Organization
from monitoring.listening.models import Brand, BrandKind, Keyword, KeywordVersion, Source, Subscription
from tests.listening.platform_of_lists import NOW, make_source


def listen(
    organization: Organization, source: Source, *, name: str, query: str, caught_up: bool = True
) -> Brand:
    """A brand with one keyword, subscribed to the source."""
    brand, _created = Brand.objects.get_or_create(
        organization=organization, name=name, defaults={"kind": BrandKind.OWN}
    )
    keyword = Keyword.objects.create(organization=organization, brand=brand)
    KeywordVersion.objects.create(keyword=keyword, query=query)
    Subscription.objects.create(
        organization=organization, source=source, keyword=keyword, backfilled_at=NOW if caught_up else None
    )
    return brand


@pytest.fixture
def source(db: None) -> Source:
    return make_source()


@pytest.fixture
def brand(organization: Organization, source: Source) -> Brand:
    return listen(organization, source, name="Halden Coffee", query="halden")
