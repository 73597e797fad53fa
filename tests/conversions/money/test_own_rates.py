"""Rates that people enter: from a file all or none, line by line told what is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.conversions.models import OwnRate
from monitoring.conversions.money.own_rates import EnteredRate, read_rate_file, save_rates
from monitoring.conversions.money_forms import read_rate

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "table",
    [
        "currency,day,rate\nUSD,2026-11-20,1.0817\n",
        "Currency;Day;Rate\r\nusd;2026-11-20;1,0817\r\n\r\n",
        "\ufeffday\tnote\trate\tcurrency\n2026-11-20\tx\t1.0817\tUSD",
    ],
)
def test_a_table_is_read_however_it_was_saved(table: str) -> None:
    found = read_rate_file(table.encode())

    assert found.rates == [EnteredRate("USD", DAY, Decimal("1.0817"))]
    assert not found.bad_lines


def test_each_bad_line_is_named() -> None:
    lines = ("USD,2026-11-20,1.1", "EUR,2026-11-20,1", "XXQ,2026-11-20,1", "USD,20.11.2026,1")
    more = ("USD,2026-11-20,-1", "USD,2026-11-20,NaN", "USD")
    table = "\n".join(("currency,day,rate", *lines, *more))

    found = read_rate_file(table.encode())

    assert [bad.line for bad in found.bad_lines] == [3, 4, 5, 6, 7, 8]
    assert "The euro" in found.bad_lines[0].reason
    assert "XXQ" in found.bad_lines[1].reason


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"name,price\nx,1\n", b"currency,day,rate\n" + b"USD,2026-11-20,1\n" * 20_001],
)
def test_what_is_no_such_table_is_refused_as_a_whole(content: bytes) -> None:
    found = read_rate_file(content)

    assert not found.rates
    assert len(found.bad_lines) == 1


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    for table in (text, f"currency,day,rate\n{text}"):
        found = read_rate_file(table.encode("utf-8", "ignore"))
        assert all(rate.per_euro > 0 for rate in found.rates)


@pytest.mark.django_db
def test_the_same_file_may_come_twice(organization: Organization) -> None:
    first = [EnteredRate("USD", DAY, Decimal("1.1")), EnteredRate("USD", DAY, Decimal("1.2"))]

    assert save_rates(organization=organization, rates=first) == 1
    assert save_rates(organization=organization, rates=[EnteredRate("USD", DAY, Decimal("1.3"))]) == 1

    assert OwnRate.objects.get().per_euro == Decimal("1.3")


@pytest.mark.parametrize("typed", ["1.0817", "1,0817", " 1.0817 ", "1.081 7"])
def test_a_rate_is_read_as_people_write_it(typed: str) -> None:
    assert read_rate(typed) == Decimal("1.0817")


@pytest.mark.parametrize("typed", ["", "abc", "0", "-1", "NaN", "1e99", "Infinity", "1.2.3", "0.00000000001"])
def test_what_is_no_rate_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        read_rate(typed)
