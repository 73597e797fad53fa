"""What is read about people and organizations."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from accounts.models import ApiToken, Membership, Organization, Role, User
from monitoring.lib.written_queries import Columns

_OF_MEMBERSHIP: Final = Columns(Membership)
_OF_ORGANIZATION: Final = Columns(Organization)
# Written by hand: every page asks it, and to build it anew takes four times as long as to answer it.
_MEMBERSHIPS: Final = f"""
    select {_OF_MEMBERSHIP.of("membership")}, {_OF_ORGANIZATION.of("organization")}, logo.digest,
        exists (
            select from accounts_houserules rules
            where rules.id = (
                select id from accounts_houserules where organization_id = organization.id
                order by version desc limit 1)
            and not exists (
                select from accounts_rulesacknowledged read
                where read.rules_id = rules.id and read.user_id = membership.user_id))
    from accounts_membership membership
    join accounts_organization organization on organization.id = membership.organization_id
    left join accounts_organizationlogo logo on logo.organization_id = organization.id
    where membership.user_id = %s order by organization.name, membership.id
"""  # noqa: S608 - put together from constants


def list_memberships(*, user: User) -> list[Membership]:
    """With `logo_digest`, which the address of the organization's logo needs, and `has_rules_to_read`: whether there is
    a newest version of the house rules that they have not acknowledged."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERSHIPS, [user.pk])
        return [_membership(row) for row in cursor.fetchall()]


def _membership(row: tuple[Any, ...]) -> Membership:
    *values, logo_digest, has_rules_to_read = row
    membership = _OF_MEMBERSHIP.read(values[: len(_OF_MEMBERSHIP)])
    membership.organization = _OF_ORGANIZATION.read(values[len(_OF_MEMBERSHIP) :])
    membership.__dict__ |= {"logo_digest": logo_digest, "has_rules_to_read": has_rules_to_read}
    return membership


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
