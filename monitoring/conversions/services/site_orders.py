"""One order, told by the site's snippet and by the shop: it counts once, and each adds what the other does not know.

The shop knows the money and what is given back; the page knows the clicks and what the customer said. They meet by the
order's number, whoever comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from monitoring.conversions.crediting.evidence import MOST_CLICKS, Evidence
from monitoring.conversions.models import Conversion, Kind, Origin
from monitoring.conversions.services.recording import Report

# A shop may tell of an order days later; beyond that, numbers may have begun anew.
_TOLD_WITHIN: Final = timedelta(days=7)


def find_shop_order(*, organization_id: int, number: str, near: datetime) -> Conversion | None:
    """What a connected shop told of the order with this number; None where it did not, or two shops did."""
    found = list(_orders(organization_id, Origin.SHOP, number, near)[:2])
    return found[0] if len(found) == 1 else None


def add_to_shop_order(*, order: Conversion, told: Evidence) -> None:
    """What the page knew of it. Its touches are looked for again."""
    known = Evidence.from_json(order.evidence)
    order.evidence = _together(known, told)
    order.touches_due_at = timezone.now()
    order.save(update_fields=["evidence", "touches_due_at"])


def take_over_site_order(*, report: Report, organization_id: int, at: datetime) -> Conversion | None:
    """The entry that the site made of this order becomes the shop's: its key, its money, its day."""
    if not report.order_number:
        return None
    order = _orders(organization_id, Origin.SITE, report.order_number, at).first()
    if order is None:
        return None
    order.origin, order.connection = report.origin, report.connection
    order.idempotency_key, order.order_number = report.idempotency_key, report.order_number
    order.amount, order.currency = report.amount, report.currency
    order.occurred_at, order.note = at, report.note
    order.evidence = _together(report.evidence, Evidence.from_json(order.evidence))
    order.touches_due_at = timezone.now()
    order.save()
    return order


def _orders(organization_id: int, origin: str, number: str, near: datetime) -> QuerySet[Conversion]:
    """Shops write `#1043` where pages say 1043."""
    bare = number.removeprefix("#")
    return Conversion.objects.filter(
        organization=organization_id,
        kind=Kind.ORDER,
        number=1,
        origin=origin,
        order_number__in=(bare, f"#{bare}"),
        occurred_at__range=(near - _TOLD_WITHIN, near + _TOLD_WITHIN),
    ).order_by("pk")


def _together(shops: Evidence, pages: Evidence) -> dict[str, Any]:
    """Where both know something, the shop's word stands; clicks are those of both, oldest first."""
    clicks = list(dict.fromkeys((*_before(shops, pages), *shops.click_ids, *pages.click_ids)))
    return {**pages.as_json(), **shops.as_json(), **({"click_ids": clicks[-MOST_CLICKS:]} if clicks else {})}


def _before(shops: Evidence, pages: Evidence) -> Iterable[str]:
    """The page knows the order of clicks; the shop's, of the landing page, is one of them or unknown to it."""
    return pages.click_ids if set(shops.click_ids) <= set(pages.click_ids) else ()
