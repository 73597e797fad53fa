"""Whatever happened, every model's credits add up to the conversions of the day, to the cent."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F, Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Organization
from accounts.services.organizations import update_organization
from monitoring.conversions.crediting.days import (
    compute_days,
    credit_due_days,
    credit_some_days,
    miscredited_days,
)
from monitoring.conversions.models import (
    Assumptions,
    Campaign,
    Channel,
    Conversion,
    ConversionDay,
    CreditDay,
    CreditDue,
    CreditModel,
    Kind,
    Origin,
    Touch,
)
from monitoring.conversions.rollups import rebuild_conversion_days
from monitoring.conversions.selectors.ledger import NOT_KNOWN, LedgerFilter, filter_entries
from monitoring.conversions.services.recording import (
    Report,
    record_conversion,
    restore_conversion,
    void_conversion,
)
from monitoring.conversions.services.refunding import Refund, record_refund
from monitoring.lib.money import decimals_of
from tests.conversions.conftest import NOON, record, report
from tests.conversions.crediting.naive_credits import kept_credits, naive_credits

CURRENCIES = ("EUR", "JPY", "KWD")
DAY = NOON.date()
CHANNELS = ("instagram", "facebook", "mail", "")


def touch(
    conversion: Conversion, channel: str, *, days: float = 1, campaign: Campaign | None = None
) -> Touch:
    return Touch.objects.create(
        organization_id=conversion.organization_id,
        conversion=conversion,
        key=f"visit:{Touch.objects.count()}",
        found=Touch.Found.VISIT,
        occurred_at=conversion.occurred_at - timedelta(days=days),
        channel=channel,
        campaign=campaign,
    )


def credit(organization: Organization) -> None:
    credit_due_days(seconds=30)
    assert not CreditDue.objects.filter(organization_id=organization.pk).exists()


def credited(organization: Organization, model: str, day: date = DAY) -> dict[str, Decimal]:
    rows = CreditDay.objects.filter(organization_id=organization.pk, model=model, day=day)
    return dict(rows.values_list("channel").annotate(Sum("amount")))


@pytest.mark.django_db
def test_each_model_answers_in_its_own_way(organization: Organization) -> None:
    order = record(organization, report(amount="10", channel=Channel.FRIEND))
    touch(order, Channel.INSTAGRAM, days=14)
    touch(order, Channel.FACEBOOK, days=7)
    touch(order, Channel.MAIL, days=0)
    credit(organization)
    assert credited(organization, CreditModel.FIRST) == {"instagram": 10}
    assert credited(organization, CreditModel.LAST) == {"mail": 10}
    assert credited(organization, CreditModel.LINEAR) == {
        "instagram": Decimal("3.33"),
        "facebook": Decimal("3.34"),
        "mail": Decimal("3.33"),
    }
    assert credited(organization, CreditModel.DECAY) == {
        "instagram": Decimal("1.43"),
        "facebook": Decimal("2.86"),
        "mail": Decimal("5.71"),
    }
    assert credited(organization, CreditModel.SAID) == {"friend": 10}


@pytest.mark.django_db
def test_what_nobody_is_credited_with_is_shown_as_such(organization: Organization) -> None:
    order = record(organization, report(amount="10"))
    touch(order, Channel.INSTAGRAM, days=31)
    credit(organization)
    rows = CreditDay.objects.values_list("model", "channel", "campaign_id", "link_id", "number", "amount")
    whole = ("", 0, 0, Decimal(1), Decimal(10))
    assert sorted(rows) == sorted((model, *whole) for model in CreditModel.values)


@pytest.mark.django_db
def test_a_refund_takes_back_the_same_parts_on_its_own_day(organization: Organization) -> None:
    order = record(organization, report(amount="0.05"))
    for number in range(3):
        touch(order, CHANNELS[number], days=number)
    refund = Refund(idempotency_key="r", occurred_at=NOON + timedelta(days=40), cancels=True)
    record_refund(conversion=order, refund=refund)
    credit(organization)
    for model in CreditModel.values:
        sold = credited(organization, model)
        assert sum(sold.values()) == Decimal("0.05")
        back = credited(organization, model, NOON.date() + timedelta(days=40))
        assert back == {channel: -amount for channel, amount in sold.items()}


@pytest.mark.django_db
def test_one_yen_goes_to_one_touch(organization: Organization) -> None:
    order = record(organization, report(amount="1", currency="JPY"))
    for channel in CHANNELS[:3]:
        touch(order, channel)
    credit(organization)
    assert sorted(credited(organization, CreditModel.LINEAR).values()) == [0, 0, 1]


@pytest.mark.django_db
def test_more_decimals_than_the_currency_has_are_not_lost(organization: Organization) -> None:
    order = record(organization, report(amount="1", currency="JPY"))
    Conversion.objects.filter(pk=order.pk).update(amount=Decimal("1.0001"))
    touch(order, Channel.MAIL)
    touch(order, Channel.X)
    credit(organization)
    assert sum(credited(organization, CreditModel.LINEAR).values()) == Decimal("1.0001")


@pytest.mark.django_db
def test_another_window_or_half_life_credits_everything_anew(organization: Organization) -> None:
    order = record(organization, report(amount="10"))
    touch(order, Channel.INSTAGRAM, days=20)
    touch(order, Channel.MAIL, days=10)
    credit(organization)
    said = Assumptions.objects.create(organization=organization, window_days=15)
    credit(organization)
    assert credited(organization, CreditModel.FIRST) == {"mail": 10}
    said.window_days, said.half_life_days = 30, 10
    said.save()
    credit(organization)
    assert credited(organization, CreditModel.DECAY) == {
        "instagram": Decimal("3.33"),
        "mail": Decimal("6.67"),
    }
    said.margin = Decimal(30)
    said.save()
    assert not CreditDue.objects.exists()


@pytest.mark.django_db
def test_another_time_zone_moves_the_credits(organization: Organization) -> None:
    order = record(organization, report(at=datetime(2026, 6, 10, 22, 1, tzinfo=UTC), amount="7"))
    touch(order, Channel.MAIL)
    credit(organization)
    assert credited(organization, CreditModel.LAST, date(2026, 6, 11)) == {"mail": 7}
    update_organization(organization=organization, changes={"time_zone": "America/New_York"})
    rebuild_conversion_days(organization=organization)
    credit(organization)
    assert credited(organization, CreditModel.LAST, date(2026, 6, 11)) == {}
    assert credited(organization, CreditModel.LAST, date(2026, 6, 10)) == {"mail": 7}
    assert miscredited_days(organization_id=organization.pk) == 0


@pytest.mark.django_db
def test_a_wrong_credit_is_noticed(organization: Organization) -> None:
    record(organization, report(amount="7"))
    credit(organization)
    assert miscredited_days(organization_id=organization.pk) == 0
    CreditDay.objects.filter(model=CreditModel.LINEAR).update(amount=F("amount") + 1)
    assert miscredited_days(organization_id=organization.pk) == 3


@pytest.mark.django_db
def test_credits_go_with_their_organization(
    organization: Organization, strangers_organization: Organization
) -> None:
    for each in (organization, strangers_organization):
        record(each, report(amount="7"))
        credit(each)
    kept, gone = strangers_organization.pk, organization.pk
    organization.delete()
    assert set(CreditDay.objects.values_list("organization_id", flat=True)) == {kept}
    compute_days(organization_id=gone, days=[DAY])
    assert not CreditDay.objects.filter(organization_id=gone).exists()
    assert miscredited_days(organization_id=gone) == 0
    CreditDay.objects.update(organization_id=gone)
    assert miscredited_days(organization_id=gone) == 1


@pytest.mark.django_db
def test_the_newest_days_come_first_and_each_once(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring.conversions.crediting.days.ENTRIES_A_BATCH", 2)
    for number in range(5):
        record(organization, report(at=NOON - timedelta(days=number)))
    assert credit_some_days(organization_id=organization.pk) == 2
    assert set(CreditDay.objects.values_list("day", flat=True)) == {
        NOON.date(),
        NOON.date() - timedelta(days=1),
    }
    assert credit_due_days(seconds=30) == 3
    assert credit_due_days(seconds=30) == 0


@pytest.mark.django_db
def test_another_organizations_credits_are_left_alone(
    organization: Organization, strangers_organization: Organization
) -> None:
    touch(record(organization, report(amount="7")), Channel.MAIL)
    touch(record(strangers_organization, report(amount="9", currency="USD")), Channel.X)
    credit(organization)
    assert credited(organization, CreditModel.LAST) == {"mail": 7}
    assert credited(strangers_organization, CreditModel.LAST) == {"x": 9}


class RandomHistories(TestCase):
    """Orders with up to 14 touches in three currencies, refunds later, voiding, late touches, other assumptions."""

    @settings(max_examples=25, deadline=None)
    @given(seed=st.integers(0, 2**32), steps=st.integers(1, 14))
    def test_add_up_and_equal_the_naive_ones(self, seed: int, steps: int) -> None:
        history = History(random.Random(seed))
        for step in range(steps):
            history.act()
            if step % 4 == 0:
                credit_due_days(seconds=30)
        credit(history.organization)
        history.check()


class History:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        zone = chance.choice(["Europe/Berlin", "America/St_Johns", "Asia/Tokyo"])
        self.organization = Organization.objects.create(
            name="Halden", slug="halden-credits", time_zone=zone, currency="EUR"
        )
        self.campaign = Campaign.objects.create(
            organization=self.organization, name="Spring", slug="spring", starts_on=NOON.date()
        )
        self.keys = 0

    def act(self) -> None:
        actions = [self.sell] * 5 + [self.give_back] * 3 + [self.touch, self.void, self.assume, self.relocate]
        self.chance.choice(actions)()

    def sell(self) -> None:
        currency = self.chance.choice(CURRENCIES)
        units = self.chance.choice([1, 2, 7, 100, self.chance.randrange(10**7)])
        order = record_conversion(
            organization=self.organization,
            report=Report(
                kind=self.chance.choice([Kind.ORDER, Kind.BOOKING]),
                origin=Origin.API,
                idempotency_key=self.key(),
                occurred_at=self.moment(),
                amount=Decimal(units).scaleb(-decimals_of(currency)),
                currency=currency,
                heard_of_us_from=self.chance.choice(CHANNELS),
            ),
        ).conversion
        for _touch in range(self.chance.choice([0, 1, 10, 12, 14])):
            self.add_touch(order)

    def give_back(self) -> None:
        order = self.any_order()
        if order and order.amount:
            amount = order.amount if self.chance.random() < 0.3 else self.some_of(order)
            refund = Refund(
                idempotency_key=self.key(),
                occurred_at=order.occurred_at + timedelta(days=self.chance.randrange(60)),
                amount=amount,
                cancels=self.chance.random() < 0.4,
            )
            record_refund(conversion=order, refund=refund)

    def some_of(self, order: Conversion) -> Decimal:
        decimals = decimals_of(order.currency)
        units = int((order.amount or Decimal(0)).scaleb(decimals))
        return Decimal(self.chance.randint(1, max(1, units))).scaleb(-decimals)

    def touch(self) -> None:
        order = self.any_order()
        if order:
            self.add_touch(order)

    def add_touch(self, order: Conversion) -> None:
        touch(
            order,
            self.chance.choice(CHANNELS),
            days=self.chance.randrange(-3600, 40 * 24 * 3600) / (24 * 3600),
            campaign=self.chance.choice([None, self.campaign]),
        )

    def void(self) -> None:
        order = self.any_order()
        if order:
            (restore_conversion if order.voided_at else void_conversion)(conversion=order)

    def assume(self) -> None:
        Assumptions.objects.update_or_create(
            organization=self.organization,
            defaults={
                "window_days": self.chance.choice([1, 7, 30, 365]),
                "half_life_days": self.chance.choice([1, 7, 90]),
            },
        )

    def relocate(self) -> None:
        update_organization(
            organization=self.organization,
            changes={"time_zone": self.chance.choice(["Europe/Berlin", "Pacific/Auckland"])},
        )
        rebuild_conversion_days(organization=self.organization)

    def assumptions(self) -> Assumptions:
        said = Assumptions.objects.filter(organization=self.organization).first()
        return said or Assumptions(organization=self.organization)

    def any_order(self) -> Conversion | None:
        orders = list(Conversion.objects.filter(reverses=None).order_by("pk"))
        return self.chance.choice(orders) if orders else None

    def moment(self) -> datetime:
        return NOON + timedelta(seconds=self.chance.randrange(5 * 24 * 3600))

    def key(self) -> str:
        self.keys += 1
        return f"key {self.keys}"

    def check(self) -> None:
        kept = kept_credits(self.organization)
        assert kept == naive_credits(self.organization)
        assert miscredited_days(organization_id=self.organization.pk) == 0
        conversions: dict[tuple[date, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
        for row in ConversionDay.objects.all():
            sums = conversions[row.day, row.kind, row.currency]
            conversions[row.day, row.kind, row.currency] = [sums[0] + row.number, sums[1] + row.amount]
        for model in CreditModel.values:
            left = {place: list(sums) for place, sums in conversions.items()}
            for (day, of, kind, currency, *_target), (number, amount) in kept.items():
                if of == model:
                    left[day, kind, currency][0] -= number
                    left[day, kind, currency][1] -= amount
            assert all(sums == [0, 0] for sums in left.values())
        for channel in CHANNELS:
            assert self.listed(channel) == self.kept_by_last_touch(channel)

    def listed(self, channel: str) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
        """What the list of conversions shows for a channel's last touches, added up."""
        wanted = LedgerFilter(touched=(channel or NOT_KNOWN,), voided=False)
        sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
        for entry in filter_entries(organization=self.organization, wanted=wanted):
            key = entry.kind, entry.currency
            number, amount = sums.get(key, (Decimal(0), Decimal(0)))
            sums[key] = number + entry.number, amount + (entry.amount or 0)
        return {key: both for key, both in sums.items() if any(both)}

    def kept_by_last_touch(self, channel: str) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
        days = CreditDay.objects.filter(
            organization_id=self.organization.pk, model=CreditModel.LAST, channel=channel
        )
        sums = days.values_list("kind", "currency").annotate(Sum("number"), Sum("amount"))
        return {(kind, currency): both for kind, currency, *both_ in sums if any(both := tuple(both_))}
