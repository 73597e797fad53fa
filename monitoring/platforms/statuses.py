"""What a status code and its headers mean: which error it is, and how long to wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from monitoring.platforms.errors import (
    AccessDenied,
    ConnectorError,
    NotFound,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)

DEFAULT_WAIT = timedelta(minutes=15)
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(days=1)
_REMAINING = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")
_RESET = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")
_EPOCH_FROM = 10_000_000  # below: seconds from now; no platform's window is four months
_MILLISECONDS_FROM = 100_000_000_000


def clamped(wait: timedelta) -> timedelta:
    return min(max(wait, _SHORTEST_WAIT), _LONGEST_WAIT)


def _instant(text: str, now: datetime) -> datetime | None:
    """A moment written as seconds from now, as Unix time, as an HTTP date or as ISO 8601."""
    try:
        number = float(text)
        if number < _EPOCH_FROM:
            return now + timedelta(seconds=number)
        return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _first(headers: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((headers[name].strip() for name in names if name in headers), None)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> timedelta | None:
    """How long the platform asks us to stay away; None if it does not say or what it says cannot be read."""
    now = now or datetime.now(UTC)
    text = headers.get("retry-after", "").strip()
    moment = _instant(text, now) if text else rate_reset(headers, now)
    return clamped(moment - now) if moment else None


def rate_reset(headers: Mapping[str, str], now: datetime | None = None) -> datetime | None:
    """When the platform's own window ends."""
    text = _first(headers, _RESET)
    return _instant(text, now or datetime.now(UTC)) if text else None


def rate_remaining(headers: Mapping[str, str]) -> int | None:
    """How many requests the platform says are left in its window."""
    try:
        return max(0, int(float(_first(headers, _REMAINING) or "")))
    except (ValueError, OverflowError):
        return None


def error_for_status(status: int, headers: Mapping[str, str], host: str) -> ConnectorError:
    """The error that a status means. The sentence names the host and the status, never the address."""
    wait = retry_after(headers)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(f"{host} asks us to slow down.", wait or DEFAULT_WAIT)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return AccessDenied(f"{host} refuses access ({status}).")
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return AccessDenied(f"{host} asks for payment: its credits are used up.")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return NotFound(f"{host} does not have what was asked for ({status}).")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Unavailable(f"{host} has a fault of its own ({status}).", wait)
    return UnexpectedResponse(f"{host} answered with status {status}.")
