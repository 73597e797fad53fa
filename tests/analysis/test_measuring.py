"""The table of people against the machine, and what it says."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.analysis.sentiment.measuring import SENTIMENTS, Confusion

judgements = st.lists(
    st.tuples(st.sampled_from(SENTIMENTS), st.sampled_from(SENTIMENTS)), min_size=1, max_size=80
)


def slow_macro_f1(pairs: list[tuple[int, int]]) -> float:
    """By the definition: precision and recall of each sentiment that occurs."""
    each = []
    for one in SENTIMENTS:
        hits = sum(person == machine == one for person, machine in pairs)
        said, called = sum(person == one for person, _ in pairs), sum(machine == one for _, machine in pairs)
        if said or called:
            precision, recall = hits / called if called else 0.0, hits / said if said else 0.0
            each.append(2 * precision * recall / (precision + recall) if hits else 0.0)
    return sum(each) / len(each)


@settings(max_examples=60)
@given(judgements)
def test_every_number_is_the_one_that_the_definition_gives(pairs: list[tuple[int, int]]) -> None:
    confusion = Confusion.of((person, machine, 1) for person, machine in pairs)

    assert confusion.total == len(pairs)
    assert confusion.right == sum(person == machine for person, machine in pairs)
    assert confusion.accuracy.likely == pytest.approx(confusion.right / confusion.total)
    assert confusion.macro_f1.likely == pytest.approx(slow_macro_f1(pairs))
    for interval in (confusion.accuracy, confusion.macro_f1):
        assert 0 <= interval.low <= interval.likely <= interval.high <= 1 + 1e-9


@settings(max_examples=30)
@given(judgements)
def test_neither_order_nor_grouping_changes_the_table(pairs: list[tuple[int, int]]) -> None:
    times = [(person, machine, pairs.count((person, machine))) for person, machine in set(pairs)]

    assert Confusion.of(times) == Confusion.of((person, machine, 1) for person, machine in pairs)


def test_a_machine_that_calls_everything_neutral_is_often_right_and_yet_not_good() -> None:
    confusion = Confusion.of([(0, 0, 40), (1, 0, 6), (-1, 0, 4)])

    assert confusion.accuracy.likely == 0.8
    assert confusion.macro_f1.likely < 0.3


def test_nine_of_ten_intervals_of_macro_f1_hold_the_truth() -> None:
    chance = numpy.random.default_rng(3)
    shares = numpy.array([[20, 6, 2], [5, 40, 4], [2, 6, 15]]) / 100
    truth = Confusion(tuple(tuple(int(share * 10_000) for share in row) for row in shares)).macro_f1.likely
    samples = chance.multinomial(120, shares.ravel(), size=200).reshape(200, 3, 3)
    found = [Confusion(tuple(map(tuple, sample.tolist()))).macro_f1 for sample in samples]

    assert sum(each.low <= truth <= each.high for each in found) >= 165
