"""What lies behind a figure of credit: its entries with their parts, which add up to exactly that figure."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Organization
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.models import Conversion, CreditDay, CreditModel, Touch
from monitoring.conversions.selectors.credited_parts import (
    every_share,
    is_credited_anew,
    page_of_shares,
    sum_credited,
)
from monitoring.conversions.selectors.ledger import PAGE_SIZE
from monitoring.conversions.selectors.parts import CreditedPart, Share
from monitoring.conversions.services.refunding import Refund, record_refund
from monitoring.lib.periods import Period
from tests.conversions.conftest import NOON, record, report
from tests.conversions.crediting.naive_credits import Target, divide
from tests.conversions.crediting.test_days import CHANNELS, History, credit, touch

Divided = tuple[Conversion, list[tuple[str, Target, Decimal, Decimal]]]
SUMMER = Period(date(2026, 6, 1), date(2026, 8, 31), ZoneInfo("Europe/Berlin"))


class RandomHistories(TestCase):
    """Those of the credits: touches, refunds, voiding, three currencies, other windows, zones and half-lives."""

    @settings(max_examples=20, deadline=None)
    @given(seed=st.integers(0, 2**32), steps=st.integers(1, 14))
    def test_lists_add_up_to_each_figure_and_have_exactly_its_entries(self, seed: int, steps: int) -> None:
        chance = random.Random(seed)
        history = History(chance)
        for _step in range(steps):
            history.act()
        credit(history.organization)
        history.organization.refresh_from_db()
        divided = divide_by_hand(history)
        for model in CreditModel:
            part = CreditedPart(period=period_of(history), model=model)
            self.check(history, part, divided)
            for channel in CHANNELS:
                self.check(history, replace(part, channels=(channel,)), divided)
            for campaign in (0, history.campaign.pk):
                self.check(history, replace(part, campaign=campaign), divided)
            self.check(
                history,
                replace(
                    part,
                    kinds=("order",),
                    channels=("mail", "facebook"),
                    campaign=chance.choice([None, 0, history.campaign.pk]),
                ),
                divided,
            )

    def check(self, history: History, part: CreditedPart, divided: list[Divided]) -> None:
        shares = list(every_share(organization=history.organization, part=part))
        shown = sum_credited(organization=history.organization, part=part)
        assert sum((share.number for share in shares), Decimal(0)) == shown.number
        assert sums_of(shares) == shown.amounts
        assert {share.entry.pk: (share.number, share.amount) for share in shares} == naive(part, divided)


def period_of(history: History) -> Period:
    return replace(SUMMER, zone=ZoneInfo(history.organization.time_zone))


def sums_of(shares: Iterable[Share]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for share in shares:
        sums[share.entry.currency] += share.amount
    return {currency: amount for currency, amount in sums.items() if amount}


def divide_by_hand(history: History) -> list[Divided]:
    """Every entry that counts, with everybody's part of it by each model."""
    assumed = history.assumptions()
    entries = Conversion.objects.filter(organization=history.organization, voided_at=None)
    entries = entries.select_related("reverses").prefetch_related("touches", "reverses__touches")
    return [(entry, list(divide(entry, assumed))) for entry in entries]


def naive(part: CreditedPart, divided: list[Divided]) -> dict[int, tuple[Decimal, Decimal]]:
    """What of each entry is the part's."""
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for entry, parts in divided:
        if part.kinds and entry.kind not in part.kinds:
            continue
        for model, (channel, campaign, _link), number, amount in parts:
            is_theirs = (not part.channels or channel in part.channels) and part.campaign in (None, campaign)
            if model == part.model and is_theirs:
                before = found.get(entry.pk, (Decimal(0), Decimal(0)))
                found[entry.pk] = before[0] + number, before[1] + amount
    return found


@pytest.mark.django_db
def test_what_cancels_itself_out_is_listed_too(organization: Organization) -> None:
    order = record(organization, report(amount="10"))
    touch(order, "mail")
    touch(order, "x")
    refund = Refund(idempotency_key="r", occurred_at=NOON + timedelta(hours=1), cancels=True)
    record_refund(conversion=order, refund=refund)
    credit(organization)
    part = CreditedPart(period=SUMMER, model=CreditModel.LINEAR, channels=("mail",))
    shares = page_of_shares(organization=organization, part=part).shares
    assert [(share.part, share.theirs, share.touches) for share in shares] == [(Decimal("0.5"), 1, 2)] * 2
    assert [share.number for share in shares] == [Decimal("-0.5"), Decimal("0.5")]
    assert [share.amount for share in shares] == [-5, 5]
    assert sum_credited(organization=organization, part=part).number == 0


@pytest.mark.django_db
def test_pages_follow_each_other_both_ways(organization: Organization) -> None:
    for number in range(2 * PAGE_SIZE + 3):
        order = record(organization, report(at=NOON + timedelta(hours=7 * number)))
        touch(order, "mail" if number % 5 else "x")
    credit(organization)
    part = CreditedPart(period=SUMMER, model=CreditModel.DECAY, channels=("mail",))
    every = [share.entry.pk for share in every_share(organization=organization, part=part)]
    assert every == sorted(every, reverse=True)
    assert len(every) > PAGE_SIZE
    first = page_of_shares(organization=organization, part=part)
    second = page_of_shares(organization=organization, part=part, before=first.older or "")
    assert [share.entry.pk for share in (*first.shares, *second.shares)] == every
    assert (first.newer, second.older) == (None, None)
    back = page_of_shares(organization=organization, part=part, after=second.newer or "")
    assert [share.entry.pk for share in back.shares] == every[:PAGE_SIZE]


@pytest.mark.django_db
def test_days_that_no_longer_have_an_entry_end_no_page_early(organization: Organization) -> None:
    orders = [record(organization, report(at=NOON + timedelta(days=number))) for number in range(2)]
    credit(organization)
    for ahead in range(2, PAGE_SIZE + 6):
        CreditDay.objects.create(
            organization_id=organization.pk,
            day=NOON.date() + timedelta(days=ahead),
            model=CreditModel.LAST,
            kind="order",
            campaign_id=0,
            link_id=0,
            number=1,
            amount=0,
        )
    part = CreditedPart(period=SUMMER, channels=("",))
    shares = page_of_shares(organization=organization, part=part).shares
    assert [share.entry.pk for share in shares] == [orders[1].pk, orders[0].pk]


@pytest.mark.django_db
def test_only_the_credits_of_days_that_changed_are_waited_for(organization: Organization) -> None:
    record(organization, report())
    assert is_credited_anew(organization=organization, period=SUMMER)
    credit_due_days(seconds=10)
    assert not is_credited_anew(organization=organization, period=SUMMER)


@pytest.mark.django_db
def test_a_strangers_entries_are_no_part_of_it(
    organization: Organization, strangers_organization: Organization
) -> None:
    touch(record(strangers_organization, report()), "mail")
    touch(record(organization, report()), "mail")
    credit(organization)
    part = CreditedPart(period=SUMMER, channels=("mail",))
    shares = page_of_shares(organization=organization, part=part).shares
    assert [share.entry.organization_id for share in shares] == [organization.pk]
    assert Touch.objects.count() == 2
