"""What an importer is: the columns it wants, how it reads a row, and how it writes many. Slices make their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from monitoring.lib.dates import DateOrder

Item = TypeVar("Item")
Text = str | Promise
_LARGEST_NUMBER: Final = 10**12


class BadRow(ValueError):
    """What is wrong with a row, in words for the person who has to correct it."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing a row says. `always` are values that may hold for all rows instead of a column; `always_of` are those
    that an organization has."""

    name: str
    label: Text
    known_as: Sequence[str] = ()  # headings it goes by, in any language
    is_needed: bool = False
    help: Text = ""
    always: Sequence[tuple[str, Text]] = ()
    always_of: Callable[[Organization], Sequence[tuple[str, Text]]] | None = None
    is_date: bool = False


TIME_OF_DAY: Final = Field(
    name="clock",
    label=gettext_lazy("Time"),
    known_as=("time", "uhrzeit", "zeit", "hora", "heure", "ora", "jam"),
    help=gettext_lazy("Where it stands in a column of its own. Without a time noon is taken."),
)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What holds for all rows of a file."""

    organization: Organization
    order: DateOrder
    locale: str
    by: User | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.organization.time_zone)


class Importer(Protocol, Generic[Item]):
    """`read` tells what a row says, by the names of the fields, or raises BadRow; `key` is the same whenever the same
    row is imported again. `write` writes a batch in the caller's transaction, skips what is there already, and returns
    how many were new, and what could not be written after all: (place in the batch, why).
    """

    @property
    def slug(self) -> str: ...

    @property
    def title(self) -> Text: ...

    @property
    def explanation(self) -> Text: ...

    @property
    def fields(self) -> Sequence[Field]: ...

    def prepare(self, organization: Organization) -> Mapping[str, Any]: ...

    def read(self, said: Mapping[str, str], key: str, setting: Setting) -> Item: ...

    def write(self, items: Sequence[Item], setting: Setting) -> tuple[int, Sequence[tuple[int, str]]]: ...


def read_number(text: str) -> int | None:
    """A whole number, however its thousands are parted; None where there is none. Raises BadRow."""
    digits = "".join(sign for sign in text if sign not in ".,'’ \u00a0\u202f")
    if not digits:
        return None
    if not digits.isdecimal() or int(digits) > _LARGEST_NUMBER:
        raise BadRow(_("“%(text)s” is no whole number.") % {"text": text})
    return int(digits)
