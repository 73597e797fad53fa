"""Two-factor sign-in for a whole organization."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.audit import Action, record, record_change
from accounts.models import Organization, User
from accounts.second_factor import has_second_factor


class OwnFactorMissing(Exception):
    """Who asks it of everybody must have it, or would be locked out at the next click."""


@transaction.atomic
def require_two_factor(*, organization: Organization, required: bool, by: User) -> None:
    """From the next request on, members without a second factor are led to set it up; or no longer."""
    if required and not has_second_factor(user=by):
        raise OwnFactorMissing
    stored = Organization.objects.select_for_update().get(pk=organization.pk)
    before, stored.requires_two_factor = stored.requires_two_factor, required
    stored.save(update_fields=["requires_two_factor"])
    record_change(
        organization=stored,
        subject=stored,
        before={"requires_two_factor": before},
        after={"requires_two_factor": required},
    )
    organization.requires_two_factor = required


@transaction.atomic
def forget_second_factors(*, user: User) -> int:
    """Remove all of them, recovery codes included. Returns how many there were."""
    factors = Authenticator.objects.filter(user=user)
    kinds = [factor.get_type_display() for factor in factors]
    factors.delete()
    for membership in user.memberships.select_related("organization") if kinds else ():
        record(
            Action.SECURED,
            organization=membership.organization,
            subject=user,
            kind="authenticator",
            before={"had": [str(kind) for kind in kinds]},
        )
    return len(kinds)
