"""Objects from a query written by hand are those that Django would have read."""

from __future__ import annotations

import pytest

from accounts.models import Membership, Organization, User
from accounts.selectors import list_memberships
from monitoring.lib.written_queries import Columns
from monitoring.listening.models import Brand, BrandKind

pytestmark = pytest.mark.django_db
BRANDS = "select {} from listening_brand brand where organization_id = %s order by id"


def test_a_row_becomes_the_object_that_was_stored(organization: Organization) -> None:
    stored = Brand.objects.create(organization=organization, name="Halden", kind=BrandKind.PRODUCT)
    columns = Columns(Brand)
    (brand,) = columns.fetch(BRANDS.format(columns.of("brand")), [organization.pk])
    assert brand == stored
    assert (brand.name, brand.kind, brand.created_at) == (stored.name, BrandKind.PRODUCT, stored.created_at)
    assert brand.organization == organization
    brand.name = "Halden Coffee"
    brand.save()
    assert Brand.objects.get().name == "Halden Coffee"


def test_what_is_left_out_is_read_when_it_is_asked_for(organization: Organization) -> None:
    Brand.objects.create(organization=organization, name="Halden")
    columns = Columns(Brand, without=["name"])
    (brand,) = columns.fetch(BRANDS.format(columns.of("brand")), [organization.pk])
    assert brand.get_deferred_fields() == {"name"}
    assert brand.name == "Halden"
    assert len(columns) == len(Columns(Brand)) - 1


def test_memberships_come_with_their_organizations(owner: User, organization: Organization) -> None:
    other = Organization.objects.create(name="Anna’s", slug="annas", time_zone="Asia/Kathmandu")
    Membership.objects.create(organization=other, user=owner, role="viewer")
    found = list_memberships(user=owner)
    assert [membership.organization for membership in found] == [other, organization]
    assert [membership.role for membership in found] == ["viewer", "owner"]
    assert found[0].organization.time_zone == "Asia/Kathmandu"
    assert found == list(Membership.objects.filter(user=owner).order_by("organization__name"))
