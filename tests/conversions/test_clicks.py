"""A click is counted once: robots apart, repeated ones apart, in whatever order they arrive."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import redis
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import Organization
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.clicks.visitors import is_robot, names_a_robot, visitor_of
from monitoring.conversions.clicks.waiting import TAKEN, WAITING, note_click, store_waiting_clicks
from monitoring.conversions.models import Click, ClickDay, TrackedLink
from monitoring.conversions.rollups import miscounted_days
from monitoring.conversions.tasks import store_what_waits
from monitoring.conversions.waiting import TAKE
from tests.conversions.conftest import NOON, PHONE, click

ROBOTS = [
    "",
    "curl/8.1",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.18.79 A",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.social/) Bot",
    "Akkoma 3.10.4; https://example.social",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 "
    "Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
]
PEOPLE = [
    PHONE,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 334.0.0.22.95",
    "Mozilla/5.0 (Linux; Android 14; SM-S911B; wv) AppleWebKit/537.36 Chrome/125.0 Mobile [FB_IAB/FB4A;FBAV/467.0.0;]",
    "Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
]


@pytest.mark.parametrize("agent", ROBOTS)
def test_programs_are_told_by_their_user_agent(agent: str) -> None:
    assert names_a_robot(agent)


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_are_not_taken_for_programs(agent: str) -> None:
    assert not names_a_robot(agent)


def test_looking_ahead_is_no_visit() -> None:
    ask = RequestFactory(headers={"User-Agent": PHONE})
    assert not is_robot(ask.get("/l/menu").META)
    assert is_robot(ask.head("/l/menu").META)
    assert is_robot(ask.get("/l/menu", headers={"Sec-Purpose": "prefetch;prerender"}).META)


def test_a_visitor_is_the_same_for_a_day_and_never_named() -> None:
    request = RequestFactory(headers={"User-Agent": PHONE}).get("/", REMOTE_ADDR="203.0.113.7").META
    neighbor = RequestFactory(headers={"User-Agent": PHONE}).get("/", REMOTE_ADDR="203.0.113.8").META
    seen = visitor_of(request, at=NOON)
    assert seen == visitor_of(request, at=NOON + timedelta(hours=9))
    assert seen not in (visitor_of(neighbor, at=NOON), visitor_of(request, at=NOON + timedelta(days=1)))
    assert seen.isalnum()
    assert len(seen) == 32


def test_a_forwarded_address_counts_only_behind_our_proxy(settings: Settings) -> None:
    ask = RequestFactory(headers={"User-Agent": PHONE})
    made_up = [ask.get("/", headers={"X-Forwarded-For": f"198.51.100.{number}"}).META for number in (1, 2)]
    assert visitor_of(made_up[0], at=NOON) == visitor_of(made_up[1], at=NOON)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert visitor_of(made_up[0], at=NOON) != visitor_of(made_up[1], at=NOON)
    forged = ask.get("/", headers={"X-Forwarded-For": "10.0.0.1, 198.51.100.1"}).META
    assert visitor_of(forged, at=NOON) == visitor_of(made_up[0], at=NOON)


@pytest.mark.django_db
def test_a_click_within_half_an_hour_of_the_one_before_repeats_it(link: TrackedLink) -> None:
    minutes = [0, 29, 58, 88, 90]
    store_clicks([click(link, at=NOON + timedelta(minutes=minute)) for minute in minutes])
    repeats = list(Click.objects.order_by("clicked_at").values_list("is_repeat", flat=True))
    assert repeats == [False, True, True, False, True]


@pytest.mark.django_db
def test_another_visitor_another_link_and_a_robot_repeat_nothing(
    link: TrackedLink, strangers_link: TrackedLink
) -> None:
    store_clicks(
        [
            click(link),
            click(link, visitor="another"),
            click(strangers_link),
            click(link, visitor="robot", is_bot=True),
            click(link, visitor="robot", is_bot=True),
        ]
    )
    assert not Click.objects.filter(is_repeat=True).exists()
    counts = dict(ClickDay.objects.values_list("link_id").annotate().values_list("link_id", "visits"))
    assert counts == {link.pk: 2, strangers_link.pk: 1}
    assert ClickDay.objects.get(link_id=link.pk).bots == 2


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    arrivals=st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 100), st.booleans()), min_size=1, max_size=14
    ),
    seed=st.integers(0, 10**6),
)
@pytest.mark.django_db
def test_order_and_batches_change_nothing(
    link: TrackedLink, organization: Organization, arrivals: list[tuple[str, int, bool]], seed: int
) -> None:
    clicks = [
        click(link, visitor=visitor + str(bot), at=NOON + timedelta(minutes=minute), is_bot=bot)
        for visitor, minute, bot in arrivals
    ]

    def stored() -> list[tuple[UUID, bool, bool]]:
        rows = Click.objects.order_by("click_id").values_list("click_id", "is_bot", "is_repeat")
        counts = list(rows)
        assert miscounted_days(organization=organization) == 0
        Click.objects.all().delete()
        return counts

    store_clicks(sorted(clicks, key=lambda each: each.clicked_at))
    expected = stored()
    chance = random.Random(seed)
    shuffled = chance.sample(clicks, len(clicks))
    while shuffled:
        size = chance.randint(1, len(shuffled))
        batch, shuffled = shuffled[:size], shuffled[size:]
        store_clicks(batch)
        store_clicks(chance.sample(batch, chance.randint(0, len(batch))))
    assert stored() == expected


@pytest.mark.django_db
def test_waiting_clicks_are_written_by_the_task(link: TrackedLink, redis_server: redis.Redis) -> None:
    for _click in range(1003):
        note_click(click(link, at=timezone.now(), visitor=f"{_click}"))
    assert Click.objects.count() == 0
    assert store_what_waits() == 1003
    assert Click.objects.count() == 1003
    assert (redis_server.llen(WAITING), redis_server.llen(TAKEN)) == (0, 0)


@pytest.mark.django_db
def test_a_worker_that_dies_after_writing_counts_nothing_twice(
    link: TrackedLink, redis_server: redis.Redis
) -> None:
    """Death between commit and removal: the batch is still in the second list."""
    clicks = [click(link, visitor=f"{number}") for number in range(5)]
    for each in clicks:
        note_click(each)
    taken = redis_server.lrange(WAITING, 0, -1)
    store_clicks(clicks)
    redis_server.rename(WAITING, TAKEN)
    note_click(click(link, visitor="late"))
    assert len(taken) == store_waiting_clicks() == 5
    assert store_waiting_clicks() == 1
    assert Click.objects.count() == 6


@pytest.mark.django_db
def test_a_worker_that_dies_before_writing_loses_nothing(
    link: TrackedLink, redis_server: redis.Redis
) -> None:
    """Death between taking the batch and writing it."""
    note_click(click(link))
    redis_server.eval(TAKE, 2, WAITING, TAKEN, 10)
    assert (redis_server.llen(TAKEN), Click.objects.count()) == (1, 0)
    assert store_waiting_clicks() == 1
    assert Click.objects.count() == 1


@pytest.mark.django_db
def test_what_is_no_click_and_clicks_of_deleted_links_stop_nobody(
    link: TrackedLink, strangers_link: TrackedLink, redis_server: redis.Redis
) -> None:
    note_click(click(strangers_link))
    strangers_link.delete()
    for nonsense in (b"\xff", b"{}", b"[1, 2]", b'["a", null, "", "", 1]'):
        redis_server.rpush(WAITING, nonsense)
    note_click(click(link))
    assert store_waiting_clicks() == 6
    assert Click.objects.get().link_id == link.pk
    assert redis_server.llen(TAKEN) == 0


def test_the_date_of_a_visitor_is_utc() -> None:
    request = RequestFactory(headers={"User-Agent": PHONE}).get("/").META
    before, after = datetime(2026, 6, 10, 23, 59, tzinfo=UTC), datetime(2026, 6, 11, 0, 1, tzinfo=UTC)
    assert visitor_of(request, at=before) != visitor_of(request, at=after)
