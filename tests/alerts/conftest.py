"""A business that is set up, what people say about it, and a mail server that keeps what arrives."""

from __future__ import annotations

import pytest

from accounts.models import Membership, Organization, User
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.services.brands import create_brand
from tests.reports.conftest import business, inbox

__all__ = ["business", "inbox"]


@pytest.fixture
def brand(business: Organization) -> Brand:
    return create_brand(organization=business, name="Halden", kind=BrandKind.OWN)


@pytest.fixture
def reader(business: Organization, owner: User) -> Membership:
    return Membership.objects.select_related("organization", "user").get(organization=business, user=owner)
