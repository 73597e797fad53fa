"""The return: every term by hand, and whatever happens, the rows of each list add up to the total."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.conversions.models import (
    Assumptions,
    Campaign,
    Channel,
    CreditDay,
    CreditModel,
    Kind,
    OwnRate,
    ReferenceRate,
    Spend,
    TimeSpent,
    TrackedLink,
)
from monitoring.conversions.selectors.returns import Return, Row, read_return
from monitoring.lib.periods import Period
from monitoring.platforms.models import ConnectedAccount, Spending

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
PERIOD = Period(FIRST, LAST, ZoneInfo("Europe/Berlin"))
LATER = datetime(2026, 7, 20, 10, tzinfo=UTC)


def credit(
    organization: Organization,
    amount: str,
    *,
    channel: str = Channel.INSTAGRAM,
    model: str = CreditModel.LAST,
    currency: str = "EUR",
    day: date = FIRST,
    kind: str = Kind.ORDER,
    campaign: int = 0,
    link: int = 0,
) -> None:
    CreditDay.objects.create(
        organization_id=organization.pk,
        day=day,
        model=model,
        kind=kind,
        currency=currency,
        channel=channel,
        campaign_id=campaign,
        link_id=link,
        number=1,
        amount=Decimal(amount),
    )


def spend(organization: Organization, a_day: str, **facts: object) -> Spend:
    return Spend.objects.create(
        **{
            "organization": organization,
            "first_day": FIRST,
            "last_day": FIRST,
            "amount_a_day": Decimal(a_day),
            "currency": "EUR",
            "idempotency_key": f"spend-{Spend.objects.count()}",
            **facts,
        }
    )


def assume(organization: Organization, *, margin: str | None = None, rate: str | None = None) -> None:
    Assumptions.objects.update_or_create(
        organization=organization,
        defaults={
            "margin": None if margin is None else Decimal(margin),
            "hourly_rate": None if rate is None else Decimal(rate),
        },
    )


def publish(currency: str, day: date, per_euro: str) -> None:
    ReferenceRate.objects.create(currency=currency, day=day, per_euro=Decimal(per_euro))


def figures(*values: object) -> tuple[object, ...]:
    """Beside each other, to be compared with plain numbers."""
    return values


def read(organization: Organization) -> Return:
    return read_return(organization=organization, period=PERIOD, now=LATER)


def keys(rows: list[Row]) -> list[str | int]:
    return [row.key for row in rows]


def test_the_return_is_what_is_left_of_the_sales_over_what_it_took(organization: Organization) -> None:
    assume(organization, margin="40", rate="30")
    credit(organization, "1000")
    spend(organization, "10", last_day=FIRST + timedelta(days=9))
    TimeSpent.objects.create(organization=organization, day=FIRST, minutes=120)

    total = read(organization).total

    assert figures(total.sales, total.ad_spend, total.staff, total.cost) == (1000, 100, 60, 160)
    assert total.earned_low == 400
    assert total.return_low == total.return_high == Decimal("1.5")
    assert not total.is_range


def test_without_a_margin_no_return_is_claimed(organization: Organization) -> None:
    credit(organization, "1000")
    spend(organization, "10")

    found = read(organization)

    assert found.total.sales == 1000
    assert found.total.return_low is None
    assert not found.claims_return


def test_without_cost_there_is_no_return(organization: Organization) -> None:
    assume(organization, margin="40")
    credit(organization, "1000")

    assert read(organization).total.return_low is None


def test_what_customers_say_makes_it_a_range(organization: Organization) -> None:
    assume(organization, margin="50")
    spend(organization, "100")
    credit(organization, "300")
    credit(organization, "500", model=CreditModel.SAID, channel=Channel.TIKTOK)
    credit(organization, "900", model=CreditModel.SAID, channel=Channel.FRIEND)

    total = read(organization).total

    assert figures(total.sales_low, total.sales_high) == (300, 500)
    assert (total.return_low, total.return_high) == (Decimal("0.5"), Decimal("1.5"))


def test_where_nobody_was_asked_there_is_no_range(organization: Organization) -> None:
    credit(organization, "300")
    credit(organization, "300", model=CreditModel.SAID, channel="")

    total = read(organization).total

    assert total.sales_said is None
    assert not total.is_range


def test_only_social_media_earns_and_costs_here(organization: Organization) -> None:
    credit(organization, "10", channel="")
    credit(organization, "20", channel=Channel.GOOGLE)
    credit(organization, "40", channel=Channel.X)
    spend(organization, "3", channel=Channel.PRINT)
    spend(organization, "5", channel=Channel.X)
    TimeSpent.objects.create(organization=organization, day=FIRST, minutes=7, channel=Channel.PRINT)

    found = read(organization)

    assert figures(found.unattributed, found.other_channels, found.total.sales) == (10, 20, 40)
    assert figures(found.spend_elsewhere, found.total.ad_spend) == (3, 5)
    assert (found.minutes_elsewhere, found.total.minutes) == (7, 0)
    assert keys(found.by_platform) == ["x"]


def test_leads_are_no_sales(organization: Organization) -> None:
    credit(organization, "500", kind=Kind.LEAD)
    credit(organization, "60", kind=Kind.BOOKING)
    credit(organization, "7", kind="workshop")

    assert read(organization).total.sales == 67


def test_each_day_is_converted_at_its_own_rate(organization: Organization) -> None:
    publish("USD", date(2026, 5, 29), "1.25")  # a Friday: holds until Monday, the first of June
    publish("USD", date(2026, 6, 2), "2")
    credit(organization, "100", currency="USD", day=FIRST)
    credit(organization, "100", currency="USD", day=date(2026, 6, 2))

    found = read(organization)

    assert found.total.sales == 80 + 50
    [rate] = found.rates
    assert (rate.currency, rate.first_day, rate.last_day) == ("USD", date(2026, 5, 29), date(2026, 6, 2))
    assert not rate.is_own


def test_spend_in_another_currency_is_converted_day_by_day(organization: Organization) -> None:
    publish("USD", FIRST, "1.25")
    publish("USD", date(2026, 6, 2), "2")
    spend(organization, "10", currency="USD", last_day=date(2026, 6, 3))

    assert read(organization).total.ad_spend == 8 + 5 + 5


def test_an_own_rate_wins_from_its_day_on(organization: Organization) -> None:
    publish("USD", FIRST, "1.25")
    OwnRate.objects.create(organization=organization, currency="USD", day=FIRST, per_euro=Decimal(4))
    credit(organization, "100", currency="USD", day=LAST)

    found = read(organization)

    assert found.total.sales == 25
    assert found.rates[0].is_own


def test_money_without_a_rate_is_left_out_and_said(organization: Organization) -> None:
    credit(organization, "100", currency="KWD")
    credit(organization, "100", currency="KWD", model=CreditModel.SAID)
    credit(organization, "5")

    found = read(organization)

    assert found.total.sales == 5
    assert [(each.currency, each.amount) for each in found.left_out] == [("KWD", Decimal(100))]


def test_asking_a_paid_platform_is_spread_over_its_month(organization: Organization) -> None:
    publish("USD", date(2026, 5, 31), "2")
    account = ConnectedAccount.objects.create(organization=organization, platform="x", handle="halden")
    Spending.objects.create(
        organization=organization, account=account, platform="x", month=FIRST, amount=Decimal(60)
    )
    half = Period(FIRST, date(2026, 6, 15), PERIOD.zone)

    assert read(organization).total.api_cost == 30
    assert read_return(organization=organization, period=half, now=LATER).total.api_cost == 15
    assert keys(read(organization).by_platform) == ["x"]


def test_the_cost_of_a_running_month_belongs_to_the_days_that_are_over(organization: Organization) -> None:
    organization.currency = "USD"
    organization.save()
    account = ConnectedAccount.objects.create(organization=organization, platform="lemmy", handle="halden")
    Spending.objects.create(
        organization=organization, account=account, platform="lemmy", month=FIRST, amount=Decimal(60)
    )

    found = read_return(organization=organization, period=PERIOD, now=datetime(2026, 6, 10, 10, tzinfo=UTC))

    assert found.total.api_cost == 60
    assert found.last == date(2026, 6, 10)
    assert keys(found.by_platform) == [Channel.OTHER_SOCIAL]


def test_days_to_come_cost_nothing_yet(organization: Organization) -> None:
    spend(organization, "10", last_day=LAST)

    found = read_return(organization=organization, period=PERIOD, now=datetime(2026, 6, 10, 10, tzinfo=UTC))

    assert found.total.ad_spend == 100


def test_a_period_that_has_not_begun_has_nothing(organization: Organization) -> None:
    spend(organization, "10", first_day=date(2026, 5, 1), last_day=LAST)

    found = read_return(organization=organization, period=PERIOD, now=datetime(2026, 5, 10, 10, tzinfo=UTC))

    assert found.total.is_empty


def test_another_organizations_money_is_not_ours(
    organization: Organization, strangers_organization: Organization
) -> None:
    credit(strangers_organization, "100")
    spend(strangers_organization, "10")
    assume(strangers_organization, margin="40")

    found = read(organization)

    assert found.total.is_empty
    assert found.total.margin is None


CHANNELS = st.sampled_from(["", Channel.INSTAGRAM, Channel.X, Channel.FRIEND, Channel.PRINT])
AMOUNTS = st.decimals(-5000, 5000, places=4)
COSTS = st.decimals(0, 500, places=4)
CURRENCIES = st.sampled_from(
    ["EUR", "USD", "JPY", "KWD", "ISK"]
)  # nobody publishes a rate of the last one here
DAYS = st.dates(FIRST - timedelta(days=3), LAST + timedelta(days=3))
PLACES = st.integers(0, 2)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    credits=st.lists(st.tuples(DAYS, CHANNELS, CURRENCIES, AMOUNTS, PLACES, PLACES), max_size=30),
    spendings=st.lists(st.tuples(DAYS, DAYS, CHANNELS, CURRENCIES, COSTS, PLACES), max_size=12),
    times=st.lists(st.tuples(DAYS, CHANNELS, st.integers(1, 600), PLACES), max_size=12),
)
def test_the_rows_of_each_list_add_up_to_the_total(
    organization: Organization,
    credits: list[tuple[date, str, str, Decimal, int, int]],
    spendings: list[tuple[date, date, str, str, Decimal, int]],
    times: list[tuple[date, str, int, int]],
) -> None:
    for table in (CreditDay, Spend, TimeSpent, TrackedLink, Campaign, ReferenceRate):
        table.objects.all().delete()
    for currency, per_euro in (("USD", "1.0731"), ("JPY", "163.07"), ("KWD", "0.331")):
        publish(currency, FIRST - timedelta(days=5), per_euro)
    assume(organization, margin="37.5", rate="23.33")
    campaigns = [None, *(_campaign(organization, name) for name in ("spring", "autumn"))]
    cells: dict[tuple[date, str, str, str, int], Decimal] = {}
    for day, channel, currency, amount, place, model in credits:
        campaign = campaigns[place]
        cell = (day, ("last", "said", "linear")[model], currency, channel, campaign.pk if campaign else 0)
        cells[cell] = cells.get(cell, Decimal(0)) + amount
    for (day, model_name, currency, channel, campaign_id), amount in cells.items():
        credit(
            organization,
            str(amount),
            day=day,
            model=model_name,
            currency=currency,
            channel=channel,
            campaign=campaign_id,
        )
    for first, last, channel, currency, amount, place in spendings:
        spend(
            organization,
            str(amount),
            first_day=min(first, last),
            last_day=max(first, last),
            channel=channel,
            currency=currency,
            campaign=campaigns[place],
        )
    for day, channel, minutes, place in times:
        TimeSpent.objects.create(
            organization=organization, day=day, channel=channel, minutes=minutes, campaign=campaigns[place]
        )

    found = read(organization)

    for rows in (found.by_platform, found.by_campaign, found.by_post):
        for term in ("orders", "sales", "ad_spend", "minutes", "api_cost"):
            assert sum(getattr(row.terms, term) for row in rows) == getattr(found.total, term)
    if found.total.sales_said is not None:
        assert sum(row.terms.sales_said or 0 for row in found.by_platform) == found.total.sales_said


def _campaign(organization: Organization, name: str) -> Campaign:
    return Campaign.objects.create(organization=organization, name=name, slug=name, starts_on=FIRST)


def test_it_is_read_in_few_queries(organization: Organization) -> None:
    for number in range(5):
        campaign = _campaign(organization, f"c{number}")
        credit(organization, "10", campaign=campaign.pk, currency="USD")
        spend(organization, "10", campaign=campaign)

    with CaptureQueriesContext(connection) as queries:
        found = read(organization)

    assert found.total.orders
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        assert len(found.by_campaign) == 5

    assert len(queries) == 1
