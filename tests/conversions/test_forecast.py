"""The forecast's interval: as wide as it must be, and silent where too little is known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.conversions.selectors.forecast import (
    FEWEST_DAYS,
    Forecast,
    Prospect,
    begin_of_counting,
    forecast,
    gamma_quantile,
    learn,
)

TODAY = date(2026, 6, 10)
SEASONS = 80


@dataclass(frozen=True)
class Season:
    """How customers come in a made-up business: so many a day, by weekday, scattered, with a level that wanders."""

    a_day: float
    dispersion: float = 1.0
    wander: float = 0.0
    growth: float = 0.0  # a year
    closed_on_sundays: bool = False
    campaign: float = 1.0  # so many times as much in one week of nine
    amounts: bool = False
    weekdays: list[float] = field(default_factory=lambda: [0.6, 0.8, 0.9, 1.0, 1.3, 1.5, 0.9])

    def days(self, random: Random, first: date, number: int) -> Iterator[tuple[date, Decimal]]:
        level = 0.0
        for offset in range(number):
            day = first + timedelta(days=offset)
            if offset % 7 == 0:
                level = 0.7 * level + random.gauss(0, self.wander)
            expected = (
                self.a_day * self.weekdays[day.weekday()] * math.exp(level + self.growth * offset / 365)
            )
            expected *= self.campaign if offset // 7 % 9 == 4 else 1
            closed = self.closed_on_sundays and day.weekday() == 6
            yield day, self._brought(random, 0 if closed else expected)

    def _brought(self, random: Random, expected: float) -> Decimal:
        if expected and self.dispersion > 1:
            expected = random.gammavariate(expected / (self.dispersion - 1), self.dispersion - 1)
        customers = poisson(random, expected)
        if not self.amounts:
            return Decimal(customers)
        return sum(
            (Decimal(round(random.lognormvariate(3, 0.5), 2)) for _each in range(customers)), Decimal(0)
        )


def poisson(random: Random, expected: float) -> int:
    """How often something happens that is expected so often: counted by waiting times."""
    happened, waited = 0, random.expovariate(1)
    while waited < expected:
        happened, waited = happened + 1, waited + random.expovariate(1)
    return happened


STEADY = [Season(0.4), Season(2), Season(8), Season(30)]
USUAL = [
    Season(3, dispersion=2, closed_on_sundays=True),
    Season(8, dispersion=1.3, growth=0.2),
    Season(8, dispersion=1.2, wander=0.1),
    Season(5, dispersion=1.2, wander=0.05, campaign=1.5),
    Season(2, amounts=True),
    Season(8, amounts=True, wander=0.08),
]


def covered(season: Season, days_ahead: int) -> float:
    """In how many of the seasons the truth lay within the interval."""
    random, hits = Random(7), 0
    for _season in range(SEASONS):
        first = TODAY - timedelta(days=56)
        days = dict(season.days(random, first, 56 + days_ahead))
        past = {day: value for day, value in days.items() if day < TODAY}
        ahead = {day: 1.0 for day in days if day >= TODAY}
        found = forecast(past=past, ahead=ahead, reached=Decimal(0), is_count=not season.amounts)
        assert found is not None
        hits += found.low <= sum(days[day] for day in ahead) <= found.high
    return hits / SEASONS


@pytest.mark.parametrize("days_ahead", [7, 24])
def test_eight_of_ten_intervals_contain_the_truth(days_ahead: int) -> None:
    shares = [covered(season, days_ahead) for season in [*STEADY, *USUAL]]
    assert all(share >= 0.68 for share in shares), shares
    assert 0.78 <= sum(shares) / len(shares) <= 0.92, shares


def test_few_days_are_too_few() -> None:
    past = {TODAY - timedelta(days=age): Decimal(3) for age in range(1, FEWEST_DAYS)}
    ahead = {TODAY: 1.0}
    assert forecast(past=past, ahead=ahead, reached=Decimal(0), is_count=True) is None
    past[TODAY - timedelta(days=FEWEST_DAYS)] = Decimal(3)
    assert forecast(past=past, ahead=ahead, reached=Decimal(0), is_count=True) is not None


def test_rare_events_are_too_rare() -> None:
    past = {TODAY - timedelta(days=age): Decimal(age % 10 == 0) for age in range(1, 57)}
    assert sum(past.values()) == 5
    assert learn(past, is_count=True) is None


def test_more_refunds_than_sales_are_no_habit() -> None:
    past = {TODAY - timedelta(days=age): Decimal(-10 if age % 2 else 4) for age in range(1, 57)}
    assert learn(past, is_count=False) is None


def test_days_before_the_counting_began_are_not_zero() -> None:
    assert begin_of_counting({}, TODAY) == TODAY
    young = {TODAY - timedelta(days=20): Decimal(1)}
    assert begin_of_counting(young, TODAY) == TODAY - timedelta(days=20)
    old = {TODAY - timedelta(days=80): Decimal(1), **young}
    assert begin_of_counting(old, TODAY) == TODAY - timedelta(weeks=8)


def test_the_weekday_is_learned() -> None:
    past = {TODAY - timedelta(days=age): Decimal(0) for age in range(1, 57)}
    past |= {day: Decimal(14) for day in past if day.weekday() == 5}
    saturday = {date(2026, 6, 13): 1.0}
    monday = {date(2026, 6, 15): 1.0}
    on_saturday = forecast(past=past, ahead=saturday, reached=Decimal(0), is_count=True)
    on_monday = forecast(past=past, ahead=monday, reached=Decimal(0), is_count=True)
    assert on_saturday is not None
    assert on_monday is not None
    assert on_saturday.likely >= 12
    assert on_monday.likely <= 1


@given(
    values=st.lists(st.integers(0, 50), min_size=56, max_size=56),
    reached=st.integers(0, 1000),
    days=st.integers(1, 92),
)
def test_the_interval_surrounds_the_estimate_and_never_falls_below_what_is_reached(
    values: list[int], reached: int, days: int
) -> None:
    past = {TODAY - timedelta(days=56 - place): Decimal(value) for place, value in enumerate(values)}
    ahead = {TODAY + timedelta(days=offset): 1.0 for offset in range(days)}
    found = forecast(past=past, ahead=ahead, reached=Decimal(reached), is_count=True)
    if found is not None:
        assert reached <= found.low <= found.likely <= found.high


def test_when_nothing_is_to_come_the_end_is_known() -> None:
    past = {TODAY - timedelta(days=age): Decimal(3) for age in range(1, 57)}
    assert forecast(past=past, ahead={}, reached=Decimal(7), is_count=True) == Forecast(
        Decimal(7), Decimal(7), Decimal(7)
    )


@pytest.mark.parametrize(
    ("target", "prospect"),
    [(40, Prospect.LIKELY), (41, Prospect.OPEN), (50, Prospect.OPEN), (51, Prospect.UNLIKELY)],
)
def test_an_interval_says_whether_a_target_is_likely(target: int, prospect: Prospect) -> None:
    assert Forecast(Decimal(40), Decimal(45), Decimal(50)).prospect(Decimal(target)) == prospect


@pytest.mark.parametrize(
    ("shape", "scale", "tenth", "ninetieth"),
    # From tables of the chi-squared distribution: gamma with half its degrees of freedom, at scale 2.
    [(1, 2, 0.2107, 4.6052), (5, 2, 4.8652, 15.9872), (50, 2, 82.3581, 118.4980)],
)
def test_quantiles_are_those_of_the_tables(
    shape: float, scale: float, tenth: float, ninetieth: float
) -> None:
    mean, variance = shape * scale, shape * scale**2
    assert gamma_quantile(mean, variance, -1.2816) == pytest.approx(tenth, rel=0.07)
    assert gamma_quantile(mean, variance, 1.2816) == pytest.approx(ninetieth, rel=0.01)
