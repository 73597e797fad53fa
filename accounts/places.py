"""What is usual where a clock hangs: the money people pay with, and the day on which a week begins."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies

from accounts.models import Weekday

_NO_COUNTRY = (None, "001", "ZZ")  # a zone of nowhere, of the world, or of the clock alone


def usual_currency(time_zone: str) -> str | None:
    """The legal tender of the zone's country, according to CLDR; None where no country is meant, as by UTC."""
    territory = _territory(time_zone)
    return next(iter(get_territory_currencies(territory)), None) if territory else None


def usual_week_start(time_zone: str) -> Weekday:
    """According to CLDR. Monday, as ISO 8601 has it, where no country is meant or no setting of ours fits."""
    first = _first_weekday(_territory(time_zone) or "001") + 1
    return Weekday(first) if first in Weekday.values else Weekday.MONDAY


@cache
def zones_by_currency() -> dict[str, list[str]]:
    """For a browser that knows its zone: the zones in which each currency is usual, old names among them."""
    found: dict[str, list[str]] = {}
    for zone in sorted({*get_global("zone_territories"), *get_global("zone_aliases")}):
        currency = usual_currency(zone)
        if currency:
            found.setdefault(currency, []).append(zone)
    return found


def _territory(time_zone: str) -> str | None:
    current = get_global("zone_aliases").get(time_zone, time_zone)
    territory = get_global("zone_territories").get(current)
    return None if territory in _NO_COUNTRY else territory


def _first_weekday(territory: str) -> int:
    """Counted from Monday, which is 0."""
    try:
        return Locale.parse(f"und_{territory}").first_week_day
    except UnknownLocaleError:
        return 0
