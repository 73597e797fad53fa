"""Amounts as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from monitoring.lib.money import InvalidAmount, check_amount, decimals_of, parse_amount


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12", "12"),
        ("12,50", "12.50"),
        ("12.50", "12.50"),
        ("12,5", "12.50"),
        ("12.", "12"),
        (",50", "0.50"),
        ("0,500", "0.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1.234", "1234"),
        ("1,234", "1234"),
        ("12.345", "12345"),
        ("1.234.567", "1234567"),
        ("12,34,567.50", "1234567.50"),
        ("1.234.567,89", "1234567.89"),
        ("€ 12,50", "12.50"),
        ("12,50 €", "12.50"),
        ("12.50 kr.", "12.50"),
        ("Rs. 5", "5"),
        ("$.50", "0.50"),
        ("+12", "12"),
        ("0", "0"),
        ("١٢٫٥٠", "12.50"),
        ("१२.५०", "12.50"),
        ("１２．５０", "12.50"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert parse_amount(typed, currency="EUR") == Decimal(meant)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("abc", "not_a_number"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("12,345,6", "not_a_number"),
        ("1.23.45", "not_a_number"),
        ("1,2,3", "not_a_number"),
        ("12a50", "not_a_number"),
        ("1e5", "not_a_number"),
        ("12 or 13", "not_a_number"),
        ("1.234,56,78", "not_a_number"),
        ("0.1234", "decimals"),
        ("9" * 13, "too_large"),
        ("9" * 61, "not_a_number"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(InvalidAmount) as refused:
        parse_amount(typed, currency="EUR")
    assert refused.value.code == code


def test_a_currency_without_decimals_takes_none() -> None:
    assert parse_amount("1.234", currency="JPY") == Decimal(1234)
    assert parse_amount("500.00", currency="JPY") == Decimal(500)
    with pytest.raises(InvalidAmount):
        parse_amount("12,50", currency="JPY")


def test_three_decimals_are_read_by_the_locale_where_the_currency_has_three() -> None:
    assert parse_amount("1.234", currency="KWD", locale="en") == Decimal("1.234")
    assert parse_amount("1.234", currency="KWD", locale="de") == Decimal(1234)
    assert parse_amount("1,234", currency="KWD", locale="de") == Decimal("1.234")


@given(
    amount=st.decimals(min_value=0, max_value=10**11, places=2),
    locale=st.sampled_from(["en", "de", "fr", "de_CH", "hi", "pt_BR", "id", "es", "it", "en_IN", "sv"]),
)
def test_what_a_locale_writes_is_read_back(amount: Decimal, locale: str) -> None:
    written = format_decimal(amount, format=None, locale=locale, decimal_quantization=False)
    assert parse_amount(written, currency="EUR", locale=locale) == amount


@given(
    amount=st.integers(min_value=0, max_value=10**14).map(lambda number: Decimal(number).scaleb(-3)),
    locale=st.sampled_from(["en", "de", "fr", "de_CH", "es"]),
)
def test_three_decimals_are_read_back_in_their_locale(amount: Decimal, locale: str) -> None:
    written = format_decimal(amount, format="#,##0.000", locale=locale)
    if amount < 10**9:
        assert parse_amount(written, currency="KWD", locale=locale) == amount


@given(typed=st.text(max_size=80), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_any_text_is_an_exact_amount_or_refused(typed: str, currency: str) -> None:
    try:
        amount = parse_amount(typed, currency=currency)
    except InvalidAmount:
        return
    assert amount >= 0
    assert amount == check_amount(amount, currency)
    assert -amount.as_tuple().exponent <= decimals_of(currency)  # type: ignore[operator]  # it is finite


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "-0.01", "0.001"])
def test_what_no_till_can_hold_is_refused(value: str) -> None:
    with pytest.raises(InvalidAmount):
        check_amount(Decimal(value), "EUR")
