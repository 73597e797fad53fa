"""How sure a count or a share is: the interval in which the truth lies in nine cases of ten.

Counts follow Poisson (Byar's approximation, exact to a percent from one on), shares Wilson, sums and differences of
independent rates the variances recovered from their intervals (Zou and Donner, 2008).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, hypot, sqrt
from typing import Final

QUANTILE: Final = 1.6449  # of the normal distribution: a twentieth lies beyond it on either side


@dataclass(frozen=True)
class Interval:
    low: float
    likely: float
    high: float

    def times(self, factor: float) -> Interval:
        return Interval(self.low * factor, self.likely * factor, self.high * factor)


def count_interval(count: int) -> Interval:
    """What to expect on average where `count` came once."""
    low = count * (1 - 1 / (9 * count) - QUANTILE / (3 * sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return Interval(max(low, 0.0), count, more * (1 - 1 / (9 * more) + QUANTILE / (3 * sqrt(more))) ** 3)


def share_interval(part: int, whole: int) -> Interval:
    """The share of all, where `part` of `whole` taken at random have it."""
    share, square = part / whole, QUANTILE**2
    center = (share + square / (2 * whole)) / (1 + square / whole)
    reach = QUANTILE / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    # At the ends of the scale the two differ by rounding alone.
    return Interval(max(min(center - reach, share), 0.0), share, min(max(center + reach, share), 1.0))


def sum_interval(intervals: Iterable[Interval]) -> Interval:
    found = list(intervals)
    likely = sum(each.likely for each in found)
    below = hypot(*(each.likely - each.low for each in found))
    above = hypot(*(each.high - each.likely for each in found))
    return Interval(max(likely - below, 0.0), likely, likely + above)


def difference_interval(one: Interval, other: Interval) -> Interval:
    """By how much `one` exceeds `other`. Where zero lies within, nobody can say that they differ."""
    likely = one.likely - other.likely
    below = hypot(one.likely - one.low, other.high - other.likely)
    above = hypot(one.high - one.likely, other.likely - other.low)
    return Interval(likely - below, likely, likely + above)


def differ(one: Interval, other: Interval) -> bool:
    """Whether one is surely more than the other."""
    difference = difference_interval(one, other)
    return difference.low > 0 or difference.high < 0


def rough_range(interval: Interval) -> tuple[int, int]:
    """The interval in round numbers, outwards: 18.3 to 43 as 15 to 45."""
    step, larger = 1, 5
    while larger <= interval.high / 8:
        step, larger = larger, larger * (2 if str(larger)[0] == "5" else 5)
    return floor(interval.low / step) * step, ceil(interval.high / step) * step
