"""The first minutes: what a business answers, step by step. Each step may be skipped, and none is asked twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts.models import Organization, SetupStep, User
from monitoring.audience.services import AlreadyFollowed, follow_profile
from monitoring.listening.keywords.first_keywords import Suggestion, suggest_keywords
from monitoring.listening.models import Brand, BrandKind, Keyword, TrackedProfile
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.keywords import create_keyword
from monitoring.platforms.types import ProfileLink

ORDER = (SetupStep.PROFILES, SetupStep.OTHERS, SetupStep.KEYWORDS, SetupStep.GOAL, SetupStep.DONE)


def own_brand(*, organization: Organization) -> Brand:
    """The brand that the business is itself."""
    own = Brand.objects.filter(organization=organization, kind=BrandKind.OWN).order_by("pk").first()
    return own or create_brand(organization=organization, name=organization.name, kind=BrandKind.OWN)


def finish_step(*, organization: Organization, step: SetupStep) -> None:
    """Go on to the step after this one, unless the set-up is further already."""
    after = ORDER[ORDER.index(step) + 1]
    if ORDER.index(SetupStep(organization.setup_step)) < ORDER.index(after):
        organization.setup_step = after
        organization.save(update_fields=["setup_step"])


@transaction.atomic
def add_profiles(*, organization: Organization, links: Sequence[ProfileLink]) -> None:
    brand = own_brand(organization=organization)
    for link in links:
        try:
            with transaction.atomic():
                follow_profile(brand=brand, link=link)
        except AlreadyFollowed:
            continue


@transaction.atomic
def add_brands(*, organization: Organization, names: Mapping[BrandKind, Sequence[str]]) -> None:
    for kind, kind_names in names.items():
        for name in kind_names:
            create_brand(organization=organization, name=name, kind=kind)


def open_suggestions(*, organization: Organization) -> list[Suggestion]:
    """Keywords for the brands that have none yet."""
    own_brand(organization=organization)
    served = Keyword.objects.filter(organization=organization).values("brand_id")
    brands = Brand.objects.filter(organization=organization).exclude(pk__in=served).order_by("pk")
    handles = TrackedProfile.objects.filter(
        organization=organization, brand__kind=BrandKind.OWN, platform__in=("bluesky", "mastodon", "x")
    )
    return suggest_keywords(
        brands=sorted(brands, key=lambda brand: brand.kind != BrandKind.OWN),
        website=organization.website,
        handles=handles.values_list("handle", flat=True),
    )


@transaction.atomic
def add_keywords(*, suggestions: Sequence[Suggestion], by: User) -> None:
    for suggestion in suggestions:
        create_keyword(brand=suggestion.brand, query=suggestion.query, by=by)
