"""The people behind the mentions: the four scores, who speaks most, how often, and when last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from monitoring.dashboard.overview import Overview
from monitoring.dashboard.scores import FourScores, four_scores
from monitoring.listening.selectors.authors_of_period import Speaker, Speakers, top_authors
from monitoring.listening.selectors.filtering import MentionFilter
from monitoring.listening.selectors.mentions import filter_mentions

MOST_AUTHORS: Final = 8


@dataclass(frozen=True)
class Speaking:
    """The third part of the overview. Each figure is read once, when it is first asked for."""

    overview: Overview

    @cached_property
    def scores(self) -> FourScores:
        shown = self.overview
        brands = shown.beside or [shown.brand]
        coverage = {brand.pk: shown.watch.coverage([brand]) for brand in brands}
        return four_scores(brands=brands, period=shown.period, coverage=coverage, now=shown.now)

    @cached_property
    def speakers(self) -> Speakers:
        shown = self.overview
        return top_authors(
            brand=shown.brand, period=shown.period, mentions=self.scores.mentions, limit=MOST_AUTHORS
        )

    @property
    def lines(self) -> list[tuple[Speaker, str]]:
        """Who speaks most, each with the address of their mentions."""
        rows = self.overview.rows
        return [(each, rows.mentions(author=each.key)) for each in self.speakers.speakers]

    @cached_property
    def last_mention(self) -> datetime | None:
        """When the newest of the period was published."""
        shown = self.overview
        found = filter_mentions(brand=shown.brand, wanted=MentionFilter(period=shown.period))
        return found.order_by("-published_at", "-id").values_list("published_at", flat=True).first()
