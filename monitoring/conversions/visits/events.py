"""What happens on a site, as it waits to be written. Every event carries an id by which it counts once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias
from uuid import UUID

SITES_KEY: Final = "site:"  # how the keys of conversions begin that a site told
TAGS: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_content")


@dataclass(frozen=True, kw_only=True)
class Visited:
    """Somebody came by one of our links or with tags in the address."""

    site_id: int
    visit_id: UUID
    at: datetime
    visitor: str
    click_id: UUID | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    landing: str = ""
    referrer: str = ""
    is_bot: bool = False


@dataclass(frozen=True, kw_only=True)
class Converted:
    """Somebody did what counts. `evidence` is what may tell where they came from."""

    site_id: int
    at: datetime
    idempotency_key: str
    kind: str
    amount: Decimal | None = None
    currency: str = ""
    order_number: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Somebody said how they heard of the organization, after the conversion with this key."""

    site_id: int
    at: datetime
    idempotency_key: str
    channel: str


Event: TypeAlias = Visited | Converted | Answered

_WRITTEN: Final[dict[type[Event], str]] = {Visited: "visit", Converted: "conversion", Answered: "answer"}


# Made once: `json.dumps` makes one for each object.
_JSON: Final = json.JSONEncoder(default=str, ensure_ascii=False, separators=(",", ":"))


def write_event(event: Event) -> str:
    """As one line of JSON; what is empty is left out."""
    facts = {name: value for name, value in vars(event).items() if value not in (None, "", {}, False)}
    return _JSON.encode({"type": _WRITTEN[type(event)], **facts})


def read_event(item: bytes) -> Event:
    """What `write_event` wrote. Raises ValueError or TypeError for anything else."""
    facts = json.loads(item)
    if not isinstance(facts, dict):
        raise ValueError("No event.")
    kind = _READ.get(facts.pop("type", None))
    if kind is None:
        raise ValueError("No kind of event.")
    return kind(**{name: _FIELDS.get(name, _as_it_is)(value) for name, value in facts.items()})


def _as_it_is(value: object) -> object:
    return value


_READ: Final[dict[object, Callable[..., Event]]] = {name: kind for kind, name in _WRITTEN.items()}
_FIELDS: Final[dict[str, Callable[[Any], Any]]] = {
    "site_id": int,
    "visit_id": UUID,
    "click_id": UUID,
    "at": datetime.fromisoformat,
    "amount": Decimal,
}
