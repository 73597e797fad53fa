"""Second factors that are set up, used up or taken away go to the audit log, and codes that were wrong."""

from __future__ import annotations

from typing import Any

from allauth.mfa import signals
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.audit import Action
from accounts.models import User
from accounts.sign_in_events import record_failure, record_of_person


@receiver(signals.authenticator_added)
def note_added(*, request: HttpRequest, user: User, authenticator: Any, **_rest: Any) -> None:
    _record(request, user, authenticator, after={"is": "set up"})


@receiver(signals.authenticator_reset)
def note_renewed(*, request: HttpRequest, user: User, authenticator: Any, **_rest: Any) -> None:
    _record(request, user, authenticator, after={"is": "made anew"})


@receiver(signals.authenticator_removed)
def note_removed(*, request: HttpRequest, user: User, authenticator: Any, **_rest: Any) -> None:
    _record(request, user, authenticator, after={"is": "removed"})


@receiver(signals.authentication_failed)
def note_wrong_code(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    record_failure(request=request, user=user, kind="second factor")


def _record(request: HttpRequest, user: User, authenticator: Any, *, after: dict[str, object]) -> None:
    record_of_person(Action.SECURED, request=request, user=user, kind=str(authenticator.type), after=after)
