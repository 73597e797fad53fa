"""Brands and their profiles: whom we listen for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Sum

from accounts.audit import Action, forget_organization, record
from accounts.models import Organization
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.collecting.subscribing import subscribe_profile
from monitoring.listening.models import Brand, BrandKind, MentionDay, MentionHour, TermDay, TrackedProfile
from monitoring.platforms.types import ProfileLink

DELETED_AT_ONCE: Final = 20_000  # mentions, while somebody waits; a worker deletes more


@transaction.atomic
def create_brand(*, organization: Organization, name: str, kind: BrandKind) -> Brand:
    """The brand of that name; naming it twice, in small letters or large, gives the same one."""
    known = Brand.objects.filter(organization=organization, name__iexact=name).order_by("pk").first()
    if known:
        return known
    brand, is_new = Brand.objects.get_or_create(organization=organization, name=name, defaults={"kind": kind})
    if is_new:
        record(Action.CREATED, organization=organization, subject=brand, after={"kind": kind})
    return brand


def count_stored(*, brand: Brand) -> int:
    """About how many mentions would go with it."""
    counted: int | None = MentionDay.objects.filter(brand_id=brand.pk).aggregate(sum=Sum("mentions"))["sum"]
    return counted or 0


@transaction.atomic
def delete_brand(*, brand: Brand) -> None:
    """Delete a brand with its mentions and counts. Collecting for others at its sources goes on."""
    # Collectors hold a shared lock on the brand while they write: wait for them, and let none begin.
    locked = Brand.objects.select_for_update().get(pk=brand.pk)
    brand_ids = [locked.pk]
    record(Action.DELETED, organization=locked.organization, subject=locked, before={"kind": locked.kind})
    locked.delete()
    _forget_counts(brand_ids)


@transaction.atomic
def delete_organization(*, organization: Organization) -> None:
    """Delete a business with everything it has."""
    brands = Brand.objects.select_for_update().filter(organization=organization).order_by("pk")
    brand_ids = list(brands.values_list("pk", flat=True))
    Organization.objects.get(pk=organization.pk).delete()
    _forget_counts(brand_ids)
    forget_organization(organization.pk)


def _forget_counts(brand_ids: Sequence[int]) -> None:
    """The triggers have brought them to zero; but a term is a word that somebody wrote."""
    for counts in (MentionDay, MentionHour, TermDay):
        counts.objects.filter(brand_id__in=brand_ids).delete()


@transaction.atomic
def track_profile(*, brand: Brand, link: ProfileLink) -> TrackedProfile:
    """Watch a profile's followers and posts from now on. Tracking it twice gives the same one."""
    profile, is_new = TrackedProfile.objects.get_or_create(
        organization_id=brand.organization_id,
        brand=brand,
        platform=link.platform,
        server=link.server,
        handle=link.handle,
    )
    subscribe_profile(profile)
    if is_new:
        record(
            Action.CREATED, organization=profile.organization, subject=profile, after={"brand": brand.name}
        )
    return profile


@transaction.atomic
def stop_tracking(*, profile: TrackedProfile) -> None:
    """Forget a profile with its history."""
    lock_brands([profile.brand_id])  # whoever is writing what they read of it finishes first
    facts = {"brand": profile.brand.name}
    record(Action.DELETED, organization=profile.organization, subject=profile, before=facts)
    profile.delete()
