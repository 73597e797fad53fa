"""What every shop connector must do. A shop's test inherits this and adds only the shop's own."""

from __future__ import annotations

import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any, ClassVar

import pytest

from monitoring.conversions.crediting.evidence import Evidence
from monitoring.conversions.shops.connector import ShopConnector
from monitoring.conversions.shops.registry import connector_class
from monitoring.conversions.shops.types import ShopOrder
from monitoring.platforms.errors import (
    AccessDenied,
    ConnectorError,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from monitoring.platforms.guarded_adapter import Limits
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from tests.conversions.shops.made_up import ADDRESSES, CREDENTIALS, MAKERS, PLACED, Body, MadeUpShop
from tests.platforms.broken_answers import BROKEN
from tests.platforms.conftest import Serve
from tests.platforms.local_server import Answering, LocalServer

SINCE = PLACED - timedelta(days=1)
UNTIL = PLACED + timedelta(days=1)
_ODD_VALUES: tuple[object, ...] = (None, "", "x", -1, 2**70, [], {}, [None], True, 1.5, "1e400", "\ud800")
_ODD_DATES = ("2999-01-01T00:00:00Z", "1901-01-01T00:00:00", "yesterday", "", None, 10**18)

Open = Callable[..., ShopConnector]


class ShopContract:
    slug: ClassVar[str]
    dates: ClassVar[tuple[str, ...]]  # the fields without which an order has no date
    until: ClassVar[datetime] = UNTIL  # when the run began
    other_errors: ClassVar[Mapping[str, type[ConnectorError]]] = {}

    @pytest.fixture
    def open_shop(self, budget: RedisRateBudget) -> Open:
        def open_shop(server: LocalServer, limits: Limits | None = None) -> ShopConnector:
            http = PlatformHttp(
                budget, key=f"shop-{uuid.uuid4()}", allowed_private_hosts=["127.0.0.1"], limits=limits
            )
            return connector_class(self.slug)(
                http, base=server.url, address=ADDRESSES[self.slug], credentials=CREDENTIALS[self.slug]
            )

        return open_shop

    def orders(self, shop: ShopConnector) -> list[ShopOrder]:
        """Everything that changed since, page by page."""
        found: list[ShopOrder] = []
        cursor: str | None = None
        seen: set[str | None] = {None}
        while True:
            page = shop.list_orders(since=SINCE, until=self.until, cursor=cursor)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return found
            assert cursor not in seen
            seen.add(cursor)

    def one_order(self, serve: Serve, open_shop: Open, **changes: Any) -> ShopOrder:
        orders = self.orders(open_shop(serve(self.shop([self.make(**changes)]))))
        assert len({order.external_id for order in orders}) == 1
        return orders[0]

    def make(self, *arguments: Any, **changes: Any) -> Body:
        return MAKERS[self.slug](*arguments, **changes)

    def shop(self, orders: list[Body]) -> MadeUpShop:
        return MadeUpShop(self.slug, orders)

    def test_reads_an_order(self, serve: Serve, open_shop: Open) -> None:
        order = self.one_order(serve, open_shop)

        assert order.counts
        assert order.placed_at == PLACED
        assert (order.total, order.currency) == (Decimal("49.90"), "EUR")
        assert order.number
        assert order.cancelled_at is None
        assert not order.is_test
        assert Evidence.from_json(order.evidence.as_json()) == order.evidence

    def test_an_order_has_the_same_id_whenever_it_is_read(self, serve: Serve, open_shop: Open) -> None:
        shop = open_shop(serve(self.shop([self.make()])))

        assert {order.external_id for order in self.orders(shop)} == {
            order.external_id for order in self.orders(shop)
        }

    def test_a_shop_without_orders_is_in_order(self, serve: Serve, open_shop: Open) -> None:
        shop = open_shop(serve(self.shop([])))

        assert shop.check().address == ADDRESSES[self.slug]
        assert self.orders(shop) == []

    def test_what_did_not_change_since_is_not_asked_for(self, serve: Serve, open_shop: Open) -> None:
        old = self.make(7, at=SINCE - timedelta(days=10))

        assert self.orders(open_shop(serve(self.shop([old])))) == []

    def test_reads_every_page(self, serve: Serve, open_shop: Open) -> None:
        """More than two pages, with many orders of one second: none is missed, however they are cut."""
        orders = [self.make(number, at=PLACED + timedelta(seconds=number // 150)) for number in range(260)]
        shop = self.shop(orders)
        shop.page_size = 100

        found = self.orders(open_shop(serve(shop)))

        assert len({order.external_id for order in found}) == len(orders)

    def test_wrong_credentials_are_the_customers_to_mend(self, serve: Serve, open_shop: Open) -> None:
        shop = open_shop(serve(self.shop([])))
        shop.credentials = dict.fromkeys(CREDENTIALS[self.slug], "wrong")
        for ask in (shop.check, lambda: self.orders(shop)):
            with pytest.raises(AccessDenied):
                ask()

    @pytest.mark.parametrize("name", BROKEN)
    def test_a_broken_answer_becomes_the_right_error(
        self, name: str, serve: Serve, open_shop: Open, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken = BROKEN[name]
        server = serve(broken.answer)
        expected = self.other_errors.get(name, broken.error)
        asks: list[Callable[[ShopConnector], object]] = [self.orders, lambda shop: shop.check()]
        for ask in asks[: 1 if broken.slow else None]:
            with pytest.raises(ConnectorError) as raised:
                ask(open_shop(server, broken.limits))
            error = raised.value
            assert type(error) is expected, repr(error)
            if broken.retry_after is not None and isinstance(error, RateLimited | Unavailable):
                assert error.retry_after is not None
                assert abs(error.retry_after - broken.retry_after()) < timedelta(seconds=5)
            shown = "".join(traceback.format_exception(error)) + caplog.text
            assert not [each for each in CREDENTIALS[self.slug].values() if each in shown]

    def test_odd_fields_cost_at_most_their_order(self, serve: Serve, open_shop: Open) -> None:
        """Each field in turn gets an odd value; only connector errors may come out, and the other order stays."""
        odd = cycle(_ODD_VALUES)
        server = serve(self.shop([]))
        whole = self.make(2)
        for changed in _variants(self.make(1), odd):
            server.answer = self.unsorted([changed, whole])
            try:
                found = self.orders(open_shop(server))
            except UnexpectedResponse:
                continue
            assert found, changed

    def unsorted(self, orders: list[Body]) -> Answering:
        """A server that shows these orders whatever is asked, and everything else as the shop does."""
        shop = self.shop([])
        shop._changed = lambda *_arguments, **_words: orders  # type: ignore[method-assign]  # a shop that is not itself
        return shop

    def test_odd_dates_are_survived(self, serve: Serve, open_shop: Open) -> None:
        for odd in _ODD_DATES:
            changed = self.make(1) | dict.fromkeys(self.dates, odd)
            server = serve(self.unsorted([changed, self.make(2)]))
            found = self.orders(open_shop(server))
            assert found
            assert all(order.placed_at <= datetime.now(UTC) for order in found)


def _variants(data: Any, odd: Iterator[object]) -> Iterator[Any]:
    """The data with one field replaced: each field once, by the odd values in turn."""
    places = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for place, value in list(places):
        changed = data.copy()
        changed[place] = next(odd)
        yield changed
        for inner in _variants(value, odd):
            changed = data.copy()
            changed[place] = inner
            yield changed
