"""How sure counts and shares are."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.lib.intervals import Interval, count_interval, rough_range, share_interval, sum_interval


@pytest.mark.parametrize(
    ("count", "low", "high"),  # from tables of the exact interval, 90 %
    [(0, 0.0, 3.00), (1, 0.05, 4.74), (5, 1.97, 10.51), (20, 13.25, 29.06), (100, 84.14, 118.08)],
)
def test_a_count_has_the_interval_of_the_tables(count: int, low: float, high: float) -> None:
    found = count_interval(count)

    assert found.low == pytest.approx(low, abs=0.06)
    assert found.high == pytest.approx(high, rel=0.02, abs=0.02)


@pytest.mark.parametrize("mean", [1.0, 4.0, 30.0])
def test_nine_of_ten_counts_have_their_mean_in_their_interval(mean: float) -> None:
    counts = numpy.random.default_rng(1).poisson(mean, 2_000)
    inside = [count_interval(int(count)) for count in counts]

    assert sum(each.low <= mean <= each.high for each in inside) >= 0.885 * len(counts)


@given(st.integers(1, 500), st.integers(0, 500))
def test_the_interval_of_a_share_holds_it_and_stays_a_share(whole: int, part: int) -> None:
    found = share_interval(min(part, whole), whole)

    assert -1e-9 <= found.low <= found.likely + 1e-9
    assert found.likely - 1e-9 <= found.high <= 1


def test_a_sum_is_surer_than_its_parts_added() -> None:
    found = sum_interval([count_interval(20), count_interval(20)])

    assert found.likely == 40
    assert 26.5 < found.low < found.high < 58.1
    assert sum_interval([]) == Interval(0, 0, 0)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_round_numbers_go_outwards(one: float, other: float) -> None:
    low, high = sorted((one, other))
    rounded = rough_range(Interval(low, low, high))

    assert rounded[0] <= low <= high <= rounded[1]
    assert rounded[1] - high <= max(1, high / 8)


def test_a_range_is_told_without_false_precision() -> None:
    assert rough_range(Interval(18.3, 30, 43)) == (15, 45)
    assert rough_range(Interval(128.2, 160, 212)) == (120, 220)
