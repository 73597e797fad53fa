"""Where a goal's period will end, if the weeks to come are like the eight weeks past: an interval, or nothing.

docs/goals.md explains the formula. What is estimated here is no amount of money: it is reckoned in floats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import sqrt
from typing import Final

WEEKS: Final = 8
WINDOW: Final = timedelta(weeks=WEEKS)
# Before the window: whether anything was counted there tells a day of zero from a day before the counting began.
LOOK_BACK: Final = timedelta(weeks=WEEKS + 4)
FEWEST_DAYS: Final = 14
FEWEST_DAYS_WITH_SOMETHING: Final = 7
COVERAGE: Final = Decimal("0.8")
_QUANTILE = 1.2816  # of the normal distribution: a tenth lies beyond it on either side
_HALF_LIFE_DAYS = 28.0
_CENTER_DAYS = 21.0  # so old are the days that are learned from, on the average of their weights
_MOST_MONTHS = 3.0


class Prospect(StrEnum):
    """What an interval says about a target."""

    LIKELY = "likely"
    OPEN = "open"
    UNLIKELY = "unlikely"


@dataclass(frozen=True)
class Forecast:
    """What the period will have brought when it is over, in eight cases of ten between low and high."""

    low: Decimal
    likely: Decimal
    high: Decimal

    def prospect(self, target: Decimal) -> Prospect:
        if target <= self.low:
            return Prospect.LIKELY
        return Prospect.UNLIKELY if target > self.high else Prospect.OPEN


@dataclass(frozen=True)
class Habit:
    """What the past weeks say about a day: its usual sum by weekday, how much sums scatter, and from how much it
    is known."""

    by_weekday: tuple[float, ...]
    dispersion: float  # variance as a multiple of the mean
    days: float  # as many days, equally weighted, would tell as much
    drift: float  # how much the level differs between two stretches a month apart, as a share

    def usual(self, day: date) -> float:
        return self.by_weekday[day.weekday()]


def forecast(
    *, past: Mapping[date, Decimal], ahead: Mapping[date, float], reached: Decimal, is_count: bool
) -> Forecast | None:
    """None where it is too early to say. `past` holds each day up to yesterday since the counting began; `ahead` the
    days to come, each with the share of it that is left."""
    habit = learn(past, is_count=is_count)
    if habit is None:
        return None
    expected = sum(habit.usual(day) * share for day, share in ahead.items())
    if not expected:
        return Forecast(reached, reached, reached)
    # The days to come scatter; the habit is known from a limited number of days only; and habits change.
    months = min(_MOST_MONTHS, (_CENTER_DAYS + sum(ahead.values()) / 2) / 28)
    variance = habit.dispersion * expected * (1 + sum(ahead.values()) / habit.days)
    variance += (habit.drift * months * expected) ** 2
    low, high = (gamma_quantile(expected, variance, side * _QUANTILE) for side in (-1, 1))
    return Forecast(
        low=max(reached, _whole(float(reached) + min(low, expected), ROUND_FLOOR)),
        likely=max(reached, _whole(float(reached) + expected, ROUND_HALF_UP)),
        high=_whole(float(reached) + max(high, expected), ROUND_CEILING),
    )


def _whole(value: float, rounding: str) -> Decimal:
    return Decimal(value).quantize(Decimal(1), rounding)


def begin_of_counting(days: Mapping[date, Decimal], today: date) -> date:
    """The first day of the window that can be learned from: what lies before anything was counted is not zero."""
    return max(min((day for day, value in days.items() if value), default=today), today - WINDOW)


def learn(past: Mapping[date, Decimal], *, is_count: bool) -> Habit | None:
    """The habit of these days, recent ones weighing more; None where there are too few."""
    days = sorted(past)
    values = [float(past[day]) for day in days]
    if len(days) < FEWEST_DAYS or sum(map(bool, values)) < FEWEST_DAYS_WITH_SOMETHING:
        return None
    newest = days[-1].toordinal()
    weights = [0.5 ** ((newest - day.toordinal()) / _HALF_LIFE_DAYS) for day in days]
    mean = _average(values, weights)
    if mean <= 0:
        return None
    by_weekday = _weekdays(days, values, weights, mean)
    usual = [by_weekday[day.weekday()] for day in days]
    daily = max(_scatter(values, usual, 7), float(is_count))
    return Habit(
        by_weekday=tuple(by_weekday),
        dispersion=max(daily, _scatter(_weeks(values), _weeks(usual), 1)),
        days=sum(weights) ** 2 / sum(weight**2 for weight in weights),
        drift=_drift(values, usual, daily),
    )


def gamma_quantile(mean: float, variance: float, normal: float) -> float:
    """Of a gamma distribution, by Wilson and Hilferty's approximation; never below zero."""
    shape = mean**2 / variance
    return float(mean * max(0.0, 1 - 1 / (9 * shape) + normal / (3 * sqrt(shape))) ** 3)


def _average(values: list[float], weights: list[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)


def _weekdays(days: list[date], values: list[float], weights: list[float], mean: float) -> list[float]:
    """What each weekday brings. One day like the average is added to each, so that a single Monday says little."""
    sums, known = [mean] * 7, [1.0] * 7
    for day, value, weight in zip(days, values, weights, strict=True):
        sums[day.weekday()] += value * weight
        known[day.weekday()] += weight
    found = [max(0.0, total / weight) for total, weight in zip(sums, known, strict=True)]
    return [each * 7 * mean / sum(found) for each in found]


def _scatter(values: list[float], usual: list[float], parameters: int) -> float:
    """Pearson's estimate of the variance as a multiple of the mean."""
    pairs = [(value, each) for value, each in zip(values, usual, strict=True) if each > 0]
    freedom = len(pairs) - parameters
    return sum((value - each) ** 2 / each for value, each in pairs) / freedom if freedom > 0 else 0.0


def _weeks(values: list[float]) -> list[float]:
    """Sums of seven days, counted back from the last."""
    whole = len(values) - len(values) % 7
    return [sum(values[start : start + 7]) for start in range(len(values) - whole, len(values), 7)]


def _drift(values: list[float], usual: list[float], dispersion: float) -> float:
    """How far the later half lies from the earlier one, beyond what chance explains: as if four weeks lay between."""
    middle = len(values) // 2
    halves = [(sum(values[part]), sum(usual[part])) for part in (slice(0, middle), slice(middle, None))]
    if not all(expected > 0 for _found, expected in halves):
        return 0.0
    (early, early_usual), (late, late_usual) = halves
    chance = dispersion * (1 / early_usual + 1 / late_usual)
    difference = (late / late_usual - early / early_usual) * 28 / middle
    return sqrt(max(0.0, difference**2 - chance))
