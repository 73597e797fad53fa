"""Seal everything anew with the newest key, while everybody goes on working.

Every `SealedField` of every app is found by itself. Where another package keeps sealed texts inside a JSON column,
`sealed_in_json` says so once. Each row is written only if it still holds what was read: what somebody stores
meanwhile wins, and is looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import signing
from django.db.models import Model

from accounts.encryption import WrongKey, has_newest_key, looks_sealed, seal_text, unseal_text
from accounts.sealed import SealedField
from accounts.sessions import SessionStore

BATCH: Final = 500
_ATTEMPTS: Final = 5  # at one row that others keep changing
_SALT: Final = SessionStore().key_salt  # of sessions' signatures

Renew = Callable[[Any], Any]


@dataclass(frozen=True)
class Place:
    """A column that holds sealed texts: the whole of it, or the values of these keys of its JSON object."""

    model: type[Model]
    column: str
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.model._meta.label, self.column, *([",".join(self.keys)] if self.keys else [])))

    def texts(self, stored: Any) -> list[str]:
        """The sealed texts in what a row holds."""
        found: list[str] = []
        self.replace(stored, found.append)
        return found

    def replace(self, stored: Any, renew: Renew) -> Any:
        """The same, with each sealed text replaced by what `renew` makes of it."""
        if not self.keys:
            return renew(stored)
        return {key: _each(value, renew) if key in self.keys else value for key, value in stored.items()}


class SessionPlace(Place):
    """Sessions: Django signs what `accounts.sealed_sessions` has sealed."""

    def texts(self, stored: Any) -> list[str]:
        """Nothing where nobody signed it, or where it is from before sessions were sealed."""
        try:
            text = signing.loads(stored, salt=_SALT, serializer=_AsItIs)
        except signing.BadSignature:
            return []
        return [text] if looks_sealed(text) else []

    def replace(self, stored: Any, renew: Renew) -> Any:
        (text,) = self.texts(stored)
        return signing.dumps(renew(text), salt=_SALT, serializer=_AsItIs, compress=True)


class _AsItIs:
    def dumps(self, sealed: str) -> bytes:
        return sealed.encode()

    def loads(self, stored: bytes) -> str:
        return stored.decode()


def _each(value: Any, renew: Renew) -> Any:
    return [renew(text) for text in value] if isinstance(value, list) else renew(value)


@dataclass
class Tally:
    """What was found in one place, counted by row."""

    place: Place
    newest: int = 0  # sealed with the newest key already
    older: int = 0  # sealed with an older key, and left so
    renewed: int = 0
    lost: int = 0  # opened by none of the keys

    @property
    def older_keys_are_needed(self) -> bool:
        return bool(self.older or self.lost)


_in_json: dict[str, tuple[str, tuple[str, ...]]] = {}


def sealed_in_json(model: str, column: str, *keys: str) -> None:
    """Say that another package's model, named "app.Model", keeps texts that we sealed under keys of a JSON object."""
    _in_json[model] = (column, keys)


# Seeds of one-time passwords and recovery codes; the adapter of allauth.mfa seals them.
sealed_in_json("mfa.Authenticator", "data", "secret", "seed", "migrated_codes")


def find_places() -> list[Place]:
    """Every column of every app that holds sealed texts."""
    own = [
        Place(model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    ]
    others = [
        Place(apps.get_model(label), column, keys)
        for label, (column, keys) in _in_json.items()
        if label.split(".")[0] in apps.app_configs
    ]
    return [*own, *others, SessionPlace(Session, "session_data")]


def rotate(*, place: Place, only_look: bool = False) -> Tally:
    """Seal anew whatever an older key sealed. Safe to repeat, and to do while others write."""
    tally = Tally(place)
    for row, stored in _rows(place):
        kind = _kind(place, stored)
        if kind == "older" and not only_look:
            kind = _renew(place, row, stored)
        if kind:
            setattr(tally, kind, getattr(tally, kind) + 1)
    return tally


def _rows(place: Place) -> Iterator[tuple[Any, Any]]:
    rows = place.model._base_manager.order_by("pk").values_list("pk", place.column)
    batch = list(rows[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1][0])[:BATCH])


def _kind(place: Place, stored: Any) -> str:
    """Which number of the tally a row counts for; empty where nothing is sealed."""
    texts = [text for text in place.texts(stored) if text]
    if not all(map(_opens, texts)):
        return "lost"
    return ("newest" if all(map(has_newest_key, texts)) else "older") if texts else ""


def _renew(place: Place, row: Any, stored: Any) -> str:
    for _attempt in range(_ATTEMPTS):
        new = place.replace(stored, lambda text: text and seal_text(unseal_text(text)))
        rows = place.model._base_manager.filter(pk=row)
        if rows.filter(**{place.column: stored}).update(**{place.column: new}):
            return "renewed"
        found = list(rows.values_list(place.column, flat=True))
        stored = found[0] if found else None
        kind = _kind(place, stored) if found else ""
        if kind != "older":
            return kind  # whoever changed it meanwhile sealed it with the newest key, or it is gone
    return "older"


def _opens(text: str) -> bool:
    try:
        unseal_text(text)
    except WrongKey:
        return False
    return True
