"""The audit log: who did what, when and from where. Whoever changes something that matters says so here.

`record` belongs into the transaction of the change, so that neither stands without the other. Who acts is known from
the request (`AuditMiddleware`); what a worker does by itself is SMEdash's own doing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponseBase

from accounts.addresses import address_of
from accounts.models import AuditEvent, Organization, User

Action = AuditEvent.Action
Facts = Mapping[str, object]

# A fact with such a name would be a secret, and a log is read by many.
_SECRET: Final = ("password", "secret", "credential", "digest", "sealed", "seed", "recovery")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who acts, and from where."""

    user: User | None = None
    name: str = ""  # of a program that acts by a token
    address: str | None = None
    browser: str = ""


_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


@contextmanager
def acting(caller: Caller) -> Iterator[None]:
    """Whatever is recorded within was done by this caller."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


def who_acts() -> Caller:
    """Whoever was named by `acting`, or else who sent the request, or else nobody: a worker."""
    caller, request = _caller.get(), _request.get()
    if caller is not None or request is None:
        return caller or Caller()
    person = getattr(request, "user", None)
    return Caller(
        user=person if isinstance(person, User) else None,
        address=address_of(request) or None,
        browser=request.headers.get("User-Agent", ""),
    )


def record(
    action: AuditEvent.Action,
    *,
    organization: Organization | None,
    subject: models.Model | None = None,
    kind: str = "",
    name: str = "",
    before: Facts | None = None,
    after: Facts | None = None,
) -> AuditEvent:
    """Write one event. `kind` and `name` say what was meant where there is no `subject`, or name it better.

    Raises ValueError where a fact looks like a secret.
    """
    caller = who_acts()
    return AuditEvent.objects.create(
        organization=organization,
        action=action,
        actor=caller.user,
        actor_name=(_name_of(caller.user) if caller.user else caller.name)[:300],
        subject_kind=kind or (subject._meta.model_name or "" if subject else ""),
        subject_id=subject.pk if subject else None,
        subject_name=(name or (str(subject) if subject else ""))[:300],
        before=_readable(before),
        after=_readable(after),
        address=caller.address,
        browser=caller.browser[:200],
    )


def record_change(
    *, organization: Organization, subject: models.Model, before: Facts, after: Facts, name: str = ""
) -> AuditEvent | None:
    """Write down what differs; nothing where nothing does."""
    changed = [key for key in after if before.get(key) != after[key]]
    if not changed:
        return None
    return record(
        Action.CHANGED,
        organization=organization,
        subject=subject,
        name=name,
        before={key: before.get(key) for key in changed},
        after={key: after[key] for key in changed},
    )


@contextmanager
def purging() -> Iterator[None]:
    """The only transaction in which events may be deleted: the retention's and a deleted organization's."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL smedash.audit_purge = 'on'")
        yield


def _name_of(user: User) -> str:
    return f"{user.name} <{user.email}>" if user.name else user.email


def _readable(facts: Facts | None) -> dict[str, object]:
    """As JSON holds it. Numbers and truths stay, everything else becomes text."""
    for key in facts or {}:
        if any(word in key.lower() for word in _SECRET):
            raise ValueError(f"“{key}” does not belong into the audit log")
    return {
        key: value if value is None or isinstance(value, bool | int | list) else str(value)
        for key, value in (facts or {}).items()
    }


class AuditMiddleware:
    """Remembers the request, so that `record` knows who acts. Nobody is looked up before something is recorded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)
