"""Feeds of views, read by a real feed reader library and by a program."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
import redis
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditEvent, Membership, Role, User
from accounts.services.members import leave_organization
from monitoring.alerts.models import FeedFormat, ViewFeed
from monitoring.alerts.outside import rendering
from monitoring.alerts.outside.feeds import make_feed, revoke_feed
from monitoring.alerts.sharing import begin_sharing
from monitoring.alerts.tasks import revoke_feeds_without_an_owner
from monitoring.alerts.views import public
from monitoring.listening.models import Brand, Mention, MentionStatus, SavedView
from monitoring.listening.models.mentions import Tone
from tests.alerts.heard import complaints, hear
from tests.cast import SignIn

HOSTILE = '<script>alert(1)</script> & "quotes" ]]> \x0b\x1f\ufffe \u202e<img src=x onerror=alert(1)>'

pytestmark = pytest.mark.django_db


@pytest.fixture
def view(reader: Membership, brand: Brand) -> SavedView:
    return complaints(reader, brand)


def path_of(view: SavedView, feed_format: FeedFormat, by: User, settings: Settings) -> str:
    _feed, address = make_feed(view=view, name="Reader", feed_format=feed_format, by=by)
    assert address.startswith(f"{settings.PUBLIC_URL}/feed/smf_")
    return address.removeprefix(settings.PUBLIC_URL)


def test_a_feed_reader_shows_what_the_tab_shows(
    view: SavedView, brand: Brand, owner: User, client: Client, settings: Settings
) -> None:
    older = hear(
        brand, "The coffee was cold\nagain", at=timezone.now() - timedelta(hours=1), edited_at=timezone.now()
    )
    newer = hear(brand, "Closed", url="javascript:alert(1)", author_name="")
    hear(brand, "Lovely", sentiment=Tone.POSITIVE)
    hear(brand, "Not them", status=MentionStatus.NOT_ABOUT_US)

    answer = client.get(path_of(view, FeedFormat.RSS, owner, settings))
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert read.feed.title == "Complaints · Halden Coffee"
    assert [entry.title for entry in read.entries] == [
        "lena.example.com on Bluesky: Closed", "Lena on Bluesky: The coffee was cold again",
    ]  # fmt: skip
    assert [entry.id for entry in read.entries] == [
        f"urn:smedash:mention:{each.pk}" for each in (newer, older)
    ]
    assert read.entries[0].link == f"{settings.PUBLIC_URL}/o/halden-coffee/mentions/{newer.pk}/"
    assert (read.entries[1].link, read.entries[1].author) == ("https://example.com/post", "Lena")
    assert read.entries[1].summary == "The coffee was cold<br />again"

    told = json.loads(client.get(path_of(view, FeedFormat.JSON, owner, settings)).content)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["content_text"] for item in told["items"]] == ["Closed", "The coffee was cold\nagain"]
    assert told["items"][1]["authors"] == [{"name": "Lena"}]
    assert told["items"][1]["date_modified"] > told["items"][1]["date_published"]


def test_what_strangers_wrote_is_text_in_both(
    view: SavedView, brand: Brand, owner: User, client: Client, settings: Settings
) -> None:
    hear(
        brand,
        HOSTILE,
        title=HOSTILE,
        author_name=HOSTILE,
        author_url="data:text/html,x",
        url=f"https://x.example/{HOSTILE}",
    )
    SavedView.objects.filter(pk=view.pk).update(name=HOSTILE[:40])
    view.refresh_from_db()
    rss = client.get(path_of(view, FeedFormat.RSS, owner, settings)).content
    item = ElementTree.fromstring(rss).find("channel/item")
    assert item is not None
    assert "<" not in str(item.findtext("title")) + str(
        item.findtext("{http://purl.org/dc/elements/1.1/}creator")
    )
    # What a reader takes for markup is text once more.
    assert "<script" not in str(item.findtext("description"))
    assert "&lt;script&gt;" in str(item.findtext("description"))
    assert str(item.findtext("link")).startswith(settings.PUBLIC_URL)

    body = client.get(path_of(view, FeedFormat.JSON, owner, settings)).content
    assert b"<" not in body
    told = json.loads(body)["items"][0]
    assert "<script>alert(1)</script>" in told["content_text"]
    assert not set(told["content_text"]) & set("\x0b\x1f\ufffe")
    assert told["url"].startswith(settings.PUBLIC_URL)
    assert "url" not in told["authors"][0]


def test_who_asks_again_is_told_that_nothing_changed(
    view: SavedView, brand: Brand, owner: User, client: Client, settings: Settings
) -> None:
    mention = hear(brand, "Cold")
    path = path_of(view, FeedFormat.RSS, owner, settings)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = client.get(path)
        known = {"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]}
        clock.shift(timedelta(minutes=10))
        cache.clear()
        for headers in (known, {"If-Modified-Since": first["Last-Modified"]}):
            again = client.get(path, headers=headers)
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        # A mention that is put aside takes nothing new along, and yet it is a change.
        Mention.objects.filter(pk=mention.pk).update(status=MentionStatus.REMOVED)
        assert client.get(path, headers=known).status_code == 304  # for a minute
        clock.shift(timedelta(minutes=2))
        cache.clear()
        changed = client.get(path, headers=known)
        assert (changed.status_code, b"<item>" in changed.content) == (200, False)
        assert changed["Last-Modified"] > first["Last-Modified"]
    assert ViewFeed.objects.get().last_used_at is not None


def test_a_feed_ends_when_it_is_revoked_and_with_the_sharing(
    view: SavedView,
    owner: User,
    marketer: User,
    client: Client,
    settings: Settings,
    django_capture_on_commit_callbacks: object,
) -> None:
    path = path_of(view, FeedFormat.JSON, owner, settings)
    assert client.get(path).status_code == 200
    feed = ViewFeed.objects.get()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture of pytest-django
        revoke_feed(feed=feed, now=timezone.now())
    assert (client.get(path).status_code, client.get(path[:-2] + "0/").status_code) == (410, 404)
    said = [
        (event.action, event.subject_name) for event in AuditEvent.objects.filter(subject_kind="viewfeed")
    ]
    assert sorted(said) == [("created", f"Reader ({feed.hint}…)"), ("deleted", f"Reader ({feed.hint}…)")]

    other = path_of(view, FeedFormat.JSON, owner, settings)
    SavedView.objects.update(private_to=view.organization.memberships.get(user=marketer))
    assert client.get(other).status_code == 404


@pytest.fixture
def own_view(brand: Brand, marketer: User) -> SavedView:
    return complaints(member(brand, marketer), brand, is_shared=False)


def member(brand: Brand, person: User) -> Membership:
    memberships = Membership.objects.select_related("organization", "user")
    return memberships.get(organization=brand.organization_id, user=person)


def test_who_has_a_view_alone_makes_its_feeds_and_nobody_else_sees_them(
    own_view: SavedView, brand: Brand, owner: User, marketer: User, sign_in: SignIn, client: Client
) -> None:
    hear(brand, "Cold")
    page = f"/o/halden-coffee/mentions/views/{own_view.pk}/"
    typed = {"reader": "My reader", "format": "json"}
    assert sign_in(owner).post(f"{page}feeds/", typed).status_code == 404
    made = sign_in(marketer).post(f"{page}feeds/", typed).content.decode()
    path = made[made.index("/feed/smf_") :].partition('"')[0].partition("<")[0]
    assert len(json.loads(client.get(path).content)["items"]) == 1
    shown = sign_in(marketer).get(page).content.decode()
    assert "My reader" in shown
    assert "only a view that your team shares can have one" in shown

    revoking = f"/o/halden-coffee/mentions/views/feeds/{ViewFeed.objects.get().pk}/revoke/"
    assert sign_in(owner).post(revoking).status_code == 404
    assert sign_in(marketer).post(revoking).status_code == 302
    cache.clear()
    assert client.get(path).status_code == 410


def look_only(membership: Membership) -> None:
    Membership.objects.filter(pk=membership.pk).update(role=Role.VIEWER)


def leave(membership: Membership) -> None:
    leave_organization(organization=membership.organization, user=membership.user)


def switch_off(membership: Membership) -> None:
    User.objects.filter(pk=membership.user_id).update(is_active=False)


def share(membership: Membership) -> None:
    begin_sharing(view=SavedView.objects.get(), by=membership, now=timezone.now())


@pytest.mark.parametrize(
    ("happens", "status"), [(leave, 404), (look_only, 410), (switch_off, 410), (share, 410)]
)
def test_the_feed_of_a_private_view_ends_with_what_its_owner_may(
    own_view: SavedView,
    brand: Brand,
    marketer: User,
    client: Client,
    settings: Settings,
    happens: Callable[..., object],
    status: int,
) -> None:
    path = path_of(own_view, FeedFormat.RSS, marketer, settings)
    assert client.get(path).status_code == 200
    happens(membership=member(brand, marketer))
    cache.clear()

    assert client.get(path).status_code == status
    assert not ViewFeed.objects.filter(revoked_at=None).exists()


def test_a_feed_that_nobody_asks_for_ends_too(
    own_view: SavedView, brand: Brand, owner: User, marketer: User, settings: Settings
) -> None:
    path_of(own_view, FeedFormat.RSS, marketer, settings)
    path_of(complaints(member(brand, owner), brand), FeedFormat.RSS, owner, settings)
    revoke_feeds_without_an_owner()
    assert ViewFeed.objects.filter(revoked_at=None).count() == 2
    look_only(member(brand, marketer))
    revoke_feeds_without_an_owner()

    assert [feed.created_by for feed in ViewFeed.objects.filter(revoked_at=None)] == [owner]
    assert ViewFeed.objects.exclude(revoked_at=None).get().view == own_view


def test_a_feed_is_bounded_and_a_flood_is_refused(
    view: SavedView,
    brand: Brand,
    owner: User,
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(4):
        hear(brand, f"cold {number} " + "very " * 1000)
    monkeypatch.setattr(rendering, "MOST_ITEMS", 3)
    path = path_of(view, FeedFormat.JSON, owner, settings)
    items = json.loads(client.get(path).content)["items"]
    assert [item["content_text"][:6] for item in items] == ["cold 3", "cold 2", "cold 1"]
    assert all(len(item["content_text"]) <= rendering.LONGEST_TEXT for item in items)
    monkeypatch.setattr(public, "FEEDS_A_MINUTE", 1)
    refused = client.get(path)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60


def test_feeds_need_no_redis(
    view: SavedView,
    brand: Brand,
    owner: User,
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hear(brand, "Cold")
    path = path_of(view, FeedFormat.RSS, owner, settings)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    assert len(feedparser.parse(client.get(path).content).entries) == 1


def test_only_admins_make_feeds_and_the_address_is_shown_once(
    view: SavedView, owner: User, marketer: User, sign_in: SignIn, empty_redis: redis.Redis
) -> None:
    page = f"/o/halden-coffee/mentions/views/{view.pk}/"
    refused = sign_in(marketer).post(f"{page}feeds/", {"reader": "x", "format": "rss"}, follow=True)
    assert "given out by admins and owners" in refused.content.decode()
    assert not ViewFeed.objects.exists()
    assert "feeds/" not in sign_in(marketer).get(page).content.decode()
    client = sign_in(owner)
    made = client.post(f"{page}feeds/", {"reader": "Lea", "format": "rss"})
    assert made["Cache-Control"] == "no-store"
    assert "/feed/smf_" in made.content.decode()
    again = client.get(page).content.decode()
    assert "/feed/smf_" not in again
    assert "Lea" in again
    revoking = f"/o/halden-coffee/mentions/views/feeds/{ViewFeed.objects.get().pk}/revoke/"
    sign_in(marketer).post(revoking)
    assert ViewFeed.objects.get().revoked_at is None
    client.post(revoking)
    assert ViewFeed.objects.get().revoked_at is not None
