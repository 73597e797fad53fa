"""The audit log: who did what, when and from where. Whoever changes something that matters says so here.

`record` belongs into the transaction of the change, so that neither stands without the other. Who acts is known from
the request (`AuditMiddleware`); what a worker does by itself is SMEdash's own doing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponseBase

from accounts.addresses import address_of, read_address
from accounts.models import AuditEvent, Organization, User

Action = AuditEvent.Action
Facts = Mapping[str, object]

# A fact with such a name would be a secret, and a log is read by many.
_SECRET: Final = ("password", "secret", "credential", "digest", "sealed", "seed", "recovery")
LONGEST_TEXT: Final = 2_000  # of one fact
_LONGEST_SEARCHED: Final = 8_000
_LONGEST_NAME: Final = 300
_LONGEST_BROWSER: Final = 200


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who acts, and from where."""

    user: User | None = None
    name: str = ""  # of a program that acts by a token
    address: str | None = None
    browser: str = ""


_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)
_is_part_of_one: ContextVar[bool] = ContextVar("is_part_of_one", default=False)


@contextmanager
def acting(caller: Caller) -> Iterator[None]:
    """Whatever is recorded within was done by this caller."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


@contextmanager
def recorded_as_one() -> Iterator[None]:
    """Within, nothing is recorded: whoever does many things at once records them as one event of their own."""
    token = _is_part_of_one.set(True)
    try:
        yield
    finally:
        _is_part_of_one.reset(token)


def who_acts() -> Caller:
    """Whoever was named by `acting`, or else who sent the request, or else nobody: a worker."""
    caller, request = _caller.get(), _request.get()
    if caller is not None or request is None:
        return caller or Caller()
    person = getattr(request, "user", None)
    return caller_of(request, person if isinstance(person, User) else None)


def caller_of(request: HttpRequest, user: User | None) -> Caller:
    """This person, from where the request came."""
    browser = request.headers.get("User-Agent", "")
    return Caller(user=user, address=read_address(address_of(request)), browser=browser)


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
    event = AuditEvent(
        organization=organization,
        action=action,
        actor=caller.user,
        actor_name=_clean(name_of(caller.user) if caller.user else caller.name, _LONGEST_NAME),
        subject_kind=kind or (subject._meta.model_name or "" if subject else ""),
        subject_id=subject.pk if subject else None,
        subject_name=_clean(name or (str(subject) if subject else ""), _LONGEST_NAME),
        before=_readable(before),
        after=_readable(after),
        address=caller.address,
        browser=_clean(caller.browser, _LONGEST_BROWSER),
    )
    event.search_text = _searched(event)
    if not _is_part_of_one.get():
        event.save(force_insert=True)
    return event


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
        _allow_deletion("on")
        yield
        _allow_deletion("off")  # what else this transaction does is none of it


def forget_organization(organization_id: int) -> int:
    """Delete the log of an organization that is being deleted. Returns how many events there were."""
    with purging():
        return AuditEvent.objects.filter(organization_id=organization_id).delete()[0]


def purge_before(moment: datetime, *, at_most: int) -> int:
    """Delete the oldest events, up to a number. Returns how many; none are left when it is smaller than the number."""
    with purging():
        oldest = AuditEvent.objects.filter(happened_at__lt=moment).order_by("happened_at")
        ids = list(oldest.values_list("pk", flat=True)[:at_most])
        return AuditEvent.objects.filter(pk__in=ids).delete()[0]


def _allow_deletion(whether: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('smedash.audit_purge', %s, true)", [whether])


def name_of(user: User) -> str:
    """As the log names a person, who may be gone when it is read."""
    return f"{user.name} <{user.email}>" if user.name else user.email


def _clean(text: str, longest: int) -> str:
    """What PostgreSQL can store, and no more than is of use."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")[:longest]


def _readable(facts: Facts | None) -> dict[str, object]:
    """As JSON holds it. Numbers and truths stay, everything else becomes text."""
    for key in facts or {}:
        if any(word in key.lower() for word in _SECRET):
            raise ValueError(f"“{key}” does not belong into the audit log")
    return {key: _as_json(value) for key, value in (facts or {}).items()}


def _as_json(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_json(each) for each in value]
    return _clean(str(value), LONGEST_TEXT)


def _searched(event: AuditEvent) -> str:
    """Everything that somebody may look for, in one text whose letters are all small."""
    said = [event.actor_name, event.subject_name, event.address or ""]
    said += [*_texts(event.before.values()), *_texts(event.after.values())]
    return "\n".join(filter(None, said)).casefold()[:_LONGEST_SEARCHED]


def _texts(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, list):
            yield from _texts(value)
        elif value is not None and not isinstance(value, bool):
            yield str(value)


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
