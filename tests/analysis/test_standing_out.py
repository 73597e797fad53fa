"""The words that stand out: by how much more often posts have them, and how sure that is."""

from __future__ import annotations

from math import isfinite, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.analysis.standing_out import Sample, log_odds_score, words_standing_out

COUNTS = st.dictionaries(st.sampled_from(["roast", "norway", "queue", "tea"]), st.integers(0, 300))


def test_a_word_of_these_posts_stands_out_and_a_word_of_all_does_not() -> None:
    spike = Sample(60, {"coffee": 40, "recall": 22, "tea": 3})
    before = Sample(900, {"coffee": 600, "recall": 4, "tea": 45})

    found = words_standing_out(spike, before)
    assert [each.word for each in found] == ["recall"]
    assert (found[0].posts, found[0].other_posts) == (22, 4)
    assert found[0].score > 5


def test_the_score_is_the_formula_of_the_paper() -> None:
    """delta / sqrt(variance), by hand: 12 of 50 beside 30 of 1,000, with 2 of 100 posts lent to both sides."""
    delta = log(14 / 136) - log(32 / 1068)
    variance = 1 / 14 + 1 / 136 + 1 / 32 + 1 / 1068
    found = log_odds_score(12, 50, 30, 1000, prior_part=2, prior_whole=100)
    assert found == pytest.approx(delta / sqrt(variance))


def test_one_post_of_a_word_that_nobody_used_before_is_no_proof() -> None:
    few = words_standing_out(Sample(30, {"sunday": 1}), Sample(3000, {}), fewest=1)
    many = words_standing_out(Sample(30, {"sunday": 12}), Sample(3000, {}), fewest=1)
    assert few == []
    assert [each.word for each in many] == ["sunday"]


@given(COUNTS, COUNTS)
def test_the_same_posts_on_both_sides_stand_out_nowhere_and_scores_turn_with_the_sides(
    these: dict[str, int], those: dict[str, int]
) -> None:
    here, there = Sample(300, these), Sample(300, those)
    assert words_standing_out(here, here) == []
    everything = words_standing_out(here, there, fewest=0, at_least=-1e9)
    mirrored = {e.word: e.score for e in words_standing_out(there, here, fewest=0, at_least=-1e9)}
    for each in everything:
        assert isfinite(each.score)
        if each.word in mirrored:
            assert each.score == pytest.approx(-mirrored[each.word], abs=1e-9)


def test_counts_that_exceed_the_number_of_posts_break_nothing() -> None:
    found = words_standing_out(Sample(2, {"roast": 5}), Sample(0, {"roast": 3}), at_least=-1e9)
    assert [each.word for each in found] == ["roast"]
    assert isfinite(found[0].score)
