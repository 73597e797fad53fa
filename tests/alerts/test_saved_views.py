"""Views that people keep: as tabs with counts, for oneself or for the team."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Value
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Organization, User
from accounts.services.members import remove_member
from monitoring.alerts.mails.choosing import choose_rhythm
from monitoring.alerts.models import FeedFormat, Rhythm, ViewAlert, ViewFeed
from monitoring.alerts.outside.feeds import make_feed
from monitoring.alerts.sharing import end_sharing
from monitoring.listening.models import Brand, BrandKind, Mention, MentionStatus, SavedView
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors import finding, tab_counts
from monitoring.listening.selectors.saved_views import list_tabs, read_choice
from monitoring.listening.selectors.tab_counts import count_tabs
from monitoring.listening.services import saved_views
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.saved_views import (
    ViewRefused,
    delete_view,
    move_view,
    rename_view,
    save_view,
    share_view,
)
from monitoring.listening.showing.choosing import Choice
from monitoring.privacy.authors import author_of
from monitoring.privacy.erasing import begin_erasure, run_erasure
from tests.alerts.heard import complaints, hear
from tests.cast import SignIn

MENTIONS = "/o/halden-coffee/mentions/"
NEW = f"{MENTIONS}views/new/?q=cold&tone=negative&tone=neutral&period=7d&before=99"

pytestmark = pytest.mark.django_db


def member_of(organization: Organization, person: User) -> Membership:
    return Membership.objects.select_related("organization", "user").get(
        organization=organization, user=person
    )


def labels(organization: Organization, person: User, query: str = "") -> list[str]:
    choice = read_choice(SavedView(organization=organization, brand_id=0, query=query))
    return [
        str(tab.label) for tab in list_tabs(choice=choice, membership=member_of(organization, person)).each
    ]


def test_what_is_looked_at_becomes_a_tab_of_ones_own_or_of_all(
    brand: Brand, owner: User, marketer: User, viewer: User, stranger: User, sign_in: SignIn
) -> None:
    answer = sign_in(marketer).post(NEW, {"name": " Cold  coffee "}, follow=True)
    own = SavedView.objects.get(name="Cold coffee")
    assert (
        answer.redirect_chain[-1][0]
        == f"{MENTIONS}?brand={brand.pk}&period=7d&q=cold&tone=negative&tone=neutral&view={own.pk}"
    )
    assert (own.query, own.is_shared) == ("period=7d&q=cold&tone=negative&tone=neutral", False)
    shared_link = f"{MENTIONS}views/new/?tone=positive"
    sign_in(marketer).post(shared_link, {"name": "Praise", "is_shared": "on"})

    assert labels(brand.organization, marketer) == ["All", "Open", "Cold coffee", "Praise"]
    assert labels(brand.organization, viewer) == ["All", "Open", "Praise"]
    page = f"{MENTIONS}views/{own.pk}/"
    assert sign_in(marketer).get(page).status_code == 200
    for other in (owner, viewer, stranger):
        assert sign_in(other).get(page).status_code == 404
        assert sign_in(other).post(f"{page}alert/", {"rhythm": "daily"}).status_code == 404


def test_a_viewer_keeps_views_and_shares_none(
    brand: Brand, viewer: User, owner: User, sign_in: SignIn
) -> None:
    client = sign_in(viewer)
    assert "is_shared" not in client.get(NEW).content.decode()
    client.post(NEW, {"name": "Mine", "is_shared": "on"})
    mine = SavedView.objects.get()
    assert not mine.is_shared
    assert client.post(f"{MENTIONS}views/{mine.pk}/share/").status_code == 403

    shared = complaints(member_of(brand.organization, owner), brand)
    said = client.post(f"{MENTIONS}views/{shared.pk}/delete/", follow=True).content.decode()
    assert "Only marketers, admins and owners" in said
    assert client.post(f"{MENTIONS}views/{mine.pk}/delete/", follow=True).status_code == 200
    assert list(SavedView.objects.all()) == [shared]


def test_of_two_views_that_hold_the_same_one_is_marked(brand: Brand, owner: User) -> None:
    reader = member_of(brand.organization, owner)
    save_view(membership=reader, brand=brand, name="First", query="tone=negative")
    second = save_view(membership=reader, brand=brand, name="Second", query="tone=negative")
    save_view(membership=reader, brand=brand, name="Everything", query="")

    def marked(query: str) -> list[str]:
        choice = Choice(brand.organization, QueryDict(f"brand={brand.pk}&{query}"))
        return [str(tab.label) for tab in list_tabs(choice=choice, membership=reader).each if tab.is_current]

    assert marked("tone=negative") == ["First"]
    assert marked(f"tone=negative&view={second.pk}") == ["Second"]
    assert marked(f"tone=positive&view={second.pk}") == []
    assert marked("") == ["All"]
    tabs = {
        str(tab.label): tab.address for tab in list_tabs(choice=read_choice(second), membership=reader).each
    }
    assert marked(tabs["Second"].removeprefix("?")) == ["Second"]
    assert marked(tabs["Everything"].removeprefix("?")) == ["Everything"]
    assert marked(tabs["All"].removeprefix("?")) == ["All"]


def test_what_is_rare_is_not_looked_for_among_all_there_are(
    brand: Brand, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = member_of(brand.organization, owner)
    save_view(membership=reader, brand=brand, name="Rare", query="tone=negative&has=link")
    save_view(membership=reader, brand=brand, name="Word", query="q=cold")
    save_view(membership=reader, brand=brand, name="Other word", query="q=lovely")
    for days in range(10):
        hear(brand, "cold", at=timezone.now() - timedelta(days=days), links=["https://example.com/"])

    Mention.objects.update(search=SearchVector(Value("cold"), config="simple"))

    def counted() -> dict[str, tuple[int, bool] | None]:
        tabs = count_tabs(list_tabs(choice=read_choice(SavedView.objects.all()[0]), membership=reader))
        return {
            str(tab.label): (tab.count.number, tab.count.more) if tab.count else None
            for tab in tabs.each
            if tab.view
        }

    assert counted() == {"Rare": (10, False), "Word": (10, False), "Other word": (0, False)}
    monkeypatch.setattr(finding, "IN_THE_INDEX", 4)
    monkeypatch.setattr(finding, "IN_THE_TABLE", 4)
    assert counted() == {"Rare": (4, True), "Word": (10, False), "Other word": (0, False)}
    monkeypatch.setattr(finding, "SURELY_MORE", 0)
    assert counted() == {"Rare": (4, True), "Word": (10_000, True), "Other word": (10_000, True)}
    monkeypatch.setattr(tab_counts, "MOST_SAMPLED", 1)
    assert counted() == {"Rare": (4, True), "Word": (10_000, True), "Other word": None}


def test_the_tabs_count_what_their_lists_hold(
    brand: Brand, owner: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    rival = create_brand(organization=brand.organization, name="Bean", kind=BrandKind.COMPETITOR)
    reader = member_of(brand.organization, owner)
    complaints(reader, brand)
    save_view(membership=reader, brand=rival, name="Theirs", query="")
    for number in range(3):
        hear(brand, f"cold {number}")
    hear(brand, "lovely", sentiment=Tone.POSITIVE, status=MentionStatus.ARCHIVED)
    hear(brand, "not us", status=MentionStatus.NOT_ABOUT_US)
    hear(rival, "Bean opened")

    choice = read_choice(SavedView(organization=brand.organization, brand=brand))
    tabs = list_tabs(choice=choice, membership=reader)
    with CaptureQueriesContext(connection) as queries:
        counted = count_tabs(tabs)
    assert [(str(tab.label), tab.count and tab.count.number) for tab in counted.each] == [
        ("All", 4), ("Open", 3), ("Bean · Theirs", 1), ("Complaints", 3),
    ]  # fmt: skip
    assert len(queries) <= 3
    shown = sign_in(owner).get(f"{MENTIONS}views/counts/?tone=negative&brand={brand.pk}").content.decode()
    assert 'aria-current="true">Complaints <span>3</span>' in shown
    assert "hx-get" not in shown


def test_names_places_and_owners_of_views_have_rules(
    brand: Brand, owner: User, marketer: User, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs, small = (member_of(brand.organization, person) for person in (owner, marketer, viewer))
    first = complaints(mine, brand)
    second = save_view(membership=theirs, brand=brand, name="Praise", query="tone=positive", is_shared=True)
    with pytest.raises(ViewRefused, match="of this name"):
        rename_view(view=second, name="Complaints", by=theirs)
    own = complaints(theirs, brand, is_shared=False)  # the same name, in another drawer
    with pytest.raises(ViewRefused, match="of this name"):
        share_view(view=own, by=theirs)
    with pytest.raises(ViewRefused, match="somebody else"):
        delete_view(view=own, by=mine)
    with pytest.raises(ViewRefused, match="Only who made"):
        end_sharing(view=first, by=theirs)
    second.refresh_from_db()
    move_view(view=second, by=theirs, places=-1)
    assert labels(brand.organization, viewer) == ["All", "Open", "Praise", "Complaints"]

    choose_rhythm(view=first, membership=small, rhythm=Rhythm.DAILY, now=timezone.now())
    end_sharing(view=first, by=mine)
    assert not ViewAlert.objects.exists()
    assert labels(brand.organization, viewer) == ["All", "Open", "Praise"]
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 1)
    with pytest.raises(ViewRefused, match="1 views already"):
        save_view(membership=mine, brand=brand, name="More", query="")
    recorded = AuditEvent.objects.filter(subject_kind="savedview").order_by("pk")
    assert [(event.action, event.subject_name) for event in recorded] == [
        ("created", "Complaints"), ("created", "Praise"), ("deleted", "Complaints"),
    ]  # fmt: skip


def test_with_a_member_go_their_own_views_and_mails_and_nothing_that_others_use(
    brand: Brand, owner: User, admin: User
) -> None:
    organization, leaving = brand.organization, member_of(brand.organization, admin)
    shared = complaints(leaving, brand)
    own = complaints(leaving, brand, is_shared=False)
    for view in (shared, own):
        choose_rhythm(view=view, membership=leaving, rhythm=Rhythm.AT_ONCE, now=timezone.now())
    feed, _address = make_feed(view=shared, name="Reader", feed_format=FeedFormat.RSS, by=admin)
    make_feed(view=own, name="Reader", feed_format=FeedFormat.RSS, by=admin)
    with pytest.raises(ViewRefused, match="Share the view"):
        make_feed(view=own, name="Reader", feed_format=FeedFormat.RSS, by=owner)
    with pytest.raises(ViewRefused, match="A feed or a widget"):
        end_sharing(view=shared, by=leaving)

    remove_member(organization=organization, membership_id=leaving.pk, by=owner)
    assert list(SavedView.objects.all()) == [shared]
    assert not ViewAlert.objects.exists()
    assert list(ViewFeed.objects.all()) == [feed]
    feed.refresh_from_db()
    assert (feed.created_by, feed.revoked_at) == (admin, None)


def test_a_view_of_one_author_goes_with_the_author(brand: Brand, owner: User) -> None:
    reader = member_of(brand.organization, owner)
    for name, query in (
        ("Lena", "author=bluesky%3Alena"),
        ("Lenard", "author=bluesky%3Alenard"),
        ("All", ""),
    ):
        save_view(membership=reader, brand=brand, name=name, query=query)
    lena = author_of(hear(brand, "cold"))
    run_erasure(erasure=begin_erasure(organization=brand.organization, author=lena, by=owner))
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Lenard", "All"}


def test_a_view_keeps_moving_days_and_fixed_ones(brand: Brand, owner: User) -> None:
    hear(brand, "long ago", at=timezone.now() - timedelta(days=20))
    reader = member_of(brand.organization, owner)
    week = save_view(membership=reader, brand=brand, name="Week", query="period=7d")
    assert read_choice(week).period.days == 7
    assert Choice(brand.organization, read_choice(week).parameters).brand == brand
