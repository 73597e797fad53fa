"""How well a machine's sentiment agrees with people's: the table of both, and what it says, with its interval.

The accuracy's interval is Wilson's. That of macro-F1, for which there is no formula, is where nine in ten of many
samples lie that are drawn anew from the table (a bootstrap, with the same chances each time).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitoring.analysis.sentiment.judgement import Sentiment
from monitoring.lib.intervals import Interval, share_interval

SENTIMENTS: Final = (Sentiment.POSITIVE, Sentiment.NEUTRAL, Sentiment.NEGATIVE)
DRAWN: Final = 2_000
FEWEST: Final = 30  # labels, below which an accuracy says nothing

Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Confusion:
    """`counts[person][machine]`, both in the order of SENTIMENTS."""

    counts: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int, int]]) -> Confusion:
        """From (what a person says, what the machine said, how often)."""
        table = [[0] * len(SENTIMENTS) for _person in SENTIMENTS]
        for person, machine, times in pairs:
            table[SENTIMENTS.index(Sentiment(person))][SENTIMENTS.index(Sentiment(machine))] += times
        return cls(tuple(map(tuple, table)))

    @property
    def total(self) -> int:
        return sum(map(sum, self.counts))

    @property
    def right(self) -> int:
        return sum(self.counts[place][place] for place in range(len(SENTIMENTS)))

    @property
    def is_enough(self) -> bool:
        return self.total >= FEWEST

    @cached_property
    def accuracy(self) -> Interval:
        """Only where there is a label."""
        return share_interval(self.right, self.total)

    @cached_property
    def macro_f1(self) -> Interval:
        """The mean over the sentiments that somebody, or the machine, named: each counts alike, the rare ones too."""
        table = np.array(self.counts, dtype=np.float64)
        drawn = np.random.default_rng(7).multinomial(self.total, table.ravel() / self.total, size=DRAWN)
        low, high = np.quantile(_macro_f1(drawn.reshape(DRAWN, *table.shape)), (0.05, 0.95))
        likely = float(_macro_f1(table[None])[0])
        return Interval(min(float(low), likely), likely, max(float(high), likely))


def _macro_f1(tables: Shares | NDArray[np.int64]) -> Shares:
    """Of many tables at once."""
    right = np.diagonal(tables, axis1=1, axis2=2)
    named = tables.sum(axis=1) + tables.sum(axis=2)
    each = np.divide(2 * right, named, out=np.zeros(named.shape), where=named > 0)
    return np.asarray(each.sum(axis=1) / np.maximum((named > 0).sum(axis=1), 1), dtype=np.float64)
