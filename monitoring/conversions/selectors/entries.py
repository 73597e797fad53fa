"""Single conversions, for lists and for taking one back."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from accounts.models import Organization, User
from monitoring.conversions.models import Conversion, ConversionDay, Origin
from monitoring.lib.periods import local_midnight


def list_entries(*, organization: Organization) -> QuerySet[Conversion]:
    """Newest first, voided ones among them."""
    entries = Conversion.objects.filter(organization=organization)
    return entries.select_related("tracked_link", "created_by").order_by("-occurred_at", "-pk")


def find_last_counter_entry(*, organization: Organization, by: User, day: date) -> Conversion | None:
    """What this person entered last at the counter on this day, unless it was taken back."""
    since = local_midnight(day, ZoneInfo(organization.time_zone))
    entries = list_entries(organization=organization).filter(
        origin=Origin.COUNTER, created_by=by, occurred_at__gte=since, voided_at=None
    )
    return entries.order_by("-created_at", "-pk").first()


def find_counter_entry(*, organization: Organization, by: User, key: str) -> Conversion | None:
    """What this person entered at the counter under this key."""
    if "\0" in key:
        return None  # PostgreSQL would refuse to look for it
    entries = Conversion.objects.filter(organization=organization, origin=Origin.COUNTER, created_by=by)
    return entries.filter(idempotency_key=key).first()


def count_of_day(*, organization: Organization, day: date) -> dict[str, int]:
    """How many of each kind were reported on a local day, clicks on links not included."""
    rows = ConversionDay.objects.filter(organization_id=organization.pk, day=day)
    return dict(rows.values_list("kind").annotate(Sum("number")))
