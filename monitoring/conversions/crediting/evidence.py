"""What may tell where a conversion came from, as its reporter knew it. Kept with the conversion until it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

# A tracked link adds it to the address it leads to, with the id of the click: 32 hexadecimal digits.
CLICK_PARAMETER: Final = "sme_click"
MOST_CLICKS: Final = 50
LONGEST_WORD: Final = 100


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything is optional. Times are ISO 8601; hosts are in lower case; nothing here names a person.

    `visitor` is the hash of `clicks.visitors.visitor_of` at the time of the conversion: visits of the same day with
    the same hash are touches. `utm` and `referrer` are those of the visit in which the conversion happened, `landed_at`
    is when that began.
    """

    click_ids: tuple[str, ...] = ()  # oldest first
    visitor: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    referrer: str = ""
    landed_at: str = ""
    coupons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self) if field.name != "landed_at")

    def as_json(self) -> dict[str, Any]:
        """Only what is there."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Evidence:
        known = {field.name for field in fields(cls)}
        facts: dict[str, Any] = {name: value for name, value in told.items() if name in known}
        for name in ("click_ids", "coupons"):
            facts[name] = tuple(facts.get(name, ()))
        return cls(**facts)


NO_EVIDENCE: Final = Evidence()


def evidence_of_address(address: str) -> dict[str, Any]:
    """The click and the tags that an address or a path carries, as arguments for Evidence. Never raises."""
    try:
        said = dict(parse_qsl(urlsplit(address).query, max_num_fields=200))
    except ValueError:
        return {}
    facts: dict[str, Any] = {
        name: clean_word(said[name])
        for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content")
        if clean_word(said.get(name, ""))
    }
    click = read_click_id(said.get(CLICK_PARAMETER, ""))
    return facts | ({"click_ids": (click,)} if click else {})


def clean_word(text: str) -> str:
    """A tag as it is kept: without NUL, lone surrogates and space around, in lower case, not too long."""
    if not text:
        return ""
    storable = text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
    return storable.strip().lower()[:LONGEST_WORD]


def read_click_id(text: str) -> str:
    """32 hexadecimal digits, or nothing."""
    try:
        return UUID(hex=text).hex if len(text) in (32, 36) else ""
    except ValueError:
        return ""
