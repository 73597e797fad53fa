"""Give an organization its logo, or take it away."""

from __future__ import annotations

from django.db import transaction

from accounts.audit import record_change
from accounts.logos import digest_of_logo
from accounts.models import Organization, OrganizationLogo


@transaction.atomic
def set_logo(*, organization: Organization, image: bytes) -> OrganizationLogo:
    """`image` is what `accounts.logos.draw_logo` made."""
    before = _digest_of(organization)
    logo, _is_new = OrganizationLogo.objects.update_or_create(
        organization=organization,
        defaults={"image": image, "digest": digest_of_logo(organization.pk, image)},
    )
    _record(organization, before, logo.digest)
    return logo


@transaction.atomic
def remove_logo(*, organization: Organization) -> None:
    before = _digest_of(organization)
    OrganizationLogo.objects.filter(organization=organization).delete()
    _record(organization, before, "")


def _digest_of(organization: Organization) -> str:
    found = OrganizationLogo.objects.filter(organization=organization).values_list("digest", flat=True)
    return found.first() or ""


def _record(organization: Organization, before: str, after: str) -> None:
    record_change(
        organization=organization, subject=organization, before={"logo": before}, after={"logo": after}
    )
