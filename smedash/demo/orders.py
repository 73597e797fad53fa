"""Customers at the counter and in the web shop, some from across the border; some give back what they bought."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from accounts.models import Organization
from monitoring.conversions.crediting.evidence import NO_EVIDENCE, Evidence
from monitoring.conversions.models import Channel, Conversion, Kind, Origin
from monitoring.conversions.services.recording import Report, record_conversions
from monitoring.conversions.services.refunding import Refund, record_refund
from smedash.demo.business import CURRENCY, NEIGHBORS_CURRENCY
from smedash.demo.calendar import CAMPAIGNS, Timeline
from smedash.demo.links import Arrival, Links, about, pull

_AT_THE_COUNTER = 6.2  # customers a day who say where they heard of us
_LOOKING = 3.0  # people a day who come in and buy nothing
_ONLINE = 3.1  # orders a day in the web shop
_UNKNOWN = 0.25  # of them: nobody can say where they came from
_ACROSS_THE_BORDER = 0.12
_GIVEN_BACK = 0.035
_HEARD = {
    Channel.INSTAGRAM: 24, Channel.TIKTOK: 9, Channel.FACEBOOK: 6, Channel.GOOGLE: 18, Channel.FRIEND: 19,
    Channel.WALK_IN: 15, Channel.BLUESKY: 5, Channel.MASTODON: 4,
}  # fmt: skip


def write_orders(*, organization: Organization, timeline: Timeline, links: Links) -> None:
    """Everything that was bought, then what was given back, each on its own day."""
    record_conversions(organization=organization, reports=_reports(timeline, links))
    for key, refund in _refunds(organization, timeline):
        conversion = Conversion.objects.get(organization=organization, idempotency_key=key)
        record_refund(conversion=conversion, refund=refund)


def _reports(timeline: Timeline, links: Links) -> Iterator[Report]:
    random = timeline.random("orders")
    number = 0
    for age in timeline.ages():
        attraction = pull(age, timeline)
        if timeline.day(age).isoweekday() != 7:
            for _customer in range(about(_AT_THE_COUNTER * attraction, random)):
                number += 1
                yield from _at_the_counter(number, age, timeline, random, Kind.ORDER)
            for _customer in range(about(_LOOKING * attraction, random)):
                number += 1
                yield from _at_the_counter(number, age, timeline, random, Kind.STORE_VISIT)
        for _order in range(about(_ONLINE * attraction, random)):
            number += 1
            yield from _Online(number, age, timeline, links, random).reports()


def _at_the_counter(number: int, age: int, timeline: Timeline, random: Random, kind: str) -> Iterator[Report]:
    start = timeline.starts_at(age) + timedelta(hours=8)
    moment = start + timedelta(seconds=random.randrange(10 * 3600))
    heard = random.choices(list(_HEARD), list(_HEARD.values()))[0]
    amount = _amount(random, usual_amount=11.5) if kind == Kind.ORDER else None
    if moment <= timeline.now:
        yield Report(
            kind=kind,
            origin=Origin.COUNTER,
            idempotency_key=f"counter-{number}",
            occurred_at=moment,
            amount=amount,
            currency=CURRENCY if amount else "",
            heard_of_us_from=heard,
        )


@dataclass(frozen=True)
class _Online:
    """One order of the web shop."""

    number: int
    age: int
    timeline: Timeline
    links: Links
    random: Random

    def reports(self) -> Iterator[Report]:
        moment = self.timeline.moment(self.age, self.random)
        amount = _amount(self.random, usual_amount=31)
        currency = NEIGHBORS_CURRENCY if self.random.random() < _ACROSS_THE_BORDER else CURRENCY
        if moment is not None:
            yield Report(
                kind=Kind.ORDER,
                origin=Origin.API,
                idempotency_key=f"order-{10_000 + self.number}",
                order_number=f"#{10_000 + self.number}",
                occurred_at=moment,
                amount=amount,
                currency=currency,
                evidence=self._evidence(moment),
            )

    def _evidence(self, moment: datetime) -> Evidence:
        if self.random.random() < _UNKNOWN:
            return NO_EVIDENCE
        arrivals = sorted(self._arrivals(moment), key=lambda arrival: arrival.at)
        return Evidence(
            click_ids=tuple(arrival.click_id.hex for arrival in arrivals), coupons=self._coupons()
        )

    def _arrivals(self, moment: datetime) -> Iterator[Arrival]:
        """Today's visit, and often some of the weeks before."""
        days = [
            self.age,
            *(
                self.age + self.random.randint(1, 20)
                for _visit in range(self.random.choice((0, 0, 1, 1, 2, 3)))
            ),
        ]
        for age in dict.fromkeys(days):
            came = [arrival for arrival in self.links.arrivals.get(age, []) if arrival.at < moment]
            if came:
                yield self.random.choice(came)

    def _coupons(self) -> tuple[str, ...]:
        spans = [span for span in CAMPAIGNS if span.begins < self.timeline.days]
        for campaign, span in zip(self.links.campaigns, spans, strict=True):
            if span.covers(self.age) and self.random.random() < 0.3:
                return tuple(coupon.code for coupon in campaign.coupons.all())
        return ()


def _refunds(organization: Organization, timeline: Timeline) -> Iterator[tuple[str, Refund]]:
    random = timeline.random("given back")
    orders = Conversion.objects.filter(organization=organization, origin=Origin.API).order_by("pk")
    for key, at, amount in orders.values_list("idempotency_key", "occurred_at", "amount"):
        share, days = random.random(), random.randint(2, 9)
        back_at = at + timedelta(days=days, hours=random.randint(-6, 6))
        if share < _GIVEN_BACK and back_at < timeline.now:
            half = ((amount or Decimal(0)) / 2).quantize(Decimal("0.10"))
            is_whole = share < 0.6 * _GIVEN_BACK
            yield (
                key,
                Refund(
                    idempotency_key=f"{key}-back",
                    occurred_at=back_at,
                    amount=None if is_whole else half,
                    cancels=is_whole,
                ),
            )


def _amount(random: Random, *, usual_amount: float) -> Decimal:
    cents = round(usual_amount * math.exp(random.gauss(0, 0.45)) * 10) * 10
    return Decimal(cents) / 100
