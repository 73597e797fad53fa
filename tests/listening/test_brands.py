"""Brands are added, called otherwise and said to be of another kind; what they have stays with them."""

from __future__ import annotations

import pytest

from accounts.models import AuditEvent, Organization, User
from monitoring.listening.models import Brand, BrandKind, Source
from tests.cast import SignIn
from tests.listening.conftest import listen

pytestmark = pytest.mark.django_db


def test_a_marketer_adds_a_brand_and_says_later_that_it_is_a_product(
    organization: Organization, marketer: User, sign_in: SignIn
) -> None:
    client, address = sign_in(marketer), f"/o/{organization.slug}/brands/"
    assert client.post(f"{address}new/", {"name": "Winter Blend", "kind": "competitor"}).status_code == 302
    brand = Brand.objects.get(organization=organization, name="Winter Blend")
    changed = client.post(f"{address}{brand.pk}/", {"name": "Winter Blend 2", "kind": "product"})
    assert changed.headers["Location"] == address

    brand.refresh_from_db()
    assert (brand.name, brand.kind) == ("Winter Blend 2", BrandKind.PRODUCT)
    event = AuditEvent.objects.latest("pk")
    assert (event.before, event.after) == (
        {"name": "Winter Blend", "kind": "competitor"},
        {"name": "Winter Blend 2", "kind": "product"},
    )
    page = client.get(address).content.decode()
    assert "Winter Blend 2" in page
    assert "Product" in page


def test_two_brands_cannot_have_one_name(
    organization: Organization, source: Source, marketer: User, sign_in: SignIn
) -> None:
    first, second = (listen(organization, source, name=name, query=name) for name in ("Halden", "Bean"))
    client = sign_in(marketer)
    refused = client.post(f"/o/{organization.slug}/brands/{second.pk}/", {"name": "Halden", "kind": "own"})
    assert refused.status_code == 422
    assert "You have a brand of this name already." in refused.content.decode()
    kept = client.post(f"/o/{organization.slug}/brands/{first.pk}/", {"name": "Halden", "kind": "topic"})
    assert kept.status_code == 302
