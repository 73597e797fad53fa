"""What several browser tests begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organization, SetupStep
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.services.brands import create_brand
from tests.e2e.looking import Looker, Memory
from tests.filled_business import FilledBusiness, fill


@pytest.fixture(scope="session")
def memory() -> Memory:
    """Of all tests of this worker: pages share most of what is on them."""
    return Memory()


@pytest.fixture
def looker(page: Page, live_server: LiveServer, memory: Memory, pytestconfig: pytest.Config) -> Looker:
    folder = pytestconfig.getoption("--pictures")
    return Looker(page, live_server.url, Path(folder) if folder else None, memory=memory)


@pytest.fixture
def business(transactional_db: None, organization: Organization) -> FilledBusiness:
    """Two months behind it, and everything in it."""
    return fill(organization)


@pytest.fixture
def brand(transactional_db: None, organization: Organization) -> Brand:
    """Set up, and nothing heard yet."""
    Organization.objects.update(setup_step=SetupStep.DONE)
    return create_brand(organization=organization, name="Halden Coffee", kind=BrandKind.OWN)
