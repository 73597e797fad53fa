"""A business with a web site, and a customer's browser on one of its pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Organization
from monitoring.conversions.models import Site
from monitoring.conversions.services.site import save_site

ORIGIN = "https://shop.example"
Tell = Callable[..., Any]  # the test client's answer


@pytest.fixture
def site(organization: Organization) -> Site:
    return save_site(organization=organization, hosts=["shop.example"], asks_how_heard=False)


@pytest.fixture
def tell(site: Site, customer: Client) -> Tell:
    """What the snippet does: one event from a page of the site, as text, with an id of its own."""

    def told(event: dict[str, Any], *, client: Client | None = None, **headers: str) -> Any:
        return (client or customer).post(
            f"/api/events?site={site.key}",
            json.dumps({"id": uuid4().hex, **event}),
            content_type="text/plain;charset=UTF-8",
            headers={"Origin": ORIGIN, **headers},
        )

    return told


def visit(**more: object) -> dict[str, object]:
    return {"type": "visit", "page": "/menu", "referrer": "https://l.instagram.com/", **more}


def order(**more: object) -> dict[str, object]:
    return {"type": "conversion", "kind": "order", **more}
