"""Sign-ins and what secures them go to the audit log: once for each organization of the person.

So each organization's log is whole, and is deleted with it. A failed sign-in for an address that nobody has belongs to
no organization: only whoever runs the server sees it, and what was typed is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.audit import Action, Facts, acting, caller_of, record
from accounts.models import Organization, User


@receiver(user_logged_in)
def note_sign_in(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    record_of_person(Action.SIGNED_IN, request=request, user=user)


@receiver(user_logged_out)
def note_sign_out(*, request: HttpRequest, user: User | None, **_rest: Any) -> None:
    if user is not None:
        record_of_person(Action.SIGNED_OUT, request=request, user=user)


@receiver(user_login_failed)
def note_failure(*, credentials: Mapping[str, Any], request: HttpRequest | None = None, **_rest: Any) -> None:
    """Nobody acted whom we know: the person whose address was typed is only what it was about."""
    user = _find(str(credentials.get("email") or credentials.get("username") or ""))
    record_failure(request=request, user=user, kind="password")


def record_failure(*, request: HttpRequest | None, user: User | None, kind: str) -> None:
    """`kind`: what was wrong."""
    with acting(caller_of(request or HttpRequest(), None)), transaction.atomic():
        for organization in _organizations(user):
            record(
                Action.SIGN_IN_FAILED,
                organization=organization,
                subject=user,
                kind="user",
                after={"with": kind},
            )


@receiver(account.password_changed)
@receiver(account.password_set)
def note_new_password(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    record_of_person(Action.SECURED, request=request, user=user, kind="password")


@receiver(account.password_reset)
def note_reset(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    """Whoever reads the person's mail did it."""
    record_of_person(Action.SECURED, request=request, user=user, kind="password", after={"by": "mail"})


@receiver(account.email_changed)
def note_new_address(
    *, request: HttpRequest, user: User, from_email_address: Any, to_email_address: Any, **_rest: Any
) -> None:
    before = {"address": getattr(from_email_address, "email", None)}
    after = {"address": to_email_address.email}
    record_of_person(
        Action.SECURED, request=request, user=user, kind="emailaddress", before=before, after=after
    )


@receiver(account.email_added)
def note_further_address(*, request: HttpRequest, user: User, email_address: Any, **_rest: Any) -> None:
    after = {"address": email_address.email}
    record_of_person(Action.SECURED, request=request, user=user, kind="emailaddress", after=after)


@receiver(account.email_removed)
def note_removed_address(*, request: HttpRequest, user: User, email_address: Any, **_rest: Any) -> None:
    before = {"address": email_address.email}
    record_of_person(Action.SECURED, request=request, user=user, kind="emailaddress", before=before)


def record_of_person(
    action: Action,
    *,
    request: HttpRequest,
    user: User,
    kind: str = "",
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """What a person did about their own account, in the log of each of their organizations."""
    with acting(caller_of(request, user)), transaction.atomic():
        for organization in _organizations(user):
            record(action, organization=organization, subject=user, kind=kind, before=before, after=after)


def _organizations(user: User | None) -> Iterator[Organization | None]:
    """Without any, the event stands in nobody's log but the operator's."""
    mine = Organization.objects.filter(memberships__user=user).order_by("pk") if user else ()
    yield from [*mine] or [None]


def _find(typed: str) -> User | None:
    typed = typed.replace("\0", "")
    known = EmailAddress.objects.filter(email__iexact=typed, primary=True).select_related("user").first()
    return known.user if known else User.objects.filter(email__iexact=typed).first()
