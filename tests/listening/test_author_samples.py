"""Of many mentions, people are counted by a sample of their authors."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from accounts.models import Organization
from monitoring.lib.periods import Period, last_days
from monitoring.listening.models import Brand, MentionDay, MentionHour, Source
from monitoring.listening.selectors.author_samples import SAMPLES, sample_for
from monitoring.listening.selectors.comparing import compare_periods, count_authors
from monitoring.listening.selectors.counts import Estimate
from monitoring.listening.selectors.coverage import read_coverage
from monitoring.listening.selectors.scores import read_scores
from monitoring.listening.selectors.voices import authors_by_platform
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import NOW, make_source
from tests.listening.test_scores import store

PEOPLE = 2_000
PERIOD = last_days(3, now=NOW, zone=ZoneInfo("UTC"))


def say_there_are(many: int, brand: Brand) -> None:
    """Make the counts tell of so many times the mentions that there are."""
    for counts in (MentionDay, MentionHour):
        counts.objects.filter(brand_id=brand.pk).update(mentions=F("mentions") * many)


def people_of(brand: Brand, period: Period) -> list[Estimate]:
    """As each of the three readings has them."""
    mentions = compare_periods(brand=brand, period=period, compared=period.previous()).counts.total.mentions
    coverage = {brand.pk: read_coverage(brands=[brand], now=NOW)}
    scores = read_scores(brands=[brand], period=period, coverage=coverage, now=NOW).by_brand[brand.pk]
    voices = authors_by_platform(brands=[brand], period=period, mentions=mentions)
    counted = count_authors(brand=brand, period=period, mentions=mentions)
    return [counted, Estimate(scores.people, scores.is_exact), voices["bluesky"]]


@pytest.mark.parametrize(
    ("mentions", "one_in"),
    [(0, 1), (5_000, 1), (5_001, 16), (300_000, 16), (300_001, 128), (10_000_000, 128)],
)
def test_the_more_mentions_there_are_the_finer_is_the_sample(mentions: int, one_in: int) -> None:
    assert sample_for(mentions).stands_for == one_in


@pytest.mark.django_db
def test_each_sample_comes_close_to_how_many_people_there_are(organization: Organization) -> None:
    source: Source = make_source(covered_until=NOW)
    brand = listen(organization, source, name="Halden", query="halden")
    store(brand, [(number % 1_000, f"author{number % PEOPLE}", "halden") for number in range(PEOPLE + 500)])
    assert people_of(brand, PERIOD) == [Estimate(PEOPLE, is_exact=True)] * 3
    for sample, many in zip(SAMPLES[1:], (10, 100), strict=True):
        say_there_are(many, brand)
        first, *others = people_of(brand, PERIOD)
        assert others == [first, first]
        assert not first.is_exact
        assert first.number % sample.stands_for == 0
        assert abs(first.number - PEOPLE) < 4 * (PEOPLE * sample.stands_for) ** 0.5
