"""Of how many authors people are counted: of all, where there are few mentions, else of one in so many.

Telling a million authors apart takes longer than anybody waits for a page. An author is in a sample or not by their key
alone, so that a sample's authors are counted whole, and each of them stands for as many others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitoring.listening.collecting.storing import SAMPLED_AUTHORS

EXACT_AUTHORS_UP_TO: Final = 5_000  # mentions
SAMPLED_UP_TO: Final = 300_000


@dataclass(frozen=True)
class AuthorSample:
    """`condition` stands beside the others of a query; an index of its own answers it."""

    up_to: int  # mentions
    condition: str
    stands_for: int

    @property
    def is_exact(self) -> bool:
        return self.stands_for == 1


EVERY_AUTHOR: Final = AuthorSample(EXACT_AUTHORS_UP_TO, "", 1)
SAMPLED: Final = AuthorSample(SAMPLED_UP_TO, "and author_in_sample", SAMPLED_AUTHORS)
# Word for word as the index has it (migration 0013).
FINELY_SAMPLED: Final = AuthorSample(
    2**63 - 1, "and author_in_sample and (hashtextextended(author_key, 0) & 7) = 0", SAMPLED_AUTHORS * 8
)
SAMPLES: Final = (EVERY_AUTHOR, SAMPLED, FINELY_SAMPLED)


def sample_for(mentions: int) -> AuthorSample:
    """The one for so many mentions."""
    return next(sample for sample in SAMPLES if mentions <= sample.up_to)
