"""What an order means for the ledger: counted once it is paid, corrected, taken back, whatever comes first or twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from monitoring.conversions.models import (
    Conversion,
    ConversionDay,
    Kind,
    Origin,
    SeenOrder,
    ShopConnection,
)
from monitoring.conversions.rollups import miscounted_days
from monitoring.conversions.services.recording import void_conversion
from monitoring.conversions.services.shop_orders import (
    apply_gone_news,
    apply_order,
    apply_refund_news,
    order_key,
)
from monitoring.conversions.services.shops import disconnect_shop
from monitoring.conversions.shop_polling.forgetting import VERSIONS_KEPT_FOR
from monitoring.conversions.shops.types import HISTORY, GoneNews, RefundNews, ShopOrder, ShopRefund
from monitoring.conversions.tasks import purge_old_deliveries
from tests.conversions.shops.conftest import Connect

PLACED = datetime(2026, 6, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def order(version: int = 0, **changes: object) -> ShopOrder:
    """An order of thirty euros; each version is told an hour after the one before."""
    made = ShopOrder(
        external_id="4711",
        number="#1001",
        placed_at=PLACED,
        updated_at=PLACED + timedelta(hours=version),
        counts=True,
        total=Decimal("30.00"),
        currency="EUR",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # whatever a test changes


def refund(number: str, amount: str, *, days: int = 1) -> ShopRefund:
    return ShopRefund(external_id=number, amount=Decimal(amount), occurred_at=PLACED + timedelta(days=days))


def entries(connection: ShopConnection) -> list[tuple[int, Decimal | None]]:
    ledger = Conversion.objects.filter(organization_id=connection.organization_id).order_by("pk")
    return list(ledger.values_list("number", "amount"))


def counted(organization: Organization) -> tuple[int, Decimal]:
    days = ConversionDay.objects.filter(organization_id=organization.pk, kind=Kind.ORDER)
    return sum(day.number for day in days), sum((day.amount for day in days), Decimal(0))


@pytest.fixture
def connection(make_connection: Connect) -> ShopConnection:
    return make_connection("shopify")


def test_an_order_is_recorded_with_its_shop_number_and_evidence(connection: ShopConnection) -> None:
    told = order(landing="/?utm_source=Instagram", referrer="l.instagram.com", source="pos")
    applied = apply_order(connection=connection, order=told)

    entry = Conversion.objects.get()
    assert applied.outcome == "recorded"
    assert (entry.kind, entry.origin, entry.connection) == (Kind.ORDER, Origin.SHOP, connection)
    assert (entry.order_number, entry.occurred_at, entry.note) == ("#1001", PLACED, "pos")
    assert entry.idempotency_key == order_key(connection, "4711")
    assert entry.evidence == {"utm_source": "instagram", "referrer": "l.instagram.com"}
    assert entry.touches_due_at is not None


def test_an_order_without_any_trace_counts_all_the_same(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order())

    assert counted(connection.organization) == (1, Decimal(30))
    assert Conversion.objects.get().touches_due_at is None


def test_the_same_order_again_writes_nothing(connection: ShopConnection) -> None:
    told = order(refunds=(refund("1", "5"),))
    apply_order(connection=connection, order=told)
    before = list(Conversion.objects.order_by("pk").values())
    applied = [
        apply_order(connection=connection, order=again)
        for again in (told, replace(told, updated_at=PLACED + timedelta(days=9)))
    ]

    assert {each.outcome for each in applied} == {"nothing_new"}
    assert list(Conversion.objects.order_by("pk").values()) == before


def test_an_unpaid_order_counts_once_it_is_paid(connection: ShopConnection) -> None:
    waiting = apply_order(connection=connection, order=order(counts=False))
    assert waiting.outcome == "ignored"
    assert "not paid" in waiting.reason
    assert entries(connection) == []

    apply_order(connection=connection, order=order(1))
    assert entries(connection) == [(1, Decimal(30))]


def test_a_test_order_is_none(connection: ShopConnection) -> None:
    assert apply_order(connection=connection, order=order(is_test=True)).outcome == "test"
    assert entries(connection) == []


def test_a_refund_is_subtracted_on_its_own_day(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order())
    apply_order(connection=connection, order=order(1, refunds=(refund("1", "10", days=3),)))

    taken = Conversion.objects.get(number=0)
    assert (taken.amount, taken.occurred_at) == (Decimal(-10), PLACED + timedelta(days=3))
    assert counted(connection.organization) == (1, Decimal(20))


def test_refunds_of_everything_take_the_order_back(connection: ShopConnection) -> None:
    refunds = (refund("2", "20", days=5), refund("1", "10", days=2))
    apply_order(connection=connection, order=order(refunds=refunds))

    assert entries(connection) == [(1, Decimal(30)), (0, Decimal(-10)), (-1, Decimal(-20))]
    assert counted(connection.organization) == (0, Decimal(0))


def test_a_cancellation_takes_back_what_refunds_left(connection: ShopConnection) -> None:
    cancelled = order(refunds=(refund("1", "10"),), cancelled_at=PLACED + timedelta(days=2))
    apply_order(connection=connection, order=cancelled)
    apply_order(connection=connection, order=replace(cancelled, updated_at=PLACED + timedelta(days=3)))

    assert entries(connection) == [(1, Decimal(30)), (0, Decimal(-10)), (-1, Decimal(-20))]


def test_a_cancelled_order_that_never_counted_is_nothing(connection: ShopConnection) -> None:
    applied = apply_order(connection=connection, order=order(counts=False, cancelled_at=PLACED))

    assert applied.outcome == "ignored"
    assert entries(connection) == []


def test_a_cancellation_can_be_taken_back_in_the_shop(connection: ShopConnection) -> None:
    for version in (order(), order(1, cancelled_at=PLACED), order(2)):
        apply_order(connection=connection, order=version)
    assert counted(connection.organization) == (1, Decimal(30))

    apply_order(connection=connection, order=order(3, cancelled_at=PLACED + timedelta(days=1)))
    assert counted(connection.organization) == (0, Decimal(0))
    assert miscounted_days(organization=connection.organization) == 0


def test_an_edited_order_is_corrected_on_its_own_day(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order())
    apply_order(connection=connection, order=order(1, total=Decimal(45)))

    assert entries(connection) == [(1, Decimal(45))]
    assert counted(connection.organization) == (1, Decimal(45))


def test_an_edit_never_goes_below_what_was_given_back(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order(refunds=(refund("1", "20"),)))
    apply_order(connection=connection, order=order(1, total=Decimal(15), refunds=(refund("1", "20"),)))

    assert entries(connection) == [(1, Decimal(20)), (0, Decimal(-20))]


def test_an_older_version_changes_nothing(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order(5, total=Decimal(45)))
    applied = apply_order(connection=connection, order=order(2))

    assert applied.outcome == "nothing_new"
    assert entries(connection) == [(1, Decimal(45))]


def test_versions_are_forgotten_after_a_year_and_orders_never(connection: ShopConnection) -> None:
    for name, days in (("last-year", 366), ("this-year", 364)):
        apply_order(
            connection=connection,
            order=order(external_id=name, updated_at=timezone.now() - timedelta(days=days)),
        )
    apply_order(connection=connection, order=order(external_id="undated", updated_at=None))
    before = counted(connection.organization)

    purge_old_deliveries()

    left = SeenOrder.objects.order_by("external_id").values_list("external_id", flat=True)
    assert list(left) == ["this-year", "undated"]
    assert (len(entries(connection)), counted(connection.organization)) == (3, before)

    # The shop tells it once more after all: it is known, and nothing is counted twice.
    apply_order(connection=connection, order=order(external_id="last-year", updated_at=timezone.now()))
    assert (len(entries(connection)), counted(connection.organization)) == (3, before)


def test_what_is_read_of_a_shop_anew_is_still_known() -> None:
    assert VERSIONS_KEPT_FOR > HISTORY


def test_a_cancelled_order_does_not_come_back_by_an_old_message(connection: ShopConnection) -> None:
    """It was never seen while it counted: the old message alone would count it."""
    apply_order(connection=connection, order=order(5, counts=False, cancelled_at=PLACED))
    apply_order(connection=connection, order=order(2))

    assert entries(connection) == []


def test_messages_in_any_order_lead_to_the_same(organization: Organization, make_connection: Connect) -> None:
    connection = make_connection("shopify")
    story = (
        order(counts=False),
        order(1),
        order(2, total=Decimal(40)),
        order(3, total=Decimal(40), refunds=(refund("1", "10"),)),
    )
    ends = set()
    for number, versions in enumerate(permutations(story)):
        for version in versions:
            apply_order(connection=connection, order=replace(version, external_id=f"o{number}"))
        key = order_key(connection, f"o{number}")
        ledger = Conversion.objects.filter(idempotency_key__startswith=key).order_by("pk")
        ends.add(tuple(ledger.values_list("number", "amount")))

    assert ends == {((1, Decimal(40)), (0, Decimal(-10)))}


def test_a_sum_of_refunds_is_taken_back_as_it_grows(connection: ShopConnection) -> None:
    for version, refunded in enumerate(("0", "10", "10", "25")):
        apply_order(connection=connection, order=order(version, refunded=Decimal(refunded)))

    assert entries(connection) == [(1, Decimal(30)), (0, Decimal(-10)), (0, Decimal(-15))]


def news(**changes: object) -> RefundNews:
    made = RefundNews(order_id="4711", occurred_at=PLACED + timedelta(days=1), currency="EUR")
    return replace(made, **changes)  # type: ignore[arg-type]  # whatever a test changes


def test_a_refund_may_come_without_its_order(connection: ShopConnection) -> None:
    """The refund's own message, and the order's with the same refund: in either order it is subtracted once."""
    told = news(refund=refund("1", "10"))
    assert "not known" in apply_refund_news(connection=connection, news=told).reason
    apply_order(connection=connection, order=order())
    apply_refund_news(connection=connection, news=told)
    apply_order(connection=connection, order=order(1, refunds=(refund("1", "10"),)))
    apply_refund_news(connection=connection, news=told)

    assert entries(connection) == [(1, Decimal(30)), (0, Decimal(-10))]


def test_a_refund_in_another_currency_waits_for_the_order(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order())
    apply_refund_news(connection=connection, news=news(refund=refund("1", "10"), currency="NOK"))

    assert entries(connection) == [(1, Decimal(30))]


def test_sums_of_refunds_that_overtake_each_other_are_harmless(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order())
    for refunded in ("25", "10", "25"):
        apply_refund_news(connection=connection, news=news(refunded=Decimal(refunded)))

    assert entries(connection) == [(1, Decimal(30)), (0, Decimal(-25))]


def test_a_deleted_order_is_taken_back_once(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order())
    gone = GoneNews(order_id="4711", occurred_at=PLACED + timedelta(days=1))
    outcomes = [apply_gone_news(connection=connection, news=gone).outcome for _twice in range(2)]

    assert outcomes == ["recorded", "nothing_new"]
    assert counted(connection.organization) == (0, Decimal(0))


def test_what_a_person_voided_stays_voided(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order())
    void_conversion(conversion=Conversion.objects.get())
    apply_order(connection=connection, order=order(1, refunds=(refund("1", "10"),)))

    assert counted(connection.organization) == (0, Decimal(0))
    assert miscounted_days(organization=connection.organization) == 0


def test_orders_of_two_shops_with_the_same_number_are_two(
    connection: ShopConnection, make_connection: Connect
) -> None:
    other = make_connection("woocommerce")
    apply_order(connection=connection, order=order())
    apply_order(connection=other, order=order())

    assert counted(connection.organization) == (2, Decimal(60))


def test_a_very_long_id_is_kept_by_its_fingerprint(connection: ShopConnection) -> None:
    long = order(external_id="cs_live_" + "x" * 400, refunds=(refund("r" * 400, "10"),))
    apply_order(connection=connection, order=long)
    apply_order(connection=connection, order=replace(long, updated_at=None))

    assert entries(connection) == [(1, Decimal(30)), (0, Decimal(-10))]


def test_a_disconnected_shop_keeps_its_orders(connection: ShopConnection) -> None:
    apply_order(connection=connection, order=order())
    disconnect_shop(connection=connection)

    entry = Conversion.objects.get()
    assert entry.connection_id == connection.pk
    assert counted(connection.organization) == (1, Decimal(30))


VERSIONS = st.lists(
    st.builds(
        order,
        version=st.integers(0, 6),
        counts=st.booleans(),
        total=st.decimals(0, 60, places=2),
        refunds=st.lists(
            st.builds(refund, st.sampled_from("abc"), st.sampled_from(("0.50", "10", "30", "70"))), max_size=3
        ).map(tuple),
        refunded=st.none() | st.decimals(0, 60, places=2),
        cancelled_at=st.none() | st.just(PLACED + timedelta(days=2)),
    ),
    max_size=8,
)


class TestAnyStory(TestCase):
    @settings(max_examples=30)
    @given(versions=VERSIONS)
    def test_the_ledger_never_takes_back_more_than_there_was(self, versions: list[ShopOrder]) -> None:
        person = User.objects.create_user("any@example.com", "a kettle sings")
        organization = create_organization(owner=person, name="Any", time_zone="UTC", currency="EUR")
        connection = ShopConnection.objects.create(
            organization=organization, shop="shopify", name="s", key="k", address="a"
        )
        for version in versions:
            apply_order(connection=connection, order=version)
            number, amount = counted(organization)
            assert 0 <= number <= 1
            assert amount >= 0
        before = entries(connection)
        for version in versions:
            apply_order(connection=connection, order=replace(version, updated_at=PLACED - timedelta(days=1)))
        assert entries(connection) == before
        assert miscounted_days(organization=organization) == 0
