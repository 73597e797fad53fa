"""What tests of conversions need: quick reports, links and a Redis that is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Organization
from monitoring.conversions.clicks import connection, visitors
from monitoring.conversions.clicks.storing import FollowedLink
from monitoring.conversions.models import Channel, Conversion, Kind, Origin, TrackedLink
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.recording import Report, record_conversion
from tests.conversions.lanes import Customer

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)  # a Wednesday; twelve o'clock in Berlin
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1"
_numbers = count(1)


def report(
    kind: str = Kind.ORDER,
    *,
    at: datetime | None = NOON,
    amount: str | None = None,
    currency: str = "EUR",
    channel: str = "",
    key: str = "",
    link: TrackedLink | None = None,
) -> Report:
    return Report(
        kind=kind,
        origin=Origin.API,
        idempotency_key=key or f"key-{next(_numbers)}",
        occurred_at=at,
        amount=None if amount is None else Decimal(amount),
        currency="" if amount is None else currency,
        heard_of_us_from=channel,
        link=link,
    )


def record(organization: Organization, told: Report) -> Conversion:
    return record_conversion(organization=organization, report=told).conversion


def click(
    link: TrackedLink, *, at: datetime = NOON, visitor: str = "somebody", is_bot: bool = False
) -> FollowedLink:
    return FollowedLink(click_id=uuid4(), link_id=link.pk, clicked_at=at, visitor=visitor, is_bot=is_bot)


@pytest.fixture
def link(organization: Organization) -> TrackedLink:
    return create_link(
        organization=organization,
        target="https://example.com/menu",
        label="Autumn menu",
        channel=Channel.INSTAGRAM,
        slug="menu",
    )


@pytest.fixture
def strangers_link(strangers_organization: Organization) -> TrackedLink:
    return create_link(
        organization=strangers_organization,
        target="https://example.org/",
        label="Theirs",
        channel=Channel.X,
        slug="theirs",
    )


def _forget() -> None:
    connection.quick_redis.cache_clear()
    connection.patient_redis.cache_clear()
    visitors._shared_salt.cache_clear()


@pytest.fixture
def cut_redis(settings: Settings) -> Iterator[Callable[[], None]]:
    """Call it, and Redis cannot be reached any more."""

    def cut() -> None:
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        _forget()

    yield cut
    _forget()


@pytest.fixture
def customer() -> Client:
    """Somebody's phone."""
    return Customer(headers={"User-Agent": PHONE})


@pytest.fixture
def organization(organization: Organization) -> Organization:
    """A business that has been here for a long time."""
    organization.created_at = datetime(2020, 1, 1, tzinfo=UTC)
    organization.save(update_fields=["created_at"])
    return organization
