"""A business with shops that are made up, and servers in their place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organization
from monitoring.conversions.models import ShopConnection
from monitoring.conversions.services.shops import connect_shop
from tests.conversions.shops.calling import Hook, MakeHook
from tests.conversions.shops.made_up import ADDRESSES, CREDENTIALS, SECRET, Body, MadeUpShop
from tests.platforms.conftest import Serve, budget, redis, serve

__all__ = ["budget", "redis", "serve"]

Connect = Callable[..., ShopConnection]
Run = Callable[..., MadeUpShop]


@pytest.fixture
def run_shop(serve: Serve, settings: Settings) -> Run:
    """A made-up shop that is there to be asked, in the place of the real one."""

    def run(slug: str, orders: list[Body] | None = None) -> MadeUpShop:
        shop = MadeUpShop(slug, orders)
        server = serve(shop)
        settings.PLATFORM_URLS = {**settings.PLATFORM_URLS, slug: server.url}
        return shop

    return run


@pytest.fixture
def connect(organization: Organization) -> Connect:
    """Connect a shop that runs, through the service that the page uses."""

    def connect(slug: str, *, secret: str = SECRET) -> ShopConnection:
        connection = connect_shop(
            organization=organization, shop=slug, address=ADDRESSES[slug], credentials=CREDENTIALS[slug]
        )
        connection.webhook_secret = secret
        connection.save()
        return connection

    return connect


@pytest.fixture
def make_connection(organization: Organization) -> Connect:
    """A connected shop that nobody asks."""

    def make(slug: str, *, secret: str = SECRET) -> ShopConnection:
        connection = ShopConnection(
            organization=organization,
            shop=slug,
            address=ADDRESSES[slug],
            name=ADDRESSES[slug],
            key=f"key-of-{slug}",
            due_at=timezone.now() + timedelta(days=1),
        )
        connection.credentials = CREDENTIALS[slug]
        connection.webhook_secret = secret
        connection.save()
        return connection

    return make


@pytest.fixture
def hook(make_connection: Connect) -> MakeHook:
    """A connected shop that calls."""
    return lambda slug: Hook(make_connection(slug), Client())
