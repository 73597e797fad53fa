"""What the page of the audit log looks at, read from the address. What it names wrongly does not filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit_log.reading import LogFilter
from accounts.audit_log.wording import KINDS, name_kind
from accounts.models import AuditEvent, Organization, User

FILTERS: Final = ("q", "who", "action", "kind", "from", "to")
NOBODY: Final = "nobody"
_LONGEST_SEARCH: Final = 300
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class LogChoice:
    organization: Organization
    parameters: QueryDict

    @cached_property
    def wanted(self) -> LogFilter:
        who = self._get("who")
        first, last = self.first, self.last
        return LogFilter(
            starts_at=_midnight(first) if first else None,
            ends_at=_midnight(last + _A_DAY) if last and last < date.max else None,
            actor=int(who) if who.isascii() and who.isdecimal() and len(who) < 19 else None,
            without_actor=who == NOBODY,
            action=self._get("action") if self._get("action") in AuditEvent.Action.values else "",
            kind=self._get("kind") if self._get("kind") in KINDS else "",
            search=self.search,
        )

    @property
    def search(self) -> str:
        return self._get("q").replace("\0", "")[:_LONGEST_SEARCH]

    @property
    def first(self) -> date | None:
        return _read_day(self._get("from"))

    @property
    def last(self) -> date | None:
        return _read_day(self._get("to"))

    @property
    def is_filtered(self) -> bool:
        return any(self._get(name) for name in FILTERS)

    @cached_property
    def people(self) -> list[Option]:
        """The members, whoever else was chosen, and nobody: SMEdash itself, programs, and who failed to sign in."""
        chosen = self._get("who")
        members = User.objects.filter(memberships__organization=self.organization)
        named = {str(person.pk): str(person) for person in members.order_by("name", "email")}
        if self.wanted.actor is not None and chosen not in named:
            named[chosen] = self._name_of_former(self.wanted.actor)
        named[NOBODY] = _("Nobody signed in: SMEdash, programs")
        return [Option(value, label, value == chosen) for value, label in named.items()]

    @property
    def actions(self) -> list[Option]:
        return [Option(each, str(each.label), each == self.wanted.action) for each in AuditEvent.Action]

    @property
    def kinds(self) -> list[Option]:
        named = [Option(kind, name_kind(kind), kind == self.wanted.kind) for kind in KINDS]
        return sorted(named, key=lambda option: option.label.casefold())

    def address(self, **changes: str) -> str:
        """The query string of the same choice, from its newest page or from where `changes` says."""
        kept = {name: self._get(name) for name in FILTERS} | changes
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def _get(self, name: str) -> str:
        return self.parameters.get(name, "").strip()

    def _name_of_former(self, actor: int) -> str:
        """Only what this organization's own log calls them: elsewhere they may be anybody."""
        mine = AuditEvent.objects.filter(organization=self.organization, actor=actor)
        names = mine.order_by("-happened_at", "-pk").values_list("actor_name", flat=True)
        return (names.first() or _("Unknown")).partition(" <")[0]


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime | None:
    """When a day of the reader's begins."""
    try:
        return timezone.make_aware(datetime.combine(day, time.min))
    except OverflowError:
        return None
