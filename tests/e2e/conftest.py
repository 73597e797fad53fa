"""What several browser tests begin with."""

from __future__ import annotations

import pytest

from accounts.models import Organization, SetupStep
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.services.brands import create_brand
from tests.filled_business import FilledBusiness, fill


@pytest.fixture
def business(transactional_db: None, organization: Organization) -> FilledBusiness:
    """Two months behind it, and everything in it."""
    return fill(organization)


@pytest.fixture
def brand(transactional_db: None, organization: Organization) -> Brand:
    """Set up, and nothing heard yet."""
    Organization.objects.update(setup_step=SetupStep.DONE)
    return create_brand(organization=organization, name="Halden Coffee", kind=BrandKind.OWN)
