"""A shop that calls a SMEdash in other processes, and what became of its calls there.

python -m tests.with_django tests.benchmarks.calling_shop make|state
"""

from __future__ import annotations

import json
import sys
from collections import Counter

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from monitoring.conversions.models import Conversion, Delivery, ShopConnection
from monitoring.conversions.rollups import miscounted_days
from tests.conversions.shops.made_up import SECRET

KEY = "the-shop-that-calls"


def make() -> None:
    owner = User.objects.create_user("owner@example.com", "a kettle sings at dawn")
    organization = create_organization(owner=owner, name="Halden", time_zone="Europe/Berlin", currency="EUR")
    shop = ShopConnection(
        organization=organization, shop="shopify", address="halden.myshopify.com", name="Halden", key=KEY
    )
    shop.credentials = {"client_id": "of a test", "client_secret": "of a test"}
    shop.webhook_secret = SECRET
    shop.save()


def state() -> dict[str, object]:
    orders = Conversion.objects.filter(reverses=None).values_list("order_number", flat=True)
    return {
        "orders": sorted(int(number) for number in orders),
        "refunds": Conversion.objects.exclude(reverses=None).count(),
        "outcomes": dict(Counter(Delivery.objects.values_list("outcome", flat=True))),
        "miscounted_days": miscounted_days(organization=Organization.objects.get()),
    }


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make()
    else:
        print(json.dumps(state()))
