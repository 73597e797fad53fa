"""Which words stand out in some posts beside others: log-odds ratios with an informative Dirichlet prior.

Monroe, Colaresi and Quinn, "Fightin' Words" (2008). Counts are of posts that contain a word, not of its occurrences:
so each word has its own two outcomes. The prior lends both sides a few posts in which words are as frequent as in
the background, so that a rare word does not stand out by chance, nor a common one by habit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

PRIOR_POSTS: Final = 100.0
RARELY_BY_CHANCE: Final = 2.33  # one word in a hundred has such a score where nothing differs
_AT_LEAST: Final = 1e-9


@dataclass(frozen=True)
class Sample:
    """How many posts there are, and how many of them contain each word."""

    posts: int
    with_word: Mapping[str, int]

    def joined(self, other: Sample) -> Sample:
        counts = dict(self.with_word)
        for word, count in other.with_word.items():
            counts[word] = counts.get(word, 0) + count
        return Sample(self.posts + other.posts, counts)


@dataclass(frozen=True)
class StandingOut:
    """A word, in how many posts of either side it is, and by how many standard deviations more often in these."""

    word: str
    posts: int
    other_posts: int
    score: float


def words_standing_out(
    these: Sample,
    those: Sample,
    *,
    background: Sample | None = None,
    fewest: int = 3,
    at_least: float = RARELY_BY_CHANCE,
    prior_posts: float = PRIOR_POSTS,
) -> list[StandingOut]:
    """The words of `these` that `those` have less often, the most telling first.

    Words in fewer posts than `fewest` are left out. Without a background the prior comes from both sides together.
    """
    usual = background or these.joined(those)
    found = [
        StandingOut(word, count, those.with_word.get(word, 0), score)
        for word, count in these.with_word.items()
        if count >= fewest
        and (score := _score_of(word, these, those, _prior(word, usual, prior_posts), prior_posts))
        >= at_least
    ]
    return sorted(found, key=lambda each: (-each.score, each.word))


def log_odds_score(
    part: float, whole: float, other_part: float, other_whole: float, *, prior_part: float, prior_whole: float
) -> float:
    """By how many standard deviations the odds of `part` in `whole` exceed those of the other, both with the prior."""
    with_it, without = part + prior_part, whole - part + prior_whole - prior_part
    other_with, other_without = other_part + prior_part, other_whole - other_part + prior_whole - prior_part
    difference = log(with_it / without) - log(other_with / other_without)
    return difference / sqrt(1 / with_it + 1 / without + 1 / other_with + 1 / other_without)


def _score_of(word: str, these: Sample, those: Sample, prior_part: float, prior_whole: float) -> float:
    part, other_part = these.with_word[word], those.with_word.get(word, 0)
    # A count that is off by a post (a day that is still being counted) must not make a share above one.
    return log_odds_score(
        part, max(these.posts, part), other_part, max(those.posts, other_part),
        prior_part=prior_part, prior_whole=prior_whole,
    )  # fmt: skip


def _prior(word: str, usual: Sample, prior_posts: float) -> float:
    """As many of the lent posts as the background's share; never none nor all, whose odds no number can say."""
    share = (usual.with_word.get(word, 0) + 0.5) / (max(usual.posts, 0) + 1.0)
    return prior_posts * min(max(share, _AT_LEAST), 1 - 1e-3)
