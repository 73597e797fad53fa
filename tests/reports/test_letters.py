"""The weekly letter arrives once, in the reader's language, with what it should say."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from celery import Celery
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.models import Membership, Organization, User
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.models import Channel, Kind, Origin
from monitoring.conversions.services.costs import Expense, record_spend, set_assumptions
from monitoring.conversions.services.goals import Aim, set_goal
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.listening.models import Brand, BrandKind, CoverageGap, Mention, MentionStatus, Source
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.keywords import create_keyword
from monitoring.reports.letters.choosing import choose_letter, off_address, wants_letter
from monitoring.reports.letters.sending import render_letter, send_letter
from monitoring.reports.models import Letter
from monitoring.reports.tasks import send_letters
from tests.cast import SignIn
from tests.reports.conftest import Inbox

MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)  # half past seven in Berlin
PAGE = "/o/halden-coffee/letter/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(business: Organization) -> Membership:
    return business.memberships.select_related("organization", "user").get()


def order(organization: Organization, *, days_ago: float, channel: str = Channel.INSTAGRAM) -> None:
    report = Report(
        kind=Kind.ORDER,
        origin=Origin.COUNTER,
        idempotency_key=uuid4().hex,
        occurred_at=MORNING - timedelta(days=days_ago),
        amount=Decimal(1250),
        currency="EUR",
        heard_of_us_from=channel,
    )
    record_conversion(organization=organization, report=report)


def hear(brand: Brand, text: str, *, tone: int = Tone.NEUTRAL, asks: bool = False) -> Mention:
    return Mention.objects.create(
        organization_id=brand.organization_id,
        brand=brand,
        platform="bluesky",
        external_id=uuid4().hex,
        published_at=MORNING - timedelta(days=2),
        collected_at=MORNING,
        author_key="bluesky:lena",
        author_name="Lena <b>",
        language="en",
        text=text,
        sentiment=tone,
        sentiment_confidence=0.9,
        is_question=asks,
    )


def text_for(membership: Membership, now: datetime = MORNING) -> str:
    return render_letter(membership=membership, monday=MONDAY, now=now).text


def test_it_says_what_last_week_brought_against_the_week_before(reader: Membership) -> None:
    with time_machine.travel(MORNING, tick=False):
        for days_ago in (1, 3, 7):
            order(reader.organization, days_ago=days_ago)
        order(reader.organization, days_ago=8)
        order(reader.organization, days_ago=2, channel=Channel.FRIEND)  # no social media
        order(reader.organization, days_ago=0)  # this week
        set_goal(organization=reader.organization, aim=Aim(counts=Kind.ORDER, target=Decimal(12)))

    rendered = render_letter(membership=reader, monday=MONDAY, now=MORNING)
    assert "social media brought 3 orders and €3,750." in rendered.text
    assert "The week before: 1 order and €1,250." in rendered.text
    assert "Your goal is 12 orders every month: 50% of it is reached." in rendered.text
    assert rendered.letter.subject == "Halden Coffee: 3 orders from social media last week"
    assert "return" not in rendered.text.lower()


def test_it_names_who_waits_and_one_thing_to_do(reader: Membership) -> None:
    brand = create_brand(organization=reader.organization, name="Halden", kind=BrandKind.OWN)
    rival = create_brand(organization=reader.organization, name="Bean", kind=BrandKind.COMPETITOR)
    hear(brand, "Closed again. " + "Terrible. " * 40, tone=Tone.NEGATIVE)
    for number in range(3):
        hear(brand, f"Do you ship to Norway, {number}?", asks=True)
    for text, tone, asks in (
        ("Awful, but settled", Tone.NEGATIVE, False),
        ("Is it vegan?", Tone.NEUTRAL, True),
    ):
        answered = hear(brand, text, tone=tone, asks=asks)
        Mention.objects.filter(pk=answered.pk).update(status=MentionStatus.ANSWERED)
    hear(brand, "Nice place")
    hear(rival, "They are awful", tone=Tone.NEGATIVE)

    rendered = render_letter(membership=reader, monday=MONDAY, now=MORNING)
    waiting = rendered.letter.sections[1]
    assert waiting.lines == ["1 unhappy post about you.", "3 posts ask something."]
    assert [quote.text[:12] for quote in waiting.quotes] == ["Closed again", "Do you ship ", "Do you ship "]
    assert all(len(quote.text) <= 140 for quote in waiting.quotes)
    assert [section.title for section in rendered.letter.sections][2] == "One thing to do"
    assert "Lena &lt;b&gt;" in rendered.html
    assert "Nice place" not in rendered.text
    assert "settled" not in rendered.text
    assert "&status=open&tone=negative" in rendered.text
    assert "awful" not in rendered.text


def test_with_a_margin_it_tells_the_return(reader: Membership) -> None:
    business = reader.organization
    day = date(2026, 11, 17)
    with time_machine.travel(MORNING, tick=False):
        order(business, days_ago=3)
        set_assumptions(
            organization=business,
            margin=Decimal(40),
            hourly_rate=None,
            minutes_a_week=None,
            window_days=30,
            half_life_days=7,
        )
        expense = Expense(
            amount_a_day=Decimal(100), currency="EUR", channel=Channel.INSTAGRAM, first_day=day, last_day=day
        )
        record_spend(organization=business, expense=expense, idempotency_key="ad")
        credit_due_days(seconds=10)
    # 1,250 × 40% is 500, five times the cost; by last touch nothing is known.
    assert "€0 to €1,250 of sales for a cost of €100." in text_for(reader)
    assert "+400%" in text_for(reader)


def test_it_names_what_could_not_be_read_since_somebody_listens(reader: Membership) -> None:
    brand = create_brand(organization=reader.organization, name="Halden", kind=BrandKind.OWN)
    create_keyword(brand=brand, query="halden", by=None, platforms=["bluesky"])
    Source.objects.update(covered_since=MORNING - timedelta(days=90), covered_until=MORNING)
    CoverageGap.objects.create(
        source=Source.objects.get(),
        began_at=datetime(2026, 11, 17, 22, tzinfo=UTC),
        ended_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
    )
    Brand.objects.update(created_at=MORNING - timedelta(days=60))
    said = "Bluesky could not be read from Nov. 18, 2026 to Nov. 19, 2026. These days are unknown, not zero."
    assert said in text_for(reader)

    Brand.objects.update(created_at=MORNING - timedelta(days=1))
    assert "could not be read" not in text_for(reader)


def test_every_link_leads_to_the_public_address_and_no_picture_is_fetched(
    reader: Membership, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://smedash.example"
    hear(create_brand(organization=reader.organization, name="Halden", kind=BrandKind.OWN), "Why?", asks=True)
    rendered = render_letter(membership=reader, monday=MONDAY, now=MORNING)
    links = re.findall(r'href="([^"]+)"', rendered.html) + re.findall(r"https?://\S+", rendered.text)
    assert len(links) > 8
    assert all(link.startswith("https://smedash.example/") for link in links)
    assert not re.search(r"<(img|script|style|link|iframe)", rendered.html)


def test_a_monday_that_comes_before_the_week_is_over_says_so(reader: Membership) -> None:
    User.objects.filter(pk=reader.user_id).update(time_zone="Pacific/Auckland")
    reader.user.refresh_from_db()
    assert "Sunday is not over yet" in text_for(reader, datetime(2026, 11, 22, 18, 30, tzinfo=UTC))
    assert "Sunday is not over yet" not in text_for(reader)


def test_it_speaks_the_readers_language(reader: Membership) -> None:
    """British readers write the day first; who chose nothing reads as their business does."""
    assert "From Nov. 16, 2026" in text_for(reader)
    reader.user.language = "en-gb"
    assert "From 16 Nov 2026" in text_for(reader)
    reader.user.language, reader.organization.language = "", "en-gb"
    assert "From 16 Nov" in text_for(reader)
    reader.user.language = "tlh"  # spoken by no one here
    assert "From 16 Nov" in text_for(reader)


def test_the_hourly_look_sends_it_once(inbox: Inbox, reader: Membership, eager_tasks: Celery) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        send_letters.delay()
        send_letters.delay()
        clock.shift(timedelta(hours=1))
        send_letters.delay()
        assert inbox.recipients == ["owner@example.com"]
        clock.shift(timedelta(days=7))
        send_letters.delay()
    assert len(inbox.mails) == 2
    assert "What social media brought" in inbox.text_of()
    assert "<h2>What social media brought</h2>" in inbox.text_of(subtype="html")


def test_a_letter_can_be_switched_off_by_the_mail_program(
    inbox: Inbox, reader: Membership, settings: Settings
) -> None:
    send_letter(membership=reader, monday=MONDAY, now=MORNING)
    mail = inbox.mails[0]
    address = str(mail["List-Unsubscribe"]).strip("<> \r\n")
    assert address == off_address(reader)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    path = address.removeprefix(settings.PUBLIC_URL)
    anybody = Client(enforce_csrf_checks=True)
    assert "Switch it off" in anybody.get(path).content.decode()
    assert wants_letter(membership=reader)  # looking changes nothing
    answer = anybody.post(path, {"List-Unsubscribe": "One-Click"})
    assert "is off" in answer.content.decode()
    assert not wants_letter(membership=reader)
    assert not send_letter(membership=reader, monday=MONDAY + timedelta(days=7), now=MORNING)
    assert len(inbox.mails) == 1


def test_a_guessed_or_altered_link_switches_nothing_off(reader: Membership, client: Client) -> None:
    path = "/letter/off/" + off_address(reader).split("/letter/off/")[1]
    for wrong in (path[:-3] + "x/", path.replace("/off/", "/off/x"), f"/letter/off/{reader.pk}/"):
        assert client.post(wrong).status_code == 404
    Membership.objects.all().delete()
    assert client.post(path).status_code == 404


def test_what_the_mail_server_refused_is_sent_an_hour_later(
    inbox: Inbox, reader: Membership, eager_tasks: Celery
) -> None:
    inbox.refuses = True
    with time_machine.travel(MORNING, tick=False) as clock:
        send_letters.delay()
        assert Letter.objects.get().error == "The mail server refused your address as a recipient."
        inbox.refuses = False
        clock.shift(timedelta(hours=1))
        send_letters.delay()
    letter = Letter.objects.get()
    assert (letter.error, bool(letter.sent_at), len(inbox.mails)) == ("", True, 1)


class Killed(BaseException):
    """What a killed worker looks like from inside: nothing behind it runs."""


@pytest.mark.parametrize("after_sending", [False, True])
def test_a_crash_may_repeat_a_letter_and_loses_none(
    inbox: Inbox, reader: Membership, monkeypatch: pytest.MonkeyPatch, after_sending: bool
) -> None:
    send_messages = EmailBackend.send_messages

    def die(self: EmailBackend, messages: list[object]) -> int:
        if after_sending:
            send_messages(self, messages)  # type: ignore[arg-type]  # what Django hands over
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(Killed):
            send_letter(membership=reader, monday=MONDAY, now=MORNING)
    assert Letter.objects.get().sent_at is None
    assert send_letter(membership=reader, monday=MONDAY, now=MORNING)
    assert not send_letter(membership=reader, monday=MONDAY, now=MORNING)
    assert len(inbox.mails) == (2 if after_sending else 1)
    # A repetition is known by its name.
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_sends(inbox: Inbox, reader: Membership) -> None:
    def work(_worker: int) -> bool:
        try:
            return send_letter(membership=reader, monday=MONDAY, now=MORNING)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(work, range(4))) == [False, False, False, True]
    assert len(inbox.mails) == 1


def test_without_a_mail_server_nothing_is_sent_or_written(
    settings: Settings, reader: Membership, eager_tasks: Celery, sign_in: SignIn
) -> None:
    settings.EMAIL_HOST = ""
    with time_machine.travel(MORNING, tick=False):
        send_letters.delay()
        assert not send_letter(membership=reader, monday=MONDAY, now=MORNING)
    assert not Letter.objects.exists()
    assert "No mail server is set" in sign_in(reader.user).get(PAGE).content.decode()


def test_each_member_switches_their_own_letter(
    business: Organization, owner: User, viewer: User, sign_in: SignIn
) -> None:
    answer = sign_in(viewer).post(PAGE, {"wants": "no"}, follow=True).content.decode()
    assert "The letter is off." in answer
    assert wants_letter(membership=business.memberships.get(user=owner))
    assert not wants_letter(membership=business.memberships.get(user=viewer))
    sign_in(viewer).post(PAGE, {"wants": "perhaps"})
    assert not wants_letter(membership=business.memberships.get(user=viewer))
    assert "The letter is on." in sign_in(viewer).post(PAGE, {"wants": "yes"}, follow=True).content.decode()


def test_the_page_shows_the_letter_as_it_would_be_sent(reader: Membership, sign_in: SignIn) -> None:
    choose_letter(membership=reader, wants=True)
    page = sign_in(reader.user).get(PAGE).content.decode()
    assert "Good morning, Owner." in page
    assert "nothing is known to have come from social media" in page
