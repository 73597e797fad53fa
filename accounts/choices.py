"""What people choose from in forms: currencies and time zones, named in their language."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language, to_locale

Choices = list[tuple[str, str]]


@cache
def _currencies_in_use() -> frozenset[str]:
    """Legal tender somewhere today, according to CLDR."""
    return frozenset(
        code
        for currencies in get_global("territory_currencies").values()
        for code, _start, end, is_tender in currencies
        if is_tender and end is None
    )


@cache
def _currencies_in(locale: str) -> Choices:
    names = Locale.parse(locale).currencies
    return sorted((code, f"{code} · {names[code]}") for code in _currencies_in_use() if code in names)


def currency_choices() -> Choices:
    return _currencies_in(to_locale(get_language() or "en"))


@cache
def time_zone_choices() -> list[tuple[str, Choices]]:
    """By continent, as places are usually looked for. Aliases such as US/Eastern are left out."""
    groups: dict[str, Choices] = {}
    for zone in sorted(available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region in _REGIONS:
            groups.setdefault(region, []).append((zone, place.replace("_", " ")))
    return [("UTC", [("UTC", "UTC")]), *groups.items()]


_REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


def language_choices() -> Choices:
    """Each by its own name."""
    return [
        (code, capfirst(str(Locale.parse(to_locale(code)).get_display_name(to_locale(code)))))
        for code, _name in settings.LANGUAGES
    ]
