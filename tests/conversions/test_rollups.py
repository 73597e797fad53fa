"""The counts by day equal a recount, whatever happens at once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum

from accounts.models import Organization
from accounts.services.organizations import update_organization
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.models import (
    Channel,
    Click,
    ClickDay,
    Conversion,
    ConversionDay,
    Kind,
    TrackedLink,
)
from monitoring.conversions.rollups import miscounted_days, rebuild_conversion_days
from tests.conversions.conftest import NOON, click, record, report


@pytest.mark.django_db
def test_a_day_is_the_organizations_own(organization: Organization) -> None:
    record(organization, report(at=datetime(2026, 6, 10, 21, 59, tzinfo=UTC)))
    record(organization, report(at=datetime(2026, 6, 10, 22, 1, tzinfo=UTC)))
    assert set(ConversionDay.objects.values_list("day", flat=True)) == {date(2026, 6, 10), date(2026, 6, 11)}


@pytest.mark.django_db
def test_a_new_time_zone_moves_the_days(organization: Organization, link: TrackedLink) -> None:
    record(organization, report(at=datetime(2026, 6, 10, 22, 1, tzinfo=UTC), amount="7"))
    store_clicks([click(link, at=datetime(2026, 6, 10, 22, 1, tzinfo=UTC))])
    update_organization(organization=organization, changes={"time_zone": "America/New_York"})
    assert miscounted_days(organization=organization) > 0
    rebuild_conversion_days(organization=organization)
    assert miscounted_days(organization=organization) == 0
    assert ConversionDay.objects.get().day == ClickDay.objects.get().day == date(2026, 6, 10)


@pytest.mark.django_db
def test_writing_past_our_services_is_counted_as_well(organization: Organization, link: TrackedLink) -> None:
    for number in range(6):
        record(organization, report(amount=f"{number}", channel=Channel.X))
    store_clicks([click(link, visitor=f"visitor {number}") for number in range(6)])
    Conversion.objects.filter(amount__gte=3).update(amount=F("amount") * 2, channel=Channel.REDDIT)
    Conversion.objects.filter(amount=0).delete()
    Conversion.objects.filter(amount=1).update(currency="USD", occurred_at=NOON - timedelta(days=40))
    Click.objects.filter(visitor="visitor 1").update(is_bot=True)
    Click.objects.filter(visitor="visitor 2").delete()
    assert miscounted_days(organization=organization) == 0
    assert ClickDay.objects.values_list("visits", "repeats", "bots").get() == (4, 0, 1)


@pytest.mark.django_db
def test_a_miscount_is_noticed(organization: Organization) -> None:
    record(organization, report())
    ConversionDay.objects.update(number=F("number") + 1)
    assert miscounted_days(organization=organization) == 2
    rebuild_conversion_days(organization=organization)
    assert miscounted_days(organization=organization) == 0


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_neither_block_for_good_nor_miscount(
    organization: Organization,
    strangers_organization: Organization,
    link: TrackedLink,
    strangers_link: TrackedLink,
) -> None:
    """Recording, voiding, deleting, clicks of both organizations, and a rebuild, all together."""
    organizations, links = [organization, strangers_organization], [link, strangers_link]
    for number in range(40):
        record(organizations[number % 2], report(amount="1", at=NOON + timedelta(days=number % 5)))

    def work(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _turn in range(12):
                act(chance)
        finally:
            connection.close()

    def act(chance: random.Random) -> None:
        owner, day = chance.choice(organizations), NOON + timedelta(days=chance.randrange(5))
        choice = chance.randrange(6)
        if choice == 0:
            rebuild_conversion_days(organization=owner)
        elif choice == 1:
            with transaction.atomic():
                victim = Conversion.objects.filter(organization=owner).order_by("?").first()
                if victim:
                    victim.delete()
        elif choice == 2:
            Conversion.objects.filter(organization=owner, occurred_at=day).update(
                voided_at=chance.choice([NOON, None])
            )
        elif choice == 3:
            clicks = [
                click(chance.choice(links), at=day, visitor=f"{chance.randrange(3)}") for _click in range(5)
            ]
            store_clicks(clicks + clicks[:2])
        else:
            record(owner, report(chance.choice(Kind.values), at=day, channel=chance.choice(Channel.values)))

    with ThreadPoolExecutor(6) as writers:
        list(writers.map(work, range(6)))
    for each in organizations:
        assert miscounted_days(organization=each) == 0
    assert ClickDay.objects.aggregate(total=Sum("visits") + Sum("repeats"))["total"] == Click.objects.count()
