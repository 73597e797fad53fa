from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.lib.periods import Period, last_days, local_day
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import Brand, CoverageGap, Mention, Source
from monitoring.listening.rollups import rebuild_rollups
from monitoring.listening.selectors.coverage import read_coverage
from monitoring.listening.selectors.scores import PARTS, Scores, ScoresOfPeriod, read_scores, starts_of_parts
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import NOW, make_post, make_source

pytestmark = pytest.mark.django_db
TEXTS = ("I love halden, wonderful", "halden is terrible, I hate it", "halden opens at nine")
ZONES = ("Asia/Kathmandu", "America/St_Johns", "Europe/Berlin", "Pacific/Apia")
Spoken = list[tuple[int, str, str]]


@pytest.fixture
def source(db: None) -> Source:
    return make_source(covered_since=NOW - timedelta(days=60), covered_until=NOW)


@pytest.fixture
def brand(organization: Organization, source: Source) -> Brand:
    return listen(organization, source, name="Halden", query="halden")


def store(brand: Brand, spoken: Spoken) -> None:
    posts = [
        make_post(f"p{number}", text, age=timedelta(minutes=minutes), author=author)
        for number, (minutes, author, text) in enumerate(spoken)
    ]
    found = listeners_for(platform="bluesky", brand_ids=[brand.pk]).find(posts)
    with transaction.atomic():
        lock_brands([brand.pk])
        store_mentions(platform="bluesky", source_id=None, found=found)


def read(brand: Brand, period: Period) -> ScoresOfPeriod:
    coverage = {brand.pk: read_coverage(brands=[brand], now=NOW)}
    return read_scores(brands=[brand], period=period, coverage=coverage, now=NOW)


def scores_of(brand: Brand, period: Period) -> Scores:
    return read(brand, period).by_brand[brand.pk]


def counted_plainly(brand: Brand, begins: datetime, ends: datetime, zone: ZoneInfo) -> tuple[int, ...]:
    """Hours, mentions, positive, negative, people and those who spoke again: one row after the other."""
    rows = list(Mention.objects.filter(brand=brand, published_at__gte=begins, published_at__lt=ends))
    local = [row.published_at.astimezone(zone).replace(minute=0, second=0, microsecond=0) for row in rows]
    hours = {hour.astimezone(UTC) for hour in local}
    people = Counter(row.author_key for row in rows)
    return (
        len(hours),
        len(rows),
        sum(row.tone == 1 for row in rows),
        sum(row.tone == -1 for row in rows),
        len(people),
        sum(times > 1 for times in people.values()),
    )


def as_counted(scores: Scores | None) -> tuple[int, ...]:
    scores = scores or Scores()
    return (
        scores.hours,
        scores.mentions,
        scores.positive,
        scores.negative,
        scores.people,
        scores.people_again,
    )


SPOKEN = st.lists(
    st.tuples(st.integers(0, 50 * 24 * 60), st.sampled_from("abcde"), st.sampled_from(TEXTS)), max_size=25
)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(spoken=SPOKEN, zone=st.sampled_from(ZONES), days=st.sampled_from([1, 7, 30, 47]))
def test_they_equal_what_a_plain_script_counts(
    brand: Brand, organization: Organization, spoken: Spoken, zone: str, days: int
) -> None:
    Mention.objects.all().delete()
    Organization.objects.filter(pk=organization.pk).update(time_zone=zone)
    organization.time_zone = zone
    rebuild_rollups(organization=organization)
    store(brand, spoken)
    period = last_days(days, now=NOW, zone=ZoneInfo(zone))

    plainly = counted_plainly(brand, period.starts_at, period.ends_at, period.zone)
    assert as_counted(scores_of(brand, period)) == plainly

    history = read(brand, period).history
    edges = [*starts_of_parts(period), period.ends_at]
    assert len(history) == min(PARTS, days)
    for part, begins, ends in zip(history, edges, edges[1:], strict=False):
        assert as_counted(part) == counted_plainly(brand, begins, ends, period.zone)


def test_an_hour_that_nobody_looked_at_does_not_weaken_a_brand(brand: Brand, source: Source) -> None:
    store(brand, [(90, "jo", TEXTS[0])])
    period = last_days(10, now=NOW, zone=ZoneInfo("UTC"))
    whole = scores_of(brand, period)
    today = NOW - datetime.combine(period.last, datetime.min.time(), UTC)
    assert whole.hours_seen == 9 * 24 + -(-today // timedelta(hours=1))

    began = datetime.combine(period.first, datetime.min.time(), UTC)
    CoverageGap.objects.create(
        source=source, began_at=began - timedelta(hours=1), ended_at=began + timedelta(days=4, hours=1)
    )
    assert scores_of(brand, period).hours_seen == whole.hours_seen - 4 * 24
    history = read(brand, period).history
    assert list(history[:4]) == [None] * 4
    assert None not in history[4:]


def test_each_score_means_what_it_says(brand: Brand) -> None:
    spoken = [(60 * hour + 90, "jo" if hour < 3 else f"a{hour}", TEXTS[hour % 2]) for hour in range(6)]
    store(brand, spoken)
    scores = scores_of(brand, last_days(7, now=NOW, zone=ZoneInfo("UTC")))
    assert scores.people == 4
    assert scores.passion == 1 / 4
    assert scores.voices == 4 / 6
    assert scores.sentiment == 1
    assert scores.strength == 6 / scores.hours_seen


def test_nobody_who_spoke_is_no_score(brand: Brand) -> None:
    scores = scores_of(brand, last_days(7, now=NOW, zone=ZoneInfo("UTC")))
    assert (scores.strength, scores.sentiment, scores.passion, scores.voices) == (0.0, None, None, None)
    assert scores.time_between is None


def test_another_organizations_mentions_are_not_counted(
    brand: Brand, source: Source, strangers_organization: Organization
) -> None:
    other = listen(strangers_organization, source, name="Bean", query="halden")
    store(brand, [(90, "jo", TEXTS[0])])
    period = last_days(7, now=NOW, zone=ZoneInfo("UTC"))
    coverage = {each.pk: read_coverage(brands=[each], now=NOW) for each in (brand, other)}
    both = read_scores(brands=[brand, other], period=period, coverage=coverage, now=NOW).by_brand
    assert (both[brand.pk].mentions, both[other.pk].mentions) == (1, 0)
    assert local_day(NOW, period.zone) == period.last
