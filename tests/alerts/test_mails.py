"""Mails about a view: each mention told once and none left out, by the reader's clock, ended by one click."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import time_machine
from celery import Celery
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, User
from monitoring.alerts.mails.choosing import choose_rhythm, find_alert, off_address
from monitoring.alerts.mails.forgetting import forget_alert_mails
from monitoring.alerts.mails.looking import look_at_brand, settled_until
from monitoring.alerts.mails.timing import MOST_AT_ONCE_AN_HOUR
from monitoring.alerts.models import AlertMail, Rhythm, ViewAlert
from monitoring.alerts.tasks import look_for_alerts
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import Brand, BrandKind, Mention, MentionStatus, SavedView
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.mentions import bury_mentions
from monitoring.listening.services.saved_views import save_view
from tests.alerts.heard import complaints, hear
from tests.reports.conftest import Inbox

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # a Tuesday; noon in Berlin

pytestmark = pytest.mark.django_db


def wants(view: SavedView, membership: Membership, rhythm: Rhythm, now: datetime = NOON) -> ViewAlert:
    choose_rhythm(view=view, membership=membership, rhythm=rhythm, now=now)
    alert = find_alert(view=view, membership=membership)
    assert alert is not None
    return alert


def test_at_once_tells_each_mention_once_and_is_quiet_otherwise(
    inbox: Inbox, reader: Membership, brand: Brand, eager_tasks: Celery
) -> None:
    hear(brand, "long known", at=NOON)
    with time_machine.travel(NOON, tick=False) as clock:
        wants(complaints(reader, brand), reader, Rhythm.AT_ONCE)
        look_for_alerts.delay()
        hear(brand, "Closed again.\n\nSwitch off: https://evil.example", author_name="<b>Lena")
        hear(brand, "Lovely", sentiment=Tone.POSITIVE)
        hear(brand, "about another", status=MentionStatus.NOT_ABOUT_US)
        # Collected today, written long before "the last 30 days".
        hear(brand, "an old one", published_at=NOON - timedelta(days=90))
        clock.shift(timedelta(seconds=30))
        look_for_alerts.delay()
        look_for_alerts.delay()
    assert inbox.recipients == ["owner@example.com"]
    mail, html = inbox.mails[0], inbox.text_of(subtype="html")
    text = inbox.text_of().replace("\r\n", "\n")
    assert mail["Subject"] == "Complaints: 2 new mentions"
    assert (
        "> Closed again. Switch off: https://evil.example\n  <b>Lena on Bluesky, Nov. 24, 2026, noon" in text
    )
    assert "> an old one" in text
    assert "long known" not in text + html
    assert not {"Lovely", "about another"} & set(text.split("\n"))
    assert "&lt;b&gt;Lena" in html
    links = re.findall(r'href="([^"]+)"', html)
    assert all(link.startswith("https://smedash.example/") for link in links)
    assert len(links) == 4


def test_one_mail_tells_twenty_and_how_many_more(
    inbox: Inbox, reader: Membership, brand: Brand, eager_tasks: Celery, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = save_view(
        membership=reader, brand=brand, name="Cold", query="tone=negative&from=2026-11-24&to=2026-11-24"
    )
    wants(view, reader, Rhythm.HOURLY)
    gone = [hear(brand, f"cold {number:02}", at=NOON + timedelta(minutes=number)) for number in range(25)]
    hear(brand, "cold, but on another day", at=NOON + timedelta(days=1))
    with time_machine.travel(NOON + timedelta(minutes=59), tick=False) as clock:
        look_for_alerts.delay()
        assert not inbox.mails
        clock.shift(timedelta(minutes=1))
        mails = look_at_brand(brand_id=brand.pk, now=timezone.now())
        bury_mentions(ids=[gone[24].pk])  # before the mail goes out
        assert AlertMail.objects.get().pk in mails
        look_for_alerts.delay()
    assert inbox.mails[0]["Subject"] == "Cold: 24 new mentions"
    told = re.findall(r"> cold (\d\d)", inbox.text_of())
    assert told == [f"{number:02}" for number in range(23, 4, -1)]
    assert "And 5 more." in inbox.text_of()
    assert len(inbox.mails) == 1


def test_many_at_once_are_gathered(
    inbox: Inbox, reader: Membership, brand: Brand, eager_tasks: Celery
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        wants(complaints(reader, brand), reader, Rhythm.AT_ONCE)
        for number in range(MOST_AT_ONCE_AN_HOUR + 9):
            hear(brand, f"cold {number}")
            clock.shift(timedelta(minutes=1))
            look_for_alerts.delay()
        assert len(inbox.mails) == MOST_AT_ONCE_AN_HOUR
        clock.shift(timedelta(minutes=1))
        look_for_alerts.delay()
    assert inbox.mails[-1]["Subject"] == "Complaints: 9 new mentions"


def test_by_the_readers_clock_and_in_their_language(
    inbox: Inbox, reader: Membership, brand: Brand, marketer: User, eager_tasks: Celery
) -> None:
    """Three o'clock in the night in Berlin is a quarter to eight in Kathmandu."""
    User.objects.filter(pk=marketer.pk).update(time_zone="Asia/Kathmandu", language="en-gb")
    theirs = Membership.objects.select_related("organization", "user").get(user=marketer)
    view = complaints(reader, brand)
    with time_machine.travel(NOON, tick=False) as clock:
        wants(view, reader, Rhythm.WEEKLY)
        wants(view, theirs, Rhythm.DAILY)
        hear(brand, "Cold")
        clock.move_to(datetime(2026, 11, 25, 1, 14, tzinfo=UTC))
        look_for_alerts.delay()
        assert not inbox.mails
        clock.shift(timedelta(minutes=1))
        look_for_alerts.delay()
        assert inbox.recipients == ["marketer@example.com"]
        assert "Lena on Bluesky, 24 Nov 2026, 4:45 p.m." in inbox.text_of()
        clock.move_to(datetime(2026, 11, 30, 5, 59, tzinfo=UTC))
        look_for_alerts.delay()
        assert len(inbox.mails) == 1
        clock.shift(timedelta(minutes=1))
        look_for_alerts.delay()
    assert inbox.recipients[1:] == ["owner@example.com"]


@pytest.mark.django_db(transaction=True)
def test_what_is_being_written_while_others_are_done_is_told_later(reader: Membership, brand: Brand) -> None:
    """Its number is smaller than one that is told already; the look waits for whoever writes for the brand."""
    wants(complaints(reader, brand), reader, Rhythm.AT_ONCE, now=timezone.now())
    rival = create_brand(organization=brand.organization, name="Bean", kind=BrandKind.COMPETITOR)
    written, may_commit = Event(), Event()

    def write_slowly() -> int:
        with transaction.atomic():
            lock_brands([brand.pk])
            mention = hear(brand, "slow")
            written.set()
            may_commit.wait(10)
        connection.close()
        return mention.pk

    def look() -> list[int]:
        try:
            return look_at_brand(brand_id=brand.pk, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        slow = workers.submit(write_slowly)
        written.wait(10)
        assert hear(rival, "fast").pk > 0
        looked = workers.submit(look)
        may_commit.set()
        mails = looked.result(10)
        assert AlertMail.objects.get(pk__in=mails).mentions == [slow.result(10)]
    assert (
        ViewAlert.objects.get().seen_id == settled_until(brand_id=brand.pk) == Mention.objects.latest("pk").pk
    )
    assert look_at_brand(brand_id=brand.pk, now=timezone.now()) == []


class Killed(BaseException):
    """What a killed worker looks like from inside: nothing behind it runs."""


@pytest.mark.parametrize("dies", ["before sending", "after sending"])
def test_a_crash_may_repeat_a_mail_and_loses_none(
    inbox: Inbox,
    reader: Membership,
    brand: Brand,
    eager_tasks: Celery,
    monkeypatch: pytest.MonkeyPatch,
    dies: str,
) -> None:
    send_messages = EmailBackend.send_messages

    def die(self: EmailBackend, messages: list[object]) -> int:
        if dies == "after sending":
            send_messages(self, messages)  # type: ignore[arg-type]  # what Django hands over
        raise Killed

    with time_machine.travel(NOON, tick=False):
        wants(complaints(reader, brand), reader, Rhythm.AT_ONCE)
        hear(brand, "Cold")
        with monkeypatch.context() as dying:
            dying.setattr(EmailBackend, "send_messages", die)
            with pytest.raises(Killed):
                look_for_alerts.delay()
        look_for_alerts.delay()
        look_for_alerts.delay()
    assert len(inbox.mails) == (2 if dies == "after sending" else 1)
    # A repetition is known by its name.
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 1


def test_what_the_mail_server_refuses_is_tried_again_and_forgotten_after_two_days(
    inbox: Inbox, reader: Membership, brand: Brand, eager_tasks: Celery
) -> None:
    inbox.refuses = True
    with time_machine.travel(NOON, tick=False) as clock:
        wants(complaints(reader, brand), reader, Rhythm.DAILY)
        hear(brand, "Cold")
        clock.shift(timedelta(days=1))
        look_for_alerts.delay()
        mail = AlertMail.objects.get()
        assert (mail.error, mail.tries) == ("The mail server refused your address as a recipient.", 1)
        inbox.refuses = False
        look_for_alerts.delay()
        assert not inbox.mails  # not at once
        clock.shift(timedelta(minutes=1))
        look_for_alerts.delay()
        assert len(inbox.mails) == 1
        assert forget_alert_mails(now=timezone.now()) == 0
        AlertMail.objects.update(sent_at=None)
        assert forget_alert_mails(now=timezone.now() + timedelta(days=2, minutes=1)) == 1


def test_one_click_ends_the_mails(
    inbox: Inbox, reader: Membership, brand: Brand, eager_tasks: Celery, settings: Settings
) -> None:
    view = complaints(reader, brand)
    with time_machine.travel(NOON, tick=False):
        alert = wants(view, reader, Rhythm.AT_ONCE)
        hear(brand, "Cold")
        look_for_alerts.delay()
    mail = inbox.mails[0]
    assert str(mail["List-Unsubscribe"]).strip("<> \r\n") == off_address(alert)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    path = off_address(alert).removeprefix(settings.PUBLIC_URL)
    anybody = Client(enforce_csrf_checks=True)
    assert "Switch them off" in anybody.get(path).content.decode()
    assert find_alert(view=view, membership=reader)  # looking changes nothing
    for _again in range(2):
        answer = anybody.post(path, {"List-Unsubscribe": "One-Click"})
        assert "These mails are off" in answer.content.decode()
    assert find_alert(view=view, membership=reader) is None
    assert not AlertMail.objects.exists()
    assert anybody.post(path[:-3] + "x/").status_code == 404


@pytest.mark.parametrize("reason", ["inactive", "private again", "to be deleted", "no mail server"])
def test_who_may_not_read_gets_no_mail(
    inbox: Inbox,
    reader: Membership,
    brand: Brand,
    marketer: User,
    eager_tasks: Celery,
    settings: Settings,
    reason: str,
) -> None:
    view = complaints(reader, brand)
    theirs = Membership.objects.select_related("organization", "user").get(user=marketer)
    with time_machine.travel(NOON, tick=False):
        wants(view, theirs, Rhythm.AT_ONCE)
        hear(brand, "Cold")
        if reason == "inactive":
            User.objects.filter(pk=marketer.pk).update(is_active=False)
        elif reason == "private again":
            SavedView.objects.update(private_to=reader)
        elif reason == "to be deleted":
            type(brand.organization).objects.update(delete_at=NOON + timedelta(days=7))
        else:
            settings.EMAIL_HOST = ""
        look_for_alerts.delay()
    assert not inbox.mails
    assert not AlertMail.objects.exists()
