"""Every number on the overview, counted again from the rows: one after the other, by a script without any cleverness.

Random mentions, own posts, orders and readings, random periods, in zones where days begin at odd minutes and clocks
change. And each figure leads to exactly as many rows as it says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.audience.models import AudienceSnapshot
from monitoring.conversions.ledger_choice import LedgerChoice
from monitoring.conversions.models import Conversion
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.selectors.ledger import filter_entries
from monitoring.dashboard.marks import MarkKind, find_complaint_wave, find_loud_days
from monitoring.dashboard.overview import Overview
from monitoring.dashboard.overview_market import Market
from monitoring.dashboard.overview_people import Speaking
from monitoring.dashboard.overview_wording import figures_of
from monitoring.dashboard.overview_words import Said, own_words
from monitoring.lib.figures import roughly
from monitoring.lib.periods import Period
from monitoring.listening.models import (
    COUNTED_STATUSES,
    Brand,
    BrandKind,
    KeywordVersion,
    Mention,
    MentionStatus,
    Source,
    TrackedProfile,
)
from monitoring.listening.selectors.filtering import filter_mentions
from monitoring.listening.showing.choosing import Choice
from tests.dashboard.made_up_world import (
    NOW,
    ORDERS,
    PUBLISHED,
    READINGS,
    SPOKEN,
    ZONES,
    Spoken,
    World,
    live,
    measure,
    publish,
    sell,
)
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(organization: Organization) -> World:
    source: Source = make_source(covered_since=NOW - timedelta(days=400), covered_until=NOW)
    own = listen(organization, source, name="Halden", query="halden")
    rival = listen(organization, source, name="Bean", query="bean")
    rival.kind = BrandKind.COMPETITOR
    rival.save()
    profile = TrackedProfile.objects.create(
        organization=organization, brand=own, platform="bluesky", handle="halden.example"
    )
    return World(organization, own, rival, profile)


class Plainly:
    """The same figures from the rows."""

    def __init__(self, world: World, brand: Brand, period: Period) -> None:
        self.world, self.period = world, period
        self.everything = [row for row in Mention.objects.filter(brand=brand) if _counts(row)]
        self.rows = [row for row in self.everything if self.holds(period, row.published_at)]

    def holds(self, period: Period, moment: datetime) -> bool:
        return period.first <= self.world.day(moment) <= period.last

    def by(self, of: Callable[[Mention], object]) -> Counter[object]:
        return Counter(of(row) for row in self.rows)

    def with_each(self, of: Callable[[Mention], Iterable[object]]) -> Counter[object]:
        return Counter(one for row in self.rows for one in of(row))

    def volume(self, rows: Iterable[Mention]) -> tuple[int, ...]:
        rows = list(rows)
        return (
            len(rows),
            *(sum(_tone(row) == tone for row in rows) for tone in (1, 0, -1)),
            sum(row.is_question for row in rows),
            sum((row.likes or 0) + (row.replies or 0) for row in rows),
            sum(row.author_followers or 0 for row in rows),
        )


def _counts(row: Mention) -> bool:
    return row.deleted_at is None and row.status in COUNTED_STATUSES


def _tone(row: Mention) -> int:
    return row.sentiment if row.corrected_sentiment is None else row.corrected_sentiment


def _as_tuple(volume: object) -> tuple[int, ...]:
    names = ("mentions", "positive", "neutral", "negative", "questions", "interactions", "followers")
    return tuple(getattr(volume, name) for name in names)


PLAN = hypothesis_settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@PLAN
@given(
    spoken=st.lists(SPOKEN, max_size=30),
    burst=st.sampled_from([0, 0, 34]),
    orders=ORDERS,
    posts=PUBLISHED,
    readings=READINGS,
    zone=st.sampled_from(ZONES),
    ends_ago=st.integers(0, 20),
    days=st.sampled_from([1, 2, 16, 31, 120]),
    years=st.booleans(),
)
def test_every_number_is_what_the_rows_say(
    world: World,
    spoken: list[Spoken],
    burst: int,
    orders: list[tuple[int, str, int, bool]],
    posts: list[tuple[int, int, int, int]],
    readings: list[tuple[int, int]],
    zone: str,
    ends_ago: int,
    days: int,
    years: bool,
) -> None:
    live(world, zone, spoken, burst)
    sell(world, orders)
    gained = publish(world, posts)
    measure(world, readings)
    last = world.day(NOW) - timedelta(days=ends_ago)
    period = Period(last - timedelta(days=days - 1), last, world.zone)
    compared = period.year_before() if years else period.previous()
    brands = [world.own, world.rival]
    shown = Overview(world.organization, world.own, brands, period, compared, NOW)
    plain = Plainly(world, world.own, period)

    check_mentions(shown, plain)
    check_charts(shown, plain, gained)
    check_figures(shown, plain, gained)
    check_waves(shown, plain)
    check_business(world, shown)
    check_followers(world, shown)
    check_words(shown, plain)
    check_people(world, shown, plain)
    check_market(world, shown, plain)
    check_that_figures_lead_to_their_rows(world, shown)


def check_mentions(shown: Overview, plain: Plainly) -> None:
    assert _as_tuple(shown.total) == plain.volume(plain.rows)
    before = [row for row in plain.everything if plain.holds(shown.compared, row.published_at)]
    assert _as_tuple(shown.before) == plain.volume(before)
    by_day: dict[date, list[Mention]] = defaultdict(list)
    for row in plain.rows:
        by_day[plain.world.day(row.published_at)].append(row)
    days = {day: _as_tuple(volume) for day, volume in shown.days.items() if volume.mentions}
    assert days == {day: plain.volume(rows) for day, rows in by_day.items()}
    assert {each.name: each.mentions for each in shown.platforms} == plain.by(lambda row: row.platform)
    assert {each.name: each.mentions for each in shown.languages} == plain.by(lambda row: row.language)
    assert shown.authors.number == len({row.author_key for row in plain.rows})
    assert shown.authors.is_exact


def check_charts(shown: Overview, plain: Plainly, gained: Counter[date]) -> None:
    """The bars of each bucket, and the line of engagement."""
    period, volume = shown.period, Said(shown).draw_volume()
    buckets = [period.bucket_of(plain.world.day(row.published_at)) for row in plain.rows]
    for series, tone in zip(volume.data["series"], (1, 0, -1), strict=True):
        wanted = Counter(
            bucket for bucket, row in zip(buckets, plain.rows, strict=True) if _tone(row) == tone
        )
        assert series["values"] == [wanted[bucket] for bucket in period.each_bucket()]
    reactions: Counter[date] = Counter()
    for day, number in gained.items():
        if period.first <= day <= period.last:
            reactions[period.bucket_of(day)] += number
    for bucket, row in zip(buckets, plain.rows, strict=True):
        reactions[bucket] += (row.likes or 0) + (row.replies or 0)
    drawn = shown.draw_engagement().data["series"][0]["values"]
    assert drawn == [reactions[bucket] for bucket in period.each_bucket()]


def check_figures(shown: Overview, plain: Plainly, gained: Counter[date]) -> None:
    """The row of figures under the answer."""
    on_mentions = sum((row.likes or 0) + (row.replies or 0) for row in plain.rows)
    on_posts = sum(n for day, n in gained.items() if shown.period.first <= day <= shown.period.last)
    figures = {figure.name: figure for figure in figures_of(shown)}
    assert {name: figure.value for name, figure in figures.items()} == {
        "mentions": len(plain.rows),
        "people": len({row.author_key for row in plain.rows}),
        "reached": roughly(sum(row.author_followers or 0 for row in plain.rows)) or None,
        "engagement": on_mentions + on_posts,
        "new_followers": shown.own_period.gained,
    }
    said = [text for text, _address in figures["engagement"].parts]
    assert said == [f"{on_posts:,} on your posts", f"{on_mentions:,} on mentions"]


def check_waves(shown: Overview, plain: Plainly) -> None:
    """Days in a row on which many complained: all that is marked was said on them."""
    wave = find_complaint_wave(days=shown.days, period=shown.period, unknown=set())
    marked = [mark for mark in shown.marks if mark.kind == MarkKind.COMPLAINTS]
    assert [(mark.first, mark.last) for mark in marked] == ([(wave.first, wave.last)] if wave else [])
    bad = Counter(plain.world.day(row.published_at) for row in plain.rows if _tone(row) == -1)
    if wave:
        assert wave.complaints == sum(n for day, n in bad.items() if wave.first <= day <= wave.last)
    else:
        assert shown.period.days < 7 or max(bad.values(), default=0) < 10


def check_business(world: World, shown: Overview) -> None:
    orders = list(Conversion.objects.filter(voided_at=None))
    for period, brought in ((shown.period, shown.answer.now), (shown.compared, shown.answer.before)):
        held = [each for each in orders if period.first <= world.day(each.occurred_at) <= period.last]
        social = [each for each in held if each.heard_of_us_from in SOCIAL]
        assert (brought.number, brought.amount) == (len(held), sum(each.amount or 0 for each in held))
        assert brought.social_number == len(social)
        assert brought.social_amount == sum(each.amount or 0 for each in social)
    per_day = Counter(world.day(each.occurred_at) for each in orders)
    assert shown.outcome.per_day == {day: per_day[day] for day in shown.period.each_day()}


def check_followers(world: World, shown: Overview) -> None:
    """Before the period, else in its first day; and at its end. A reading speaks for two days."""
    readings = sorted((each.taken_at, each.followers) for each in AudienceSnapshot.objects.all())

    def latest(since: datetime, until: datetime) -> int | None:
        return next((number for moment, number in reversed(readings) if since <= moment < until), None)

    starts, ends, two_days = shown.period.starts_at, shown.period.ends_at, timedelta(days=2)
    first_day_ends = Period(shown.period.first, shown.period.first, world.zone).ends_at
    before = latest(starts - two_days, starts)
    first = latest(starts, first_day_ends) if before is None else before
    last = latest(ends - two_days, ends)
    wanted = None if first is None or last is None else last - first
    assert shown.own_period.gained == wanted
    (profile,) = Market(shown).followers
    assert (profile.followers.change, profile.followers.latest) == (wanted, last)


def check_words(shown: Overview, plain: Plainly) -> None:
    said = Said(shown)
    lists = {each.figure: {bar.name: bar.mentions for bar in each.bars} for each in said.about}
    own = own_words(shown.brand)
    words = {
        word: number for word, number in plain.with_each(lambda row: row.terms).items() if word not in own
    }
    wanted: dict[str, dict[object, int]] = {
        "words": words,
        "hashtags": {f"#{tag}": number for tag, number in plain.with_each(lambda row: row.hashtags).items()},
        "links": plain.with_each(lambda row: [link.removeprefix("https://") for link in row.links]),
        "languages": dict(plain.by(lambda row: row.language)),
        "communities": plain.with_each(lambda row: [row.community] if row.community else []),
        "keywords": plain.with_each(lambda row: _keywords(row)),
    }
    for figure, numbers in wanted.items():
        shown_numbers = lists.get(figure, {})
        assert shown_numbers.items() <= {str(name): number for name, number in numbers.items()}.items()
        assert sorted(shown_numbers.values(), reverse=True) == sorted(numbers.values(), reverse=True)[:8]
    check_loud_days(shown, said, plain)


def _keywords(row: Mention) -> set[str]:
    versions = KeywordVersion.objects.filter(pk__in=row.keyword_versions)
    return set(versions.values_list("query", flat=True))


def check_loud_days(shown: Overview, said: Said, plain: Plainly) -> None:
    loud = find_loud_days(days=shown.days, period=shown.period, unknown=set())
    assert [each.day for each in said.loud_days] == [each.day for each in loud]
    for each in said.loud_days:
        rows = [row for row in plain.rows if plain.world.day(row.published_at) == each.day]
        words = Counter(word for row in rows for word in [*row.terms, *(f"#{tag}" for tag in row.hashtags)])
        assert {word.label: word.mentions for word in each.words}.items() <= words.items()
        others = [row for row in plain.rows if row not in rows]
        if len(others) >= 10 and not any("recall" in row.terms for row in others):
            assert "recall" in {word.label for word in each.words}
    asked = [
        row
        for row in plain.everything
        if row.is_question and row.status == MentionStatus.OPEN and not row.replies
        if row.published_at >= NOW - timedelta(days=14)
    ]
    followers = sorted((row.author_followers or 0 for row in asked), reverse=True)[:5]
    assert [mention.author_followers or 0 for mention in said.questions] == followers


def check_people(world: World, shown: Overview, plain: Plainly) -> None:
    speaking = Speaking(shown)
    people = Counter(row.author_key for row in plain.rows)
    assert speaking.scores.mentions == len(plain.rows)
    assert speaking.scores.people == str(len(people))
    assert [each.mentions for each in speaking.speakers.speakers] == [n for _key, n in people.most_common(8)]
    assert {each.key: each.mentions for each in speaking.speakers.speakers}.items() <= people.items()
    assert speaking.last_mention == max((row.published_at for row in plain.rows), default=None)
    ends = min(NOW, shown.period.ends_at)
    hours = -(-(ends - shown.period.starts_at) // timedelta(hours=1))
    between = speaking.scores.time_between
    assert between == (hours * timedelta(hours=1) / len(plain.rows) if plain.rows else None)
    beside = {each.brand.pk: each.mentions for each in speaking.scores.beside}
    assert beside == {
        brand.pk: len(Plainly(world, brand, shown.period).rows) for brand in (world.own, world.rival)
    }


def check_market(world: World, shown: Overview, plain: Plainly) -> None:
    market = Market(shown)
    rival = Plainly(world, world.rival, shown.period)
    numbers = {world.own.pk: len(plain.rows), world.rival.pk: len(rival.rows)}
    assert {voice.brand.pk: voice.mentions for voice in market.share_of_voice} == numbers
    whole = sum(numbers.values())
    for voice in market.share_of_voice:
        assert voice.share == (voice.mentions / whole if whole >= 30 else None)
    talk = Counter(row.community for row in [*plain.rows, *rival.rows] if row.community)
    assert {each.name: each.mentions for each in market.communities} == talk
    assert market.mentions == whole
    credited = sum(each.row.number for each in market.credited)
    assert not market.credited or credited == shown.answer.now.number


def check_that_figures_lead_to_their_rows(world: World, shown: Overview) -> None:
    said, market = Said(shown), Market(shown)
    lists = [said.where, *said.about]
    leads = [(bar.address, bar.mentions) for each in lists for bar in each.bars]
    leads += [(word.address, word.mentions) for each in said.loud_days for word in each.words]
    leads += [(voice.address, voice.mentions) for voice in market.share_of_voice]
    leads += [(lead, number) for each in market.communities for _brand, number, lead in each.by_brand]
    leads += [(address, each.mentions) for each, address in Speaking(shown).lines]
    chart = said.draw_volume()
    for series in chart.data["series"]:
        links = (
            f"{chart.data['links']['base']}&{span}&{series['query']}" for span in chart.data["links"]["spans"]
        )
        leads += [(link, number) for link, number in zip(links, series["values"], strict=True) if number]
    leads.append((shown.rows.mentions(), shown.total.mentions))
    for address, number in dict(leads).items():
        choice = Choice(world.organization, QueryDict(address.partition("?")[2]))
        assert choice.brand is not None
        assert filter_mentions(brand=choice.brand, wanted=choice.wanted).count() == number, address
    wanted = LedgerChoice(world.organization, QueryDict(shown.social_rows.partition("?")[2])).ledger
    entries = filter_entries(organization=world.organization, wanted=wanted)
    assert sum(entry.number for entry in entries) == shown.answer.now.social_number
