"""The goals page's first figures, read in one query, are those that the return and the credits have row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from monitoring.conversions.models import (
    Assumptions,
    Channel,
    ClickDay,
    CreditDay,
    CreditModel,
    Kind,
    OwnRate,
    ReferenceRate,
    Spend,
    TimeSpent,
    TrackedLink,
    VisitDay,
)
from monitoring.conversions.models.channels import is_social
from monitoring.conversions.selectors.credits import CreditedTo, credits_by
from monitoring.conversions.selectors.earned import Earned, read_earned
from monitoring.conversions.selectors.returns import find_assumptions, read_return
from monitoring.conversions.services.links import create_link
from monitoring.lib.periods import Period
from monitoring.platforms.models import ConnectedAccount, Spending

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
PERIOD = Period(FIRST, LAST, ZoneInfo("Europe/Berlin"))
NOW = datetime(2026, 6, 28, 10, tzinfo=UTC)
DAYS = st.dates(FIRST - timedelta(days=3), date(2026, 6, 28))
CHANNELS = st.sampled_from(["", Channel.INSTAGRAM, Channel.X, Channel.FRIEND])
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "ISK", ""])  # nobody publishes a rate of the fourth
KINDS = st.sampled_from([Kind.ORDER, Kind.LEAD, Kind.VISIT, "workshop"])
MODELS = st.sampled_from([CreditModel.LAST, CreditModel.SAID, CreditModel.LINEAR])
AMOUNTS = st.decimals(-5000, 5000, places=4)
TOO_LITTLE = Decimal("0.00000001")  # to be seen: each row of the return is rounded to ten decimals


def earn(organization: Organization, kind: str = Kind.ORDER) -> Earned:
    return read_earned(
        organization=organization,
        period=PERIOD,
        kind=kind,
        now=NOW,
        assumptions=find_assumptions(organization=organization),
    )


def credit(organization: Organization, **facts: Any) -> None:
    cell: dict[str, Any] = {
        "day": FIRST,
        "model": CreditModel.LAST,
        "kind": Kind.ORDER,
        "currency": "EUR",
    } | facts
    number, amount = cell.pop("number", Decimal(1)), cell.pop("amount", Decimal(0))
    CreditDay.objects.update_or_create(
        organization_id=organization.pk,
        campaign_id=0,
        link_id=0,
        defaults={"number": number, "amount": amount},
        **cell,
    )


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    currency=st.sampled_from(["EUR", "USD"]),
    kind=KINDS,
    credits=st.lists(st.tuples(DAYS, MODELS, KINDS, CURRENCIES, CHANNELS, AMOUNTS), max_size=30),
    spendings=st.lists(st.tuples(DAYS, st.integers(0, 9), CHANNELS, CURRENCIES, AMOUNTS), max_size=8),
    times=st.lists(st.tuples(DAYS, CHANNELS, st.integers(1, 600)), max_size=8),
    own=st.booleans(),
)
@example(
    currency="EUR",
    kind=Kind.LEAD,
    credits=[(FIRST, CreditModel.SAID, Kind.LEAD, "USD", Channel.X, Decimal(70))],
    spendings=[],
    times=[],
    own=False,
)
def test_the_totals_are_those_of_the_return(
    organization: Organization,
    currency: str,
    kind: str,
    credits: list[tuple[date, str, str, str, str, Decimal]],
    spendings: list[tuple[date, int, str, str, Decimal]],
    times: list[tuple[date, str, int]],
    own: bool,
) -> None:
    for table in (CreditDay, Spend, TimeSpent, ReferenceRate, OwnRate, Assumptions):
        table.objects.all().delete()
    organization.currency = currency
    Assumptions.objects.create(organization=organization, margin=Decimal("37.5"), hourly_rate=Decimal(23))
    for paid_in, per_euro in (("USD", "1.0731"), ("JPY", "163.07")):
        day = FIRST - timedelta(days=5)
        ReferenceRate.objects.create(currency=paid_in, day=day, per_euro=Decimal(per_euro))
    if own:
        OwnRate.objects.create(organization=organization, currency="JPY", day=FIRST, per_euro=Decimal(170))
    names = ("day", "model", "kind", "currency", "channel", "amount")
    for facts in credits:
        credit(organization, **dict(zip(names, facts, strict=True)))
    for place, (day, more, channel, paid_in, amount) in enumerate(spendings):
        Spend.objects.create(
            organization=organization,
            first_day=day,
            last_day=day + timedelta(days=more),
            channel=channel,
            currency=paid_in or "EUR",
            amount_a_day=abs(amount),
            idempotency_key=f"spend {place}",
        )
    for day, channel, minutes in times:
        TimeSpent.objects.create(organization=organization, day=day, channel=channel, minutes=minutes)

    found = earn(organization, kind)

    total = read_return(organization=organization, period=PERIOD, now=NOW).total
    assert found.currency == currency
    for term in ("orders", "minutes", "margin", "hourly_rate"):
        assert getattr(found.total, term) == getattr(total, term)
    for term in ("sales", "ad_spend", "api_cost"):
        assert abs(getattr(found.total, term) - getattr(total, term)) < TOO_LITTLE, term
    assert (found.total.sales_said is None) == (total.sales_said is None)
    said, really_said = (terms.sales_said or Decimal(0) for terms in (found.total, total))
    assert abs(said - really_said) < TOO_LITTLE
    rows = credits_by(
        organization=organization, period=PERIOD, model=CreditModel.LAST, by=CreditedTo.CHANNEL, kind=kind
    )
    assert found.led_to == sum(row.number for row in rows if is_social(str(row.key)))


def test_visits_are_those_of_social_medias_links_and_tags(
    organization: Organization, strangers_organization: Organization, link: TrackedLink
) -> None:
    flyer = create_link(
        organization=organization, target="https://example.com", label="Flyer", channel=Channel.PRINT
    )
    for day, followed, visits in ((FIRST, link, 3), (LAST, link, 5), (FIRST, flyer, 100)):
        ClickDay.objects.create(
            organization_id=organization.pk, day=day, link_id=followed.pk, visits=visits, repeats=9, bots=9
        )
    for owner, channel, visits in (
        (organization, Channel.X, 40),
        (organization, Channel.MAIL, 200),
        (strangers_organization, Channel.X, 400),
    ):
        VisitDay.objects.create(
            organization_id=owner.pk, day=FIRST, channel=channel, campaign_id=0, visits=visits
        )

    # Of the last day, which is still to come, nothing is told yet.
    assert earn(organization).visits == 43


def test_what_paid_platforms_cost_is_among_the_terms(organization: Organization) -> None:
    ReferenceRate.objects.create(currency="USD", day=FIRST, per_euro=Decimal(2))
    account = ConnectedAccount.objects.create(organization=organization, platform="x", handle="halden")
    Spending.objects.create(
        organization=organization, account=account, platform="x", month=FIRST, amount=Decimal(56)
    )

    assert earn(organization).total.api_cost == 28


def test_another_organizations_figures_are_not_ours(
    organization: Organization, strangers_organization: Organization
) -> None:
    credit(strangers_organization, channel=Channel.X, amount=Decimal(100))
    TimeSpent.objects.create(organization=strangers_organization, day=FIRST, minutes=7)

    found = earn(organization)

    assert found.total.is_empty
    assert found.led_to == 0


def test_it_takes_one_query(
    organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    credit(organization, channel=Channel.X, currency="USD", amount=Decimal(100))
    assumptions = find_assumptions(organization=organization)

    with django_assert_num_queries(1):
        read_earned(
            organization=organization, period=PERIOD, kind=Kind.ORDER, now=NOW, assumptions=assumptions
        )
