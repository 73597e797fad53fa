"""Workers take calls while others ask the same shop: each order counts once, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection as database
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from monitoring.conversions.models import Conversion, Delivery, ShopConnection
from monitoring.conversions.rollups import miscounted_days
from monitoring.conversions.shop_polling.claiming import claim_shop
from monitoring.conversions.shop_polling.polling import poll_shop
from monitoring.conversions.webhooks.working import work_on_deliveries
from tests.conversions.shops.calling import Hook
from tests.conversions.shops.conftest import Connect, Run
from tests.conversions.shops.made_up import Body, shopify_order, shopify_refund

pytestmark = pytest.mark.django_db(transaction=True)
ORDERS = 12


def whole_story(number: int) -> list[Body]:
    """An order that waits, is paid, and half of it is given back."""
    at = timezone.now() - timedelta(days=1, minutes=number)
    back = shopify_refund(number, "24.95", at=at + timedelta(hours=1))
    changes: list[Body] = [{"financial_status": "pending"}, {}, {"refunds": [back]}]
    return [
        shopify_order(number, at=at) | {"updated_at": (at + timedelta(hours=place)).isoformat()} | change
        for place, change in enumerate(changes)
    ]


def on_its_own(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        database.close()


def test_calls_and_polls_at_once_count_each_order_once(run_shop: Run, connect: Connect) -> None:
    stories = [whole_story(number) for number in range(1, ORDERS + 1)]
    shop = run_shop("shopify", [story[-1] for story in stories])
    shop.page_size = 4
    connection = connect("shopify")
    there = Hook(connection, Client())
    for place in (2, 0, 1):
        for number, story in enumerate(stories):
            there.send(story[place], topic="orders/updated", number=f"{number}-{place}")
    claim = claim_shop(connection.pk)
    assert claim
    with ThreadPoolExecutor(4) as workers:
        work: list[Callable[[], object]] = [partial(poll_shop, claim), *[work_on_deliveries] * 3]
        for done in [workers.submit(on_its_own, each) for each in work]:
            done.result(timeout=60)

    assert Conversion.objects.filter(reverses=None).count() == ORDERS
    total = Conversion.objects.aggregate(amount=Sum("amount"))["amount"]
    assert total == ORDERS * Decimal("24.95")
    assert not Delivery.objects.filter(outcome__in=["waiting", "failed"]).exists()
    assert ShopConnection.objects.get(pk=connection.pk).last_error == ""
    assert miscounted_days(organization=connection.organization) == 0
