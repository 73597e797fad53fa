"""Whose address is proven. django-allauth keeps the proof; we say when something else than its mail is one."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.audit import Action, record
from accounts.models import User


class AddressIsTaken(Exception):
    """Somebody else signs in with this address."""


@transaction.atomic
def confirm_address(*, user: User) -> None:
    """The person's address counts as verified: they followed a link that only its reader can have.

    An invitation's mail is such a link. Whatever other address waits to be verified goes on waiting.
    """
    EmailAddress.objects.filter(user=user).exclude(email=user.email).update(primary=False)
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )


@transaction.atomic
def replace_address(*, user: User, email: str) -> None:
    """Another address instead of the one they have, which the operator vouches for."""
    before, email = user.email, email.lower()
    others = EmailAddress.objects.exclude(user=user).filter(email=email, verified=True)
    if others.exists() or User.objects.exclude(pk=user.pk).filter(email=email).exists():
        raise AddressIsTaken
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    confirm_address(user=user)
    for membership in user.memberships.select_related("organization"):
        record(
            Action.SECURED,
            organization=membership.organization,
            subject=user,
            kind="emailaddress",
            before={"address": before},
            after={"address": email},
        )
