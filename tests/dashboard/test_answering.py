"""The overview's first sentence, what it is compared with, what its charts name, and its table."""

from __future__ import annotations

import csv
import html
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Organization, SetupStep, User
from monitoring.conversions.models import Campaign, Channel, Kind, Origin
from monitoring.conversions.services.incidents import note_incident
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.dashboard.marks import find_complaint_wave, find_loud_days
from monitoring.lib.periods import Period, last_days
from monitoring.listening.models import Brand, Mention, Source
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.counts import Volume
from tests.cast import SignIn
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import make_source

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = timedelta(days=800)


@pytest.fixture
def brand(organization: Organization) -> Brand:
    Organization.objects.update(setup_step=SetupStep.DONE, created_at=timezone.now() - LONG_AGO)
    source = make_source(covered_since=timezone.now() - LONG_AGO, covered_until=timezone.now())
    return listen(organization, source, name="Halden Coffee", query="halden")


def sell(organization: Organization, number: int, channel: Channel, *, days_ago: int) -> None:
    for _each in range(number):
        report = Report(
            kind=Kind.ORDER,
            origin=Origin.COUNTER,
            idempotency_key=f"{channel}-{days_ago}-{_each}",
            heard_of_us_from=channel,
            amount=Decimal("10.00"),
            currency=organization.currency,
            occurred_at=timezone.now() - timedelta(days=days_ago),
        )
        record_conversion(organization=organization, report=report)


@pytest.fixture
def open_page(brand: Brand, viewer: User, organization: Organization, sign_in: SignIn) -> OpenPage:
    return OpenPage(sign_in(viewer), organization)


class OpenPage:
    def __init__(self, client: object, organization: Organization) -> None:
        self.client, self.organization = client, organization

    def __call__(self, query: str = "", place: str = "") -> str:
        answer = self.client.get(f"/o/{self.organization.slug}/{place}{query}")  # type: ignore[attr-defined]
        assert answer.status_code == 200
        body: Iterator[bytes] = answer.streaming_content if answer.streaming else iter([answer.content])
        return b"".join(body).decode()


def test_enough_orders_are_compared_and_the_channel_behind_them_is_named(
    open_page: OpenPage, organization: Organization
) -> None:
    sell(organization, 12, Channel.INSTAGRAM, days_ago=2)
    sell(organization, 12, Channel.TIKTOK, days_ago=3)
    sell(organization, 12, Channel.TIKTOK, days_ago=40)
    page = open_page()

    assert "<em>24 orders</em> and <em>" in page
    assert "in the last 30 days." in page
    assert "That is 100% more than in the 30 days before." in page
    assert "Instagram made most of the difference: 12 more." in page


def test_what_social_media_brought_is_held_against_all_that_was_reported(
    open_page: OpenPage, organization: Organization
) -> None:
    sell(organization, 12, Channel.INSTAGRAM, days_ago=2)
    assert "orders in all" not in open_page()
    sell(organization, 5, Channel.FRIEND, days_ago=2)
    assert "17 orders in all, social media or not." in open_page()
    sell(organization, 31, Channel.PRINT, days_ago=3)
    assert "48 orders in all, 25% of them from social media." in open_page()


def test_a_few_orders_are_counted_and_nothing_is_claimed(
    open_page: OpenPage, organization: Organization
) -> None:
    sell(organization, 12, Channel.INSTAGRAM, days_ago=2)
    sell(organization, 3, Channel.INSTAGRAM, days_ago=40)
    page = open_page()

    assert "3 in the 30 days before: too early to say what changed." in page
    assert "made most of the difference" not in page


def test_a_business_that_came_later_has_nothing_to_compare_with(
    open_page: OpenPage, organization: Organization
) -> None:
    Organization.objects.update(created_at=timezone.now() - timedelta(days=20))
    sell(organization, 12, Channel.INSTAGRAM, days_ago=2)

    assert "Too early to say how that compares" in open_page()


def test_the_same_days_of_the_year_before_are_another_comparison(
    open_page: OpenPage, organization: Organization
) -> None:
    sell(organization, 15, Channel.TIKTOK, days_ago=5)
    sell(organization, 30, Channel.TIKTOK, days_ago=370)
    page = open_page("?compare=year")

    assert "That is 50% less than in the same days a year before." in page
    assert "compared with the year before" in page
    assert "compare=year" in page.split('hx-get="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), (date(2025, 3, 1), date(2025, 3, 31))),
        (date(2024, 2, 1), date(2024, 2, 29), (date(2023, 2, 1), date(2023, 2, 28))),
        (date(2024, 2, 29), date(2024, 2, 29), (date(2023, 2, 28), date(2023, 2, 28))),
    ],
)
def test_a_year_before_has_the_same_dates(first: date, last: date, before: tuple[date, date]) -> None:
    earlier = Period(first, last, BERLIN).year_before()

    assert (earlier.first, earlier.last) == before


def test_campaigns_of_the_period_are_named_in_the_chart_and_below_it(
    open_page: OpenPage, organization: Organization
) -> None:
    today = timezone.now().astimezone(BERLIN).date()
    for name, begins, ends in (
        ("Winter blend", today - timedelta(days=10), today - timedelta(days=3)),
        ("Tastings", today - timedelta(days=90), None),
        ("Long over", today - timedelta(days=90), today - timedelta(days=60)),
    ):
        Campaign.objects.create(
            organization=organization, name=name, slug=name.lower(), starts_on=begins, ends_on=ends
        )
    page = open_page()

    assert page.count("Winter blend") >= 3  # in both panels and in words
    assert "Tastings, since" in page
    assert "Long over" not in page


def volumes(period: Period, *counts: int) -> dict[date, Volume]:
    return {
        day: Volume(mentions=count, positive=count)
        for day, count in zip(period.each_day(), counts, strict=True)
    }


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ((10, 10, 11, 9, 10, 10, 40), True),
        ((10, 10, 11, 9, 10, 10, 29), False),  # too few
        ((20, 20, 20, 20, 20, 20, 59), False),  # not three times a typical day
    ],
)
def test_a_day_stands_out_with_many_mentions_and_far_more_than_usual(
    counts: tuple[int, ...], found: bool
) -> None:
    period = last_days(7, now=datetime(2026, 11, 20, 12, tzinfo=BERLIN), zone=BERLIN)
    days = volumes(period, *counts)

    assert bool(find_loud_days(days=days, period=period, unknown=set())) == found
    assert not find_loud_days(days=days, period=period, unknown={period.first})  # nobody knows what is usual


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ((2, 2, 3, 2, 12, 9, 2), (4, 5, 21)),  # two days in a row
        ((2, 2, 3, 2, 9, 9, 2), None),  # too few on each
        ((5, 5, 5, 5, 14, 5, 5), None),  # not three times a typical day
        ((0, 0, 0, 30, 0, 0, 40), (6, 6, 40)),  # the larger of two
    ],
)
def test_days_on_which_many_complain_are_a_wave(
    counts: tuple[int, ...], found: tuple[int, int, int] | None
) -> None:
    period = last_days(7, now=datetime(2026, 11, 20, 12, tzinfo=BERLIN), zone=BERLIN)
    days = {day: Volume(100, 0, 100 - bad, bad) for day, bad in zip(period.each_day(), counts, strict=True)}
    wave = find_complaint_wave(days=days, period=period, unknown=set())
    each = list(period.each_day())

    assert (wave and (each.index(wave.first), each.index(wave.last), wave.complaints)) == found
    assert find_complaint_wave(days=days, period=period, unknown={period.first}) is None


def test_what_people_noted_is_named_in_the_chart_below_it_and_in_the_file(
    open_page: OpenPage, organization: Organization
) -> None:
    today = timezone.now().astimezone(BERLIN).date()
    for name, begun, ended in (("Oven <broke>", 9, 7), ("Sold out", 2, 2), ("Long ago", 400, 390)):
        first, last = today - timedelta(days=begun), today - timedelta(days=ended)
        note_incident(organization=organization, name=name, first_day=first, last_day=last)
    page = open_page()
    below = page.partition('<ul class="marks">')[2].partition("</ul>")[0]

    assert '"kind": "incident", "label": "Sold out", "first": 27, "last": 27' in page
    assert below.count('class="incident"') == 2
    assert "Oven &lt;broke&gt;, " in below
    assert "Long ago" not in page
    rows = list(csv.DictReader(StringIO(open_page("", "export.csv"))))
    assert [row["What happened"] for row in rows][-10:-6] == ["Oven <broke>"] * 3 + [""]


def test_complaints_are_marked_and_lead_to_exactly_these(open_page: OpenPage, brand: Brand) -> None:
    texts = [(f"angry-{number}", 3) for number in range(12)] + [
        (f"usual-{number}", number) for number in range(9)
    ]
    for name, days_ago in texts:
        hear(brand, name, days_ago=days_ago, tone=Tone.NEGATIVE)
    below = open_page().partition('<ul class="marks">')[2].partition("</ul>")[0]
    assert "13 complaints, 13 times the usual" in below
    query = html.unescape(below.partition('href="')[2].partition('"')[0]).partition("?")[2]
    assert open_page(f"?{query}", "mentions/").count('<li class="mention') == 13


def hear(brand: Brand, name: str, *, days_ago: int, tone: Tone) -> None:
    moment = timezone.now() - timedelta(days=days_ago)
    Mention.objects.create(
        organization_id=brand.organization_id,
        brand=brand,
        platform="bluesky",
        external_id=name,
        published_at=moment,
        collected_at=moment,
        author_key=f"bluesky:{name}",
        language="en",
        sentiment=tone,
        sentiment_confidence=0.9,
    )


def test_the_table_has_every_day_and_tells_unknown_from_zero(
    open_page: OpenPage, organization: Organization
) -> None:
    Source.objects.update(covered_since=timezone.now() - timedelta(days=4))
    sell(organization, 2, Channel.TIKTOK, days_ago=1)
    rows = list(csv.reader(StringIO(open_page("?period=7d", "export.csv"))))

    assert rows[0][0].lstrip("\ufeff") == "Day"
    assert len(rows) == 1 + 7
    assert rows[-2][-2] == "2"
    assert rows[-2][1] == "0"
    assert rows[1][1] == rows[1][6] == ""  # nobody looked
