"""Amounts of money as people type them. Always Decimal: a float cannot hold ten cents."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from babel import Locale

LARGEST: Final = Decimal(10) ** 12
_LONGEST: Final = 60  # characters

# ISO 4217: every other currency has two decimals. CLDR differs where prices in a country no longer show them.
_NO_DECIMALS: Final = frozenset(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
_THREE_DECIMALS: Final = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
_FOUR_DECIMALS: Final = frozenset(("CLF", "UYW"))
_OTHER_SEPARATORS: Final = {"٫": ",", "、": ",", "，": ",", "．": "."}
_SPACES_AND_APOSTROPHES = re.compile(r"[\s'’‘`_\u00a0\u2009\u202f\u066c]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*[.,]?|[.,]\d+")
_MARKS_AROUND = re.compile(r"^(?:[^\W\d_]+\.?|[^\d.,+\-−])+|[^\d.,]\D*$")  # "€ 12", "12,50 kr.", "Rs. 5"


class InvalidAmount(ValueError):
    """What was typed is no amount. `code` says why: empty, not_a_number, negative, decimals, too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decimals_of(currency: str) -> int:
    """How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 4 if currency in _FOUR_DECIMALS else 2


def check_amount(amount: Decimal, currency: str) -> Decimal:
    """The amount in the currency's smallest unit, or InvalidAmount. Nothing is rounded away."""
    if not amount.is_finite():
        raise InvalidAmount("not_a_number")
    if amount < 0:
        raise InvalidAmount("negative")
    if amount >= LARGEST:
        raise InvalidAmount("too_large")
    exact = amount.quantize(Decimal(1).scaleb(-decimals_of(currency))) if amount else Decimal(0)
    if exact != amount:
        raise InvalidAmount("decimals")
    return exact


def parse_amount(text: str, *, currency: str, locale: str = "en") -> Decimal:
    """An amount as people write it: "12,50", "12.50", "1.234,50", "1'234.50", "€ 12", "١٢٫٥٠".

    With two different separators the last one is the decimal one. A single separator before exactly three digits
    separates thousands, unless the currency has three decimals or more: then the locale decides.
    """
    typed = _plain_digits(text)
    if not typed:
        raise InvalidAmount("not_a_number" if text.strip() else "empty")
    if typed[0] in "-−":
        raise InvalidAmount("negative")
    number = typed.removeprefix("+")
    if not _NUMBER.fullmatch(number):
        raise InvalidAmount("not_a_number")
    point = _decimal_separator(number, decimals_of(currency), locale)
    whole, _point, fraction = number.rpartition(point) if point else (number, "", "")
    return check_amount(Decimal(f"{_without_grouping(whole)}.{fraction or 0}"), currency)


def _plain_digits(text: str) -> str:
    """ASCII digits and separators, without currency signs and spaces."""
    if len(text) > _LONGEST:
        raise InvalidAmount("not_a_number")
    ascii_digits = "".join(
        str(unicodedata.digit(sign))
        if sign.isdecimal()
        else {"٫": ",", "、": ",", "，": ",", "．": "."}.get(sign, sign)
        for sign in text.strip()
    )
    return _MARKS_AROUND.sub("", _SPACES_AND_APOSTROPHES.sub("", ascii_digits))


def _decimal_separator(number: str, decimals: int, locale: str) -> str:
    """The separator before the decimals, or "" where every separator groups."""
    last = re.search(r"[.,](?=\d*$)", number)
    if last is None:
        return ""
    separator, after = last[0], len(number) - last.end()
    if len(set(re.findall(r"[.,]", number))) == 2:
        return separator if number.count(separator) == 1 else ""
    if number.count(separator) > 1:
        return ""
    before = number[: last.start()]
    if after != 3 or before.strip("0") == "" or len(before) > 3:
        return separator
    return (
        separator
        if decimals >= 3 and Locale.parse(locale).number_symbols["latn"]["decimal"] == separator
        else ""
    )


def _without_grouping(whole: str) -> str:
    """The digits before the decimals; groups of three, or of two before the last three as in India."""
    groups = re.split(r"[.,]", whole)
    if len(set(re.findall(r"[.,]", whole))) > 1:
        raise InvalidAmount("not_a_number")
    middle_lengths = {len(group) for group in groups[1:-1]}
    if len(groups) > 1 and (len(groups[-1]) != 3 or not 1 <= len(groups[0]) <= 3 or middle_lengths - {2, 3}):
        raise InvalidAmount("not_a_number")
    if len(middle_lengths) > 1 or (middle_lengths == {2} and len(groups[0]) > 2):
        raise InvalidAmount("not_a_number")
    return "".join(groups) or "0"
