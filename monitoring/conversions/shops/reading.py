"""Reading what shops send: money exact, dates with their zone; without an id or a date there is no order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from monitoring.lib.money import LARGEST, decimals_of
from monitoring.platforms.http import storable
from monitoring.platforms.reading import Unreadable, instant

_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(days=1)
LONGEST_HOST = 253
LONGEST_ADDRESS = 2000
LONGEST_COUPON = 60
MOST_COUPONS = 20


def json_object(body: bytes) -> Mapping[str, object]:
    """The object that a body holds. Numbers with a fraction stay text-exact. Unreadable if it is none."""
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Unreadable("The body is not JSON.") from None
    if not isinstance(data, dict):
        raise Unreadable("The body is not one JSON object.")
    return data


def currency_of(data: Mapping[str, object], key: str) -> str:
    code = str(data.get(key) or "").upper()
    if not _CURRENCY.fullmatch(code):
        raise Unreadable(f"no {key}")
    return code


def money(value: object, currency: str) -> Decimal:
    """An amount in the currency's smallest unit. Shops that keep more decimals are rounded as they round bills."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Unreadable("no amount")
    text = str(value).strip()
    try:
        amount = Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        amount = None
    if amount is None or abs(amount) >= LARGEST:
        raise Unreadable("no amount that could be true")
    return amount.quantize(Decimal(1).scaleb(-decimals_of(currency)), ROUND_HALF_UP)


def total_of(value: object, currency: str) -> Decimal:
    amount = money(value, currency)
    if amount < 0:
        raise Unreadable("a total below zero")
    return amount


# Stripe's own list, which is not quite ISO 4217: it writes ISK and UGX in hundredths, and MGA in whole ones.
_THREE = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
_WHOLE = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)


def minor_units(value: object, currency: str) -> Decimal:
    """An amount that Stripe writes as a whole number of the smallest unit."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable("no amount in whole units")
    places = 0 if currency in _WHOLE else 3 if currency in _THREE else 2
    return total_of(str(Decimal(value).scaleb(-places)), currency)


def moment(value: object) -> datetime | None:
    """ISO 8601 (without a zone: UTC), Unix seconds, or an e-mail's date; None for anything else."""
    found = instant(value)
    if found is None and isinstance(value, str):
        try:
            found = parsedate_to_datetime(value)
            found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            return None
    return found if found is not None and _EARLIEST <= found <= datetime.now(UTC) + _CLOCKS_DIFFER else None


def placed(*candidates: object) -> datetime:
    """When an order was placed: the first that can be read, and never the future."""
    for candidate in candidates:
        found = moment(candidate)
        if found is not None:
            return min(found, datetime.now(UTC))
    raise Unreadable("no date")


def host_of(address: object) -> str:
    """The host of an address, in lower case; empty for anything else."""
    if not isinstance(address, str) or not address:
        return ""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return storable(host.lower())[:LONGEST_HOST]


def address_text(value: object) -> str:
    return storable(value)[:LONGEST_ADDRESS] if isinstance(value, str) else ""


def coupon_codes(codes: list[object]) -> tuple[str, ...]:
    texts = [storable(code).strip()[:LONGEST_COUPON] for code in codes if isinstance(code, str)]
    return tuple(dict.fromkeys(text for text in texts if text))[:MOST_COUPONS]


def site_address(typed: str) -> str:
    """The address of somebody's own site in its one spelling; a bare name is https. ValueError if it is none."""
    text = typed.strip().rstrip("/")
    parts = urlsplit(text if "://" in text else f"https://{text}")
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in {"http", "https"} or not host or parts.username or any(sign.isspace() for sign in text):
        raise ValueError("This is not the address of a site.")
    return f"{scheme}://{parts.netloc.lower()}{parts.path}".rstrip("/")
