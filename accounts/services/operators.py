"""Who looks after the server, and who may sign in at all."""

from __future__ import annotations

from django.db import transaction

from accounts.audit import Action, record
from accounts.models import User


@transaction.atomic
def make_operator(*, user: User) -> bool:
    """Let somebody look after this server. False where they already do."""
    return _set(user, "is_staff", value=True)


@transaction.atomic
def dismiss_operator(*, user: User) -> bool:
    return _set(user, "is_staff", value=False)


@transaction.atomic
def forbid_sign_in(*, user: User) -> bool:
    """From the next request on they are signed out everywhere. False where they were before."""
    return _set(user, "is_active", value=False)


@transaction.atomic
def allow_sign_in(*, user: User) -> bool:
    return _set(user, "is_active", value=True)


def _set(user: User, column: str, *, value: bool) -> bool:
    changed = User.objects.filter(pk=user.pk, **{column: not value}).update(**{column: value})
    if changed:
        setattr(user, column, value)
        facts = {column: not value}, {column: value}
        record(Action.CHANGED, organization=None, subject=user, before=facts[0], after=facts[1])
    return bool(changed)
