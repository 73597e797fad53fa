"""Read one event from the JSON that a page sent. Anybody can send anything; a field we do not know is left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner

from accounts.choices import currency_choices
from monitoring.conversions.crediting.evidence import (
    MOST_CLICKS,
    Evidence,
    clean_word,
    read_click_id,
)
from monitoring.conversions.models import Channel, Kind
from monitoring.conversions.models.conversions import WORTH_NO_MONEY, is_kind
from monitoring.conversions.models.links import LONGEST_ADDRESS
from monitoring.conversions.visits.events import SITES_KEY, TAGS, Answered, Converted, Event, Visited
from monitoring.conversions.visits.sites import KnownSite
from monitoring.lib.money import InvalidAmount, check_amount, parse_amount

LONGEST_KEY: Final = 100
ANSWERED_WITHIN: Final = 24 * 3600
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST_HOST: Final = 253
_SCRIPTS_NOISE = Decimal("0.000001")  # 0.1 + 0.2 is 0.30000000000000004 in a script
_questions = TimestampSigner(salt="conversions.how_heard")


class NotUnderstood(Exception):
    """In the words of those who build the site."""


@dataclass(frozen=True)
class Arrival:
    """Around an event: which site's page sent it, when, and the day's hash of who."""

    site: KnownSite
    at: datetime
    visitor: str
    is_bot: bool


def read_arrival(body: bytes, arrival: Arrival) -> Event:
    """The event in the body. Raises NotUnderstood."""
    told = _read_object(body)
    reader = _READERS.get(_text(told, "type"))
    if reader is None:
        raise NotUnderstood(f"type is one of: {', '.join(_READERS)}.")
    return reader(told, arrival)


def sign_question(site: KnownSite, idempotency_key: str) -> str:
    """What a page sends along with the answer: nobody can answer for a conversion that is not theirs."""
    return _questions.sign(f"{site.site_id}:{idempotency_key}")


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        told = _JSON.decode(body.decode("utf-8"))
    except (ValueError, RecursionError, InvalidOperation):
        raise NotUnderstood("The body is not valid JSON in UTF-8.") from None
    if not isinstance(told, dict):
        raise NotUnderstood("The body is one JSON object.")
    return told


def _no_constant(name: str) -> None:
    raise ValueError(name)


# Made once: `json.loads` makes one for each text.
_JSON: Final = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)


def _text(told: Mapping[str, Any], field: str) -> str:
    value = told.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotUnderstood(f"{field} is a text.")
    return value.strip()


def _id(told: Mapping[str, Any]) -> UUID:
    found = read_click_id(_text(told, "id"))
    if not found:
        raise NotUnderstood("id is 32 hexadecimal digits, made anew for each event.")
    return UUID(found)


def _tags(told: Mapping[str, Any]) -> dict[str, str]:
    cleaned = {tag: clean_word(_text(told, tag)) for tag in TAGS}
    return {tag: word for tag, word in cleaned.items() if word}


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return "" if _UNSTORABLE.search(host) else host[:_LONGEST_HOST]


def _path(address: str) -> str:
    """The path alone: what follows it may name a person."""
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    return "" if _UNSTORABLE.search(path) else path[:LONGEST_ADDRESS]


def _visit(told: Mapping[str, Any], arrival: Arrival) -> Visited:
    click, tags = read_click_id(_text(told, "click")), _tags(told)
    if not click and not tags:
        raise NotUnderstood("A visit comes with a click or with utm_ tags; others are not kept.")
    return Visited(
        site_id=arrival.site.site_id,
        visit_id=_id(told),
        at=arrival.at,
        visitor=arrival.visitor,
        click_id=UUID(click) if click else None,
        tags=tags,
        landing=_path(_text(told, "page")),
        referrer=_host(_text(told, "referrer")),
        is_bot=arrival.is_bot,
    )


def _conversion(told: Mapping[str, Any], arrival: Arrival) -> Converted:
    kind, key = _kind(told), _key(told)
    amount, currency = _amount(told, kind, arrival.site)
    return Converted(
        site_id=arrival.site.site_id,
        at=arrival.at,
        idempotency_key=f"{SITES_KEY}{key or _id(told).hex}",
        kind=kind,
        amount=amount,
        currency=currency,
        order_number=key if kind == Kind.ORDER else "",
        evidence=_evidence(told, arrival).as_json(),
    )


def _kind(told: Mapping[str, Any]) -> str:
    kind = _text(told, "kind")
    if not is_kind(kind):
        raise NotUnderstood(f"kind is one of {', '.join(Kind.values)}, or a name such as test-drive.")
    if kind in (Kind.VISIT, Kind.STORE_VISIT):
        raise NotUnderstood("Visits are counted by themselves.")
    return kind


def _key(told: Mapping[str, Any]) -> str:
    number = told.get("key")
    key = str(number) if type(number) is int and abs(number) < 10**18 else _text(told, "key")
    if len(key) > LONGEST_KEY or _UNSTORABLE.search(key):
        raise NotUnderstood(f"key has at most {LONGEST_KEY} characters: your order's number.")
    return key


def _evidence(told: Mapping[str, Any], arrival: Arrival) -> Evidence:
    clicks = told.get("clicks") or []
    if not isinstance(clicks, list):
        raise NotUnderstood("clicks is a list.")
    ids = [read_click_id(click) for click in clicks[-MOST_CLICKS:] if isinstance(click, str)]
    known = {"click_ids": list(dict.fromkeys(filter(None, ids))), "referrer": _host(_text(told, "referrer"))}
    return Evidence.from_json({**_tags(told), **known, "visitor": arrival.visitor})


def _amount(told: Mapping[str, Any], kind: str, site: KnownSite) -> tuple[Decimal | None, str]:
    """The amount and its currency, which is the organization's where the page does not say."""
    said = told.get("amount")
    if said in (None, "") or kind in WORTH_NO_MONEY:
        return None, ""
    currency = _text(told, "currency").upper() or site.currency
    if currency not in dict(currency_choices()):
        raise NotUnderstood("currency is three letters of ISO 4217, such as EUR.")
    try:
        return _exact(said, currency), currency
    except (InvalidAmount, InvalidOperation):
        raise NotUnderstood(f"amount is no amount in {currency}.") from None


def _exact(said: object, currency: str) -> Decimal:
    if isinstance(said, str):
        return parse_amount(said, currency=currency)
    if type(said) is int or isinstance(said, Decimal):
        number = Decimal(said)
        near = number.quantize(_SCRIPTS_NOISE) if abs(number) < 10**15 else number
        return check_amount(near, currency)
    raise InvalidAmount("not_a_number")


def _answer(told: Mapping[str, Any], arrival: Arrival) -> Answered:
    channel = _text(told, "channel")
    if channel not in Channel.values:
        raise NotUnderstood(f"channel is one of: {', '.join(Channel.values)}.")
    try:
        asked = _questions.unsign(_text(told, "question"), max_age=ANSWERED_WITHIN)
    except BadSignature:
        raise NotUnderstood(
            "question is what the conversion was answered with, less than a day ago."
        ) from None
    site_id, _colon, key = asked.partition(":")
    if site_id != str(arrival.site.site_id):
        raise NotUnderstood("The question was another site's.")
    return Answered(site_id=arrival.site.site_id, at=arrival.at, idempotency_key=key, channel=channel)


_READERS: Final[dict[str, Callable[[Mapping[str, Any], Arrival], Event]]] = {
    "visit": _visit,
    "conversion": _conversion,
    "answer": _answer,
}
