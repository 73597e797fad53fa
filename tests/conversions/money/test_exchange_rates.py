"""The file of the European Central Bank: fetched from a real server, stored once, refused as a whole if it is none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from monitoring.conversions.models import ReferenceRate
from monitoring.conversions.money import reference_file
from monitoring.conversions.money.fetching import (
    fetch_exchange_rates,
    last_failure,
    latest_reference_day,
    store_reference_rates,
)
from monitoring.conversions.money.reference_file import NotTheFile, PublishedRate, read_reference_file
from monitoring.conversions.tasks import exchange_rates
from monitoring.platforms.errors import AccessDenied, RateLimited, Unavailable, UnexpectedResponse
from tests.platforms.local_server import LocalServer, Request, Response

# As it is published: newest first, each line with a comma at its end.
TABLE = (
    "Date,USD,JPY,BGN,CYP,\n"
    "2026-11-20,1.0817,162.43,1.9558,N/A,\n"
    "2026-11-19,1.0801,162.01,1.9558,N/A,\n"
    "1999-01-04,1.1789,133.73,N/A,0.58231,\n"
)


def archive(table: str | bytes = TABLE, name: str = "eurofxref-hist.csv") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(name, table)
    return packed.getvalue()


@pytest.fixture
def bank(settings: Settings) -> Iterator[LocalServer]:
    with LocalServer(lambda _request: Response(archive())) as server:
        settings.EXCHANGE_RATES_URL = f"{server.url}/stats/eurofxref/eurofxref-hist.zip"
        yield server


def test_each_rate_of_the_file_is_read() -> None:
    rates = list(read_reference_file(archive()))

    assert len(rates) == 9
    assert rates[0] == PublishedRate("USD", date(2026, 11, 20), Decimal("1.0817"))
    assert rates[-1] == PublishedRate("CYP", date(1999, 1, 4), Decimal("0.58231"))


def test_the_bare_table_will_do() -> None:
    assert list(read_reference_file(("\ufeff" + TABLE).encode())) == list(read_reference_file(archive()))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK and nothing more",
        b"<html>We are moving</html>",
        archive()[:-40],
        archive(name="readme.txt"),
        archive("Datum,USD,\n2026-11-20,1.08,\n"),
        archive("Date,\n2026-11-20,\n"),
        archive("Date,usd,\n2026-11-20,1.08,\n"),
        archive("Date,USD,\n20 November,1.08,\n"),
        archive("Date,USD,\n2026-11-20,0,\n"),
        archive("Date,USD,\n2026-11-20,-1,\n"),
        archive("Date,USD,\n2026-11-20,NaN,\n"),
        archive("Date,USD,\n2026-11-20,1e300,\n"),
        archive("Date,USD,JPY,\n2026-11-20,1.08\n"),
        archive("Date,USD,\n1850-01-01,1.08,\n"),
        archive(b"Date,USD,\n2026-11-20,\xff\xfe,\n"),
        archive("Date,USD," + "x" * 200_000),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(NotTheFile):
        list(read_reference_file(content))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for sent in (content, b"PK\x03\x04" + content, b"Date,USD,\n" + content):
        try:
            rates = list(read_reference_file(sent))
        except NotTheFile:
            continue
        assert all(rate.per_euro > 0 for rate in rates)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference_file, "MOST_BYTES", 100_000)
    bomb = archive(TABLE + "\n" * 3_000_000)
    assert len(bomb) < 10_000

    with pytest.raises(NotTheFile, match="larger than we read"):
        list(read_reference_file(bomb))


@pytest.mark.django_db
def test_what_is_new_is_stored_and_the_rest_left_alone(bank: LocalServer) -> None:
    assert fetch_exchange_rates() == 9
    assert latest_reference_day() == date(2026, 11, 20)
    assert fetch_exchange_rates(at_once=True) == 0

    bank.answer = lambda _request: Response(
        archive(
            TABLE.replace("1.0817", "1.0818").replace(
                "Date,USD,JPY,BGN,CYP,\n", "Date,USD,JPY,BGN,CYP,\n2026-11-21,1.09,163,1.9558,N/A,\n"
            )
        )
    )

    assert fetch_exchange_rates(at_once=True) == 4  # one was corrected, three are new
    assert ReferenceRate.objects.get(currency="USD", day=date(2026, 11, 20)).per_euro == Decimal("1.0818")
    assert ReferenceRate.objects.count() == 12


@pytest.mark.django_db
def test_of_a_day_named_twice_the_later_line_counts() -> None:
    rates = [PublishedRate("USD", date(2026, 11, 20), Decimal(rate)) for rate in ("1.05", "1.06")]

    assert store_reference_rates(rates) == 1
    assert store_reference_rates(rates) == 0
    assert ReferenceRate.objects.get().per_euro == Decimal("1.06")


@pytest.mark.django_db
def test_it_looks_once_a_day(bank: LocalServer) -> None:
    for _hour in range(3):
        exchange_rates.apply().get()

    assert len(bank.requests) == 1


@pytest.mark.django_db
def test_after_a_failure_it_looks_again_in_an_hour(bank: LocalServer) -> None:
    good = bank.answer
    bank.answer = lambda _request: Response(status=503)
    with pytest.raises(Unavailable):
        fetch_exchange_rates()

    bank.answer = good
    assert fetch_exchange_rates() == 9


@pytest.mark.django_db
def test_why_it_failed_is_known_until_it_works_again(bank: LocalServer) -> None:
    good = bank.answer
    bank.answer = lambda _request: Response(b"We are moving.")
    assert exchange_rates.apply().get() == 0
    assert "no file of exchange rates" in last_failure()

    bank.answer = good
    assert exchange_rates.apply().get() == 9
    assert last_failure() == ""


@pytest.mark.django_db
def test_a_damaged_file_changes_nothing(bank: LocalServer) -> None:
    store_reference_rates([PublishedRate("USD", date(2026, 11, 20), Decimal("1.05"))])
    bank.answer = lambda _request: Response(archive(TABLE + "2026-11-18,1.08,oops,1.9,N/A,\n"))

    with pytest.raises(UnexpectedResponse):
        fetch_exchange_rates()

    assert ReferenceRate.objects.get().per_euro == Decimal("1.05")


@pytest.mark.django_db
def test_a_file_that_never_ends_is_cut_off(bank: LocalServer) -> None:
    bank.answer = lambda _request: Response(b"x" * 100_000 for _piece in range(100))

    with pytest.raises(UnexpectedResponse, match="larger"):
        fetch_exchange_rates()


@pytest.mark.django_db
def test_a_redirect_leads_into_no_private_network(bank: LocalServer) -> None:
    def redirect(request: Request) -> Response:
        return Response(status=302, headers={"Location": "http://10.0.0.1/rates.zip"})

    bank.answer = redirect

    with pytest.raises(UnexpectedResponse):
        fetch_exchange_rates()


@pytest.mark.django_db
def test_without_an_address_nothing_is_asked(settings: Settings, bank: LocalServer) -> None:
    settings.EXCHANGE_RATES_URL = ""

    assert fetch_exchange_rates(at_once=True) == 0
    assert not bank.requests


@pytest.mark.django_db
def test_nobody_can_make_it_ask_without_end(bank: LocalServer) -> None:
    for _time in range(20):
        fetch_exchange_rates(at_once=True)
    with pytest.raises(RateLimited):
        fetch_exchange_rates(at_once=True)

    assert len(bank.requests) == 20


@pytest.mark.django_db
def test_a_refusal_is_told_as_one(bank: LocalServer) -> None:
    bank.answer = lambda _request: Response(status=403)

    with pytest.raises(AccessDenied):
        fetch_exchange_rates()
