"""Delete one's own account."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Membership, Organization, Role, User
from accounts.services.members import leave_organization


def owned_alone(*, user: User) -> list[Organization]:
    """Organizations that have no other owner who can sign in."""
    owners = Membership.objects.filter(role=Role.OWNER, user__is_active=True)
    others = owners.exclude(user=user).values("organization")
    mine = Organization.objects.filter(pk__in=owners.filter(user=user).values("organization"), is_demo=False)
    return list(mine.exclude(pk__in=others).order_by("name"))


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Leave every organization, and delete the person. Raises TeamError where one would be without an owner."""
    for organization in Organization.objects.filter(memberships__user=user, is_demo=False).order_by("pk"):
        leave_organization(organization=organization, user=user)
    user.delete()
