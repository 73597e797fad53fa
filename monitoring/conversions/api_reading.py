"""Read one conversion from JSON, strictly: what is not understood is refused with the name of its field."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.choices import currency_choices
from accounts.models import Organization
from monitoring.conversions.models import Channel, Kind, Origin, TrackedLink
from monitoring.conversions.models.conversions import WORTH_NO_MONEY, is_kind
from monitoring.conversions.services.recording import Report
from monitoring.lib.money import InvalidAmount, check_amount, decimals_of

FIELDS = ("kind", "event", "amount", "currency", "occurred_at", "idempotency_key", "channel", "link", "note")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_PLAIN_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,10})?")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # JSON can carry half a surrogate pair, a database cannot
_CLOCKS_DIFFER = timedelta(minutes=5)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class NotUnderstood(Exception):
    """What is wrong, by field; "" is the body as a whole."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("The conversion was not understood.")
        self.fields = fields


class _Wrong(Exception):
    """What is wrong with one field."""


def read_report(body: bytes, *, key_header: str, organization: Organization) -> Report:
    """The report that a request's body makes. Raises NotUnderstood with every wrong field at once."""
    told = _read_object(body)
    errors = dict.fromkeys(told.keys() - set(FIELDS), "There is no such field.")
    values: dict[str, Any] = {}
    for field, reader in _READERS.items():
        try:
            values[field] = reader(told, organization)
        except _Wrong as wrong:
            errors[field] = str(wrong)
    try:
        values["idempotency_key"] = _key(told, key_header)
    except _Wrong as wrong:
        errors["idempotency_key"] = str(wrong)
    if "kind" in values and values.get("amount") is not None and values["kind"] in WORTH_NO_MONEY:
        errors["amount"] = f"These have no amount: {', '.join(WORTH_NO_MONEY)}."
    if errors:
        raise NotUnderstood(dict(sorted(errors.items())))
    return _build(values, organization)


def _build(values: dict[str, Any], organization: Organization) -> Report:
    amount, currency = values["amount"], values["currency"] or organization.currency
    try:
        exact = None if amount is None else check_amount(amount, currency)
    except InvalidAmount as error:
        raise NotUnderstood(
            {"amount": _AMOUNT_ERRORS[error.code].format(currency, decimals_of(currency))}
        ) from None
    return Report(
        kind=values["kind"],
        origin=Origin.API,
        idempotency_key=values["idempotency_key"],
        occurred_at=values["occurred_at"],
        amount=exact,
        currency="" if exact is None else currency,
        heard_of_us_from=values["channel"],
        link=values["link"],
        note=values["note"],
    )


_AMOUNT_ERRORS = {
    "not_a_number": "Give a number.",
    "negative": "An amount is never below zero.",
    "decimals": "{0} has at most {1} decimals.",
    "too_large": "This is too large to be true.",
}


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(
            body.decode("utf-8"), parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant
        )
    except (ValueError, RecursionError, InvalidOperation):
        raise NotUnderstood({"": "The body is not valid JSON in UTF-8."}) from None
    if not isinstance(told, dict):
        raise NotUnderstood({"": "The body is one JSON object."})
    return told


def _text(told: dict[str, Any], field: str) -> str:
    value = told.get(field)
    if value is None:
        return ""
    if not isinstance(value, str) or _UNSTORABLE.search(value):
        raise _Wrong("Give a text, of whole characters and without NUL.")
    return value.strip()


def _kind(told: dict[str, Any], _organization: Organization) -> str:
    if "kind" in told and "event" in told:
        raise _Wrong("Give either kind or event: they mean the same.")
    kind = _text(told, "event" if "event" in told else "kind")
    if not is_kind(kind):
        raise _Wrong(
            f"One of {', '.join(Kind.values)}, or an event of your own: small letters, digits, - and _."
        )
    return kind


def _amount(told: dict[str, Any], _organization: Organization) -> Decimal | None:
    value = told.get("amount")
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _PLAIN_DECIMAL.fullmatch(value):
        return Decimal(value)
    raise _Wrong('Give a number, or a text such as "12.50".')


def _currency(told: dict[str, Any], _organization: Organization) -> str:
    currency = _text(told, "currency")
    if currency and currency not in dict(currency_choices()):
        raise _Wrong("Give the three letters of ISO 4217, such as EUR.")
    return currency


def _occurred_at(told: dict[str, Any], _organization: Organization) -> datetime | None:
    text = _text(told, "occurred_at")
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _Wrong("Give date, time and offset as in 2026-11-21T14:03:00+01:00.")
    if not _EARLIEST <= moment <= timezone.now() + _CLOCKS_DIFFER:
        raise _Wrong("This is in the future, or before the year 2000.")
    return moment.astimezone(UTC)


def _channel(told: dict[str, Any], _organization: Organization) -> str:
    channel = _text(told, "channel")
    if channel and channel not in Channel.values:
        raise _Wrong(f"One of: {', '.join(Channel.values)}.")
    return channel


def _link(told: dict[str, Any], organization: Organization) -> TrackedLink | None:
    slug = _text(told, "link").lower()
    if not slug:
        return None
    link = TrackedLink.objects.filter(organization=organization, slug=slug).first()
    if link is None:
        raise _Wrong("None of your tracked links ends like this.")
    return link


def _note(told: dict[str, Any], _organization: Organization) -> str:
    note = _text(told, "note")
    if len(note) > 300:
        raise _Wrong("At most 300 characters.")
    return note


def _key(told: dict[str, Any], header: str) -> str:
    """The key in the body or in the header; one that is in both must be the same."""
    key = _text(told, "idempotency_key")
    if key and header and key != header:
        raise _Wrong("The header Idempotency-Key says something else.")
    if not _KEY.fullmatch(key or header):
        raise _Wrong(
            "Give 1 to 200 visible ASCII characters, here or in the header Idempotency-Key: your order's number."
        )
    return key or header


_READERS: dict[str, Callable[[dict[str, Any], Organization], Any]] = {
    "kind": _kind,
    "amount": _amount,
    "currency": _currency,
    "occurred_at": _occurred_at,
    "channel": _channel,
    "link": _link,
    "note": _note,
}
