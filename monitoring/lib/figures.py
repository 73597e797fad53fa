"""Figures as people of the reader's language write them. Shares are numbers from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from math import floor, log10

from babel import Locale
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils.translation import get_language, to_locale

Number = int | float | Decimal
UNKNOWN = "–"


def reader_locale() -> str:
    return _locale_of(get_language() or "en")


_locale_of = lru_cache(to_locale)


def format_number(value: Number | None) -> str:
    return UNKNOWN if value is None else _decimal(value, reader_locale())


def format_numbers(values: Iterable[Number | None]) -> list[str]:
    """Many of them: who reads is looked up once."""
    locale = reader_locale()
    return [UNKNOWN if value is None else _decimal(value, locale) for value in values]


@lru_cache(maxsize=10_000, typed=True)
def _decimal(value: Number, locale: str) -> str:
    """Kept, because a page with charts says some two hundred numbers, most of them small."""
    return format_decimal(value, locale=locale)


def roughly(number: int) -> int:
    """Rounded to two digits: all that an estimate knows."""
    return round(number, 1 - floor(log10(number))) if number > 0 else 0


def format_share(share: Number | None, digits: int = 0) -> str:
    """0.61 as "61%", or "61 %" where the language puts a space."""
    if share is None:
        return UNKNOWN
    return _percent(share, digits, reader_locale())


@lru_cache(maxsize=10_000, typed=True)
def _percent(share: Number, digits: int, locale: str) -> str:
    pattern = Locale.parse(locale).percent_formats[None].pattern
    places = "." + "0" * digits if digits else ""
    return format_percent(share, pattern.replace("#,##0", f"#,##0{places}"), locale=locale)


def format_money(amount: Number | None, currency: str) -> str:
    """An amount of a currency. Cents are left out where there are none."""
    return UNKNOWN if amount is None else _money(amount, currency, reader_locale())


@lru_cache(maxsize=10_000, typed=True)
def _money(amount: Number, currency: str, locale: str) -> str:
    if amount != int(amount):
        return format_currency(amount, currency, locale=locale)
    pattern = Locale.parse(locale).currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(amount, currency, pattern, locale=locale, currency_digits=False)
