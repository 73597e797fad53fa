"""What is read about people and organizations."""

from __future__ import annotations

from django.db.models import F, QuerySet

from accounts.house_rules import rules_to_read
from accounts.models import ApiToken, Membership, Organization, Role, User


def list_memberships(*, user: User) -> QuerySet[Membership]:
    """With `logo_digest`, which the address of the organization's logo needs, and `has_rules_to_read`."""
    return (
        Membership.objects.filter(user=user)
        .select_related("organization")
        .annotate(logo_digest=F("organization__logo__digest"), has_rules_to_read=rules_to_read())
        .order_by("organization__name", "pk")
    )


def find_home(*, user: User, last_used: str | None) -> Organization | None:
    """The organization that a person sees first: the one they used last, or else their oldest."""
    organizations = Organization.objects.filter(memberships__user=user)
    return (
        organizations.filter(slug=last_used or "").first()
        or organizations.order_by("memberships__pk").first()
    )


def has_several_businesses(*, user: User) -> bool:
    """Of their own: the demo is none."""
    own = Membership.objects.filter(user=user, organization__is_demo=False)
    return len(own.values_list("pk", flat=True)[:2]) > 1


def list_people_who_can_help(*, organization: Organization) -> list[User]:
    """Owners and admins: they can change roles and settings."""
    return list(
        User.objects.filter(
            memberships__organization=organization,
            memberships__role__in=(Role.OWNER, Role.ADMIN),
            is_active=True,
        ).order_by("name", "email")
    )


def list_tokens(*, organization: Organization) -> QuerySet[ApiToken]:
    """The tokens that nobody has revoked, newest first; expired ones too, until somebody puts them away."""
    return ApiToken.objects.filter(organization=organization, revoked_at=None).order_by("-created_at")
