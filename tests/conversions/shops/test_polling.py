"""Orders are asked for page by page, each once, whatever fails or dies in the middle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from celery import Celery
from django.db.models.signals import post_save
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organization
from monitoring.conversions.models import Conversion, ConversionDay, SeenOrder, ShopConnection
from monitoring.conversions.services.shops import collect_shop_now, connect_shop, disconnect_shop
from monitoring.conversions.shop_polling.claiming import claim_due_shops, claim_shop
from monitoring.conversions.shop_polling.polling import EVERY, ClaimLost, poll_shop
from monitoring.conversions.shop_polling.progress import Progress
from monitoring.conversions.tasks import dispatch_due_shops
from monitoring.platforms.errors import AccessDenied
from tests.conversions.shops.conftest import Connect, Run
from tests.conversions.shops.made_up import (
    ADDRESSES,
    CREDENTIALS,
    MAKERS,
    MadeUpShop,
    shopify_order,
    stripe_charge,
    stripe_event,
    woocommerce_order,
)
from tests.platforms.conftest import Serve
from tests.platforms.local_server import Request, Response

pytestmark = pytest.mark.django_db
SHOPS = list(MAKERS)


def ago(**span: float) -> datetime:
    return timezone.now().replace(microsecond=0) - timedelta(**span)


def poll(connection: ShopConnection) -> bool:
    """As the dispatcher and a worker do, whether it is due or not."""
    ShopConnection.objects.filter(pk=connection.pk).update(due_at=timezone.now())
    claim = claim_shop(connection.pk)
    assert claim
    try:
        return poll_shop(claim)
    finally:
        connection.refresh_from_db()


def orders() -> int:
    return Conversion.objects.filter(reverses=None).count()


@pytest.mark.parametrize("slug", SHOPS)
def test_the_last_sixty_days_are_read_when_a_shop_is_connected(
    slug: str, run_shop: Run, connect: Connect
) -> None:
    make = MAKERS[slug]
    run_shop(slug, [make(number, at=ago(days=8 * number)) for number in range(1, 10)])
    connection = connect(slug)

    assert poll(connection)
    assert orders() == 7  # of the 8th to the 56th day back
    assert connection.last_polled_at is not None
    assert connection.status == ShopConnection.Status.OK


@pytest.mark.parametrize("slug", SHOPS)
def test_a_repeated_poll_writes_nothing(slug: str, run_shop: Run, connect: Connect) -> None:
    shop = run_shop(slug, [MAKERS[slug](number, at=ago(minutes=5 * number)) for number in range(1, 20)])
    shop.events = [stripe_event(order) for order in shop.orders if slug == "stripe"]
    connection = connect(slug)
    poll(connection)
    before = list(Conversion.objects.order_by("pk").values())
    poll(connection)

    assert len(before) == 19
    assert list(Conversion.objects.order_by("pk").values()) == before


def test_later_polls_find_what_is_new_and_what_changed(run_shop: Run, connect: Connect) -> None:
    first = shopify_order(1, at=ago(days=3))
    shop = run_shop("shopify", [first])
    connection = connect("shopify")
    poll(connection)
    shop.orders.append(shopify_order(2, at=ago(minutes=1)))
    first |= {
        "updated_at": ago(seconds=5).isoformat(),
        "financial_status": "refunded",
        "cancelled_at": ago(seconds=9).isoformat(),
    }
    poll(connection)

    assert sum(day.number for day in ConversionDay.objects.all()) == 1
    assert Conversion.objects.filter(number=-1).count() == 1


def test_stripes_refund_of_an_old_order_is_found(run_shop: Run, connect: Connect) -> None:
    shop = run_shop("stripe", [MAKERS["stripe"](1, at=ago(days=40))])
    connection = connect("stripe")
    poll(connection)
    shop.events.append(stripe_event(stripe_charge(1, refunded=1500, at=ago(minutes=2)), "charge.refunded"))
    poll(connection)

    assert list(Conversion.objects.order_by("pk").values_list("amount", flat=True)) == [
        Decimal("49.90"),
        Decimal("-15.00"),
    ]


def test_a_long_history_is_read_in_shares_and_says_how_far_it_is(
    run_shop: Run, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring.conversions.shop_polling.polling.PAGES_PER_RUN", 2)
    shop = run_shop("shopify", [shopify_order(number, at=ago(hours=number)) for number in range(1, 40)])
    shop.page_size = 10
    connection = connect("shopify")

    assert not poll(connection)
    progress = Progress.from_json(connection.cursor)
    assert (progress.watermark, progress.run and progress.run.orders) == (None, 20)
    assert connection.due_at is not None
    assert connection.due_at <= timezone.now()
    assert orders() == 20
    while not poll(connection):
        pass
    assert orders() == 39
    assert Progress.from_json(connection.cursor).run is None


@pytest.fixture
def failing_after(request: pytest.FixtureRequest) -> Iterator[Callable[[int], None]]:
    """The database fails when so many more conversions were written."""
    left = [10**9]

    def count(**_facts: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise SystemExit("killed")

    post_save.connect(count, sender=Conversion)
    yield lambda number: left.__setitem__(0, number)
    post_save.disconnect(count, sender=Conversion)


@pytest.mark.parametrize("written", [0, 1, 9, 10, 11, 25])
def test_whoever_dies_in_the_middle_of_a_page_leaves_whole_pages(
    written: int, run_shop: Run, connect: Connect, failing_after: Callable[[int], None]
) -> None:
    shop = run_shop("shopify", [shopify_order(number, at=ago(hours=number)) for number in range(1, 31)])
    shop.page_size = 10
    connection = connect("shopify")
    failing_after(written)
    with pytest.raises(SystemExit):
        poll(connection)
    assert orders() == written // 10 * 10
    assert SeenOrder.objects.count() == orders()

    failing_after(10**9)
    ShopConnection.objects.update(lease_until=None)
    assert poll(connection)
    assert orders() == 30


def test_two_workers_never_ask_the_same_shop(run_shop: Run, connect: Connect) -> None:
    run_shop("shopify", [])
    connection = connect("shopify")
    claims = [claim_shop(connection.pk), claim_shop(connection.pk)]

    assert [claim is not None for claim in claims] == [True, False]
    assert claim_due_shops() == []


def test_whoever_lost_the_claim_writes_nothing(run_shop: Run, connect: Connect) -> None:
    run_shop("shopify", [shopify_order(1, at=ago(days=1))])
    connection = connect("shopify")
    claim = claim_shop(connection.pk)
    assert claim
    ShopConnection.objects.update(lease_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(ClaimLost):
        poll_shop(claim)

    assert orders() == 0


def test_an_expired_claim_is_taken_over(run_shop: Run, connect: Connect, settings: Settings) -> None:
    settings.LEASE_SECONDS = -1
    run_shop("shopify", [])
    connection = connect("shopify")

    assert claim_shop(connection.pk)
    assert [claim.connection_id for claim in claim_due_shops()] == [connection.pk]


def test_a_demos_shop_is_not_asked(organization: Organization, make_connection: Connect) -> None:
    connection = make_connection("shopify")
    ShopConnection.objects.update(due_at=ago(hours=1))
    Organization.objects.update(is_demo=True)

    assert claim_due_shops() == []
    assert connection.organization == organization


def test_a_shop_that_refuses_us_needs_to_be_connected_again(run_shop: Run, connect: Connect) -> None:
    shop = run_shop("woocommerce", [woocommerce_order(1, at=ago(days=1))])
    connection = connect("woocommerce")
    shop.is_open = False
    poll(connection)

    assert connection.status == ShopConnection.Status.NEEDS_RECONNECTION
    assert "401" in connection.last_error
    assert connection.lease_until is None
    shop.is_open = True
    poll(connection)
    assert (connection.status, connection.last_error, orders()) == (ShopConnection.Status.OK, "", 1)


@pytest.mark.parametrize(
    ("status", "headers", "shortest", "longest"),
    [
        (429, {"Retry-After": "120"}, 115, 125),
        (429, {}, 890, 910),
        (503, {}, 55, 65),
        (503, {"Retry-After": "300"}, 295, 305),
        (404, {}, 3_590, 3_610),
    ],
)
def test_trouble_is_retried_when_it_makes_sense(
    status: int,
    headers: dict[str, str],
    shortest: int,
    longest: int,
    serve: Serve,
    make_connection: Connect,
    settings: Settings,
) -> None:
    server = serve(lambda _request: Response({"error": "x"}, status, headers))
    settings.PLATFORM_URLS = {"woocommerce": server.url}
    connection = make_connection("woocommerce")
    poll(connection)

    assert connection.due_at is not None
    assert shortest <= (connection.due_at - timezone.now()).total_seconds() <= longest
    assert connection.last_error


def test_a_shop_that_stays_away_is_asked_ever_more_rarely(
    serve: Serve, make_connection: Connect, settings: Settings
) -> None:
    server = serve(lambda _request: Response({}, 503))
    settings.PLATFORM_URLS = {"woocommerce": server.url}
    connection = make_connection("woocommerce")
    waits = []
    for _attempt in range(4):
        poll(connection)
        assert connection.due_at
        waits.append(round((connection.due_at - timezone.now()).total_seconds() / 60))

    assert waits == [1, 2, 4, 8]


def test_what_was_read_before_the_trouble_stays_read(
    run_shop: Run, connect: Connect, serve: Serve, settings: Settings
) -> None:
    shop = MadeUpShop("woocommerce", [woocommerce_order(n, at=ago(hours=n)) for n in range(1, 71)])
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return shop(request) if len(asked) != 3 else Response({}, 503)

    settings.PLATFORM_URLS = {"woocommerce": serve(answer).url}
    connection = connect("woocommerce")  # the first request
    assert not poll(connection)
    assert orders() == 50
    assert poll(connection)
    assert orders() == 70


def test_a_shop_on_a_private_address_is_refused_unless_it_is_allowed(
    organization: Organization, serve: Serve, settings: Settings
) -> None:
    address = serve(MadeUpShop("woocommerce")).url
    words = {"organization": organization, "shop": "woocommerce", "credentials": CREDENTIALS["woocommerce"]}
    with pytest.raises(AccessDenied, match="private"):
        connect_shop(address=address, **words)  # type: ignore[arg-type]  # the three words above
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]

    assert connect_shop(address=address, **words).pk  # type: ignore[arg-type]  # the three words above


def test_a_shop_that_comes_back_goes_on_where_it_was(
    organization: Organization, run_shop: Run, connect: Connect
) -> None:
    run_shop("shopify", [shopify_order(1, at=ago(days=2))])
    connection = connect("shopify")
    poll(connection)
    disconnect_shop(connection=connection)
    assert claim_shop(connection.pk) is None
    again = connect_shop(
        organization=organization,
        shop="shopify",
        address=ADDRESSES["shopify"],
        credentials=CREDENTIALS["shopify"],
    )
    poll(again)

    assert again.pk == connection.pk
    assert orders() == 1


def test_shops_are_asked_every_ten_minutes_or_when_somebody_asks(
    run_shop: Run, connect: Connect, eager_tasks: Celery
) -> None:
    run_shop("shopify", [])
    connection = connect("shopify")
    assert [dispatch_due_shops(), dispatch_due_shops()] == [1, 0]
    connection.refresh_from_db()
    assert connection.due_at is not None
    assert abs(connection.due_at - timezone.now() - EVERY) < timedelta(seconds=5)
    collect_shop_now(connection=connection)

    assert dispatch_due_shops() == 1
