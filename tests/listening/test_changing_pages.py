"""What people do to mentions by the pages, with forms alone as with JavaScript."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from celery import Celery
from django.test import Client

from accounts.models import Organization, User
from monitoring.listening.models import Brand, BulkChange, Mention, MentionStatus, MutedAuthor, Tag
from monitoring.listening.models.mentions import Tone
from tests.cast import SignIn
from tests.listening.test_changing import counted, ids, statuses, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def list_at(brand: Brand, organization: Organization) -> str:
    store(brand, 0, 6)
    return f"/o/{organization.slug}/mentions/"


@pytest.fixture
def client(marketer: User, sign_in: SignIn) -> Client:
    return sign_in(marketer)


def page_of(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "html.parser")


def test_a_selection_is_changed_and_the_message_offers_to_undo_it(
    client: Client, list_at: str, brand: Brand
) -> None:
    page = page_of(client, f"{list_at}?tone=positive")
    form = page.select_one("form#bulk")
    assert form
    chosen = [box["value"] for box in page.select("input[name=chosen][form=bulk]")]
    back = form.select_one("[name=next]")
    assert back
    sent = {"act": "not_about_us", "chosen": chosen, "next": str(back["value"])}
    answer = client.post(str(form["action"]), sent)
    assert answer.headers["Location"] == f"{list_at}?tone=positive"
    assert (len(chosen), counted(brand)) == (2, 4)

    undo = page_of(client, answer.headers["Location"]).select_one("#messages form.undo")
    assert undo
    client.post(str(undo["action"]))
    assert counted(brand) == 6


def test_everything_that_matches_is_changed_only_for_the_brand_that_was_shown(
    client: Client, list_at: str, brand: Brand
) -> None:
    address = f"{list_at}change/?brand={brand.pk}&tone=negative"
    everything = {"act": "judge:neutral", "scope": "matching"}
    client.post(address, {**everything, "brand": str(brand.pk + 1)})
    assert set(Mention.objects.values_list("corrected_sentiment", flat=True)) == {None}

    client.post(address, {**everything, "brand": str(brand.pk)})
    assert Mention.objects.filter(sentiment=Tone.NEGATIVE, tone=Tone.NEUTRAL).count() == 2


def test_many_are_left_to_a_worker_and_their_progress_has_a_page(
    client: Client,
    list_at: str,
    brand: Brand,
    monkeypatch: pytest.MonkeyPatch,
    eager_tasks: Celery,
) -> None:
    monkeypatch.setattr("monitoring.listening.services.changes.AT_ONCE", 3)
    sent = {"act": "archive", "scope": "matching", "brand": str(brand.pk)}
    answer = client.post(f"{list_at}change/?brand={brand.pk}", sent)
    progress = page_of(client, answer.headers["Location"])
    assert "6 mentions archived." in progress.text
    undo = progress.select_one("form[action$='undo/']")
    assert undo
    client.post(str(undo["action"]))

    assert statuses(brand) == [MentionStatus.OPEN] * 6
    assert "6 mentions are what they were" in page_of(client, answer.headers["Location"]).text


def test_a_row_changes_in_its_place(client: Client, list_at: str, brand: Brand) -> None:
    mention = ids(brand)[0]
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{list_at}"}
    answer = client.post(f"{list_at}{mention}/change/", {"act": "archive"}, headers=headers)
    row = BeautifulSoup(answer.content, "html.parser")
    assert row.select_one(f"li#mention-{mention}.aside input[name=chosen]")
    assert row.select_one("#messages[hx-swap-oob] form.undo")

    gone = client.post(f"{list_at}{mention}/change/", {"act": "delete"}, headers=headers)
    assert not BeautifulSoup(gone.content, "html.parser").select("li.mention")
    assert client.get(f"{list_at}{mention}/").status_code == 404
    assert client.post(f"{list_at}{mention}/change/", {"act": "archive"}).status_code == 404


def test_tags_are_made_where_they_are_put_on_and_looked_after_on_their_page(
    client: Client, list_at: str, brand: Brand, organization: Organization
) -> None:
    mention, place = ids(brand)[0], f"/o/{organization.slug}/settings/tags/"
    client.post(f"{list_at}{mention}/change/", {"act": "tag:new", "new_tag": " Launch  party "})
    tag = Tag.objects.get()
    shown = page_of(client, list_at)
    assert [chip.text.strip() for chip in shown.select(".m-tags a.tag")] == ["Launch party"]
    client.post(f"{place}{tag.pk}/", {"name": "Party"})
    assert "1 mention" in page_of(client, place).select("ul.changes li")[0].text
    assert client.post(place, {"name": ""}).status_code == 422
    client.post(place, {"name": "Other"})
    client.post(f"{place}{tag.pk}/", {"name": "other"})  # another has that name
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Other", "Party"]

    client.post(f"{place}{tag.pk}/delete/")
    assert Mention.objects.get(pk=mention).tags == []
    assert not page_of(client, list_at).select(".m-tags")


def test_muted_authors_stand_on_a_page_that_unmutes_them(
    client: Client, list_at: str, brand: Brand, organization: Organization
) -> None:
    client.post(f"{list_at}change/", {"act": "mute", "chosen": ids(brand)[:1]})
    assert counted(brand) == 4
    page = page_of(client, f"/o/{organization.slug}/settings/muted-authors/")
    form = page.select_one("form[action$='unmute/']")
    assert form
    client.post(str(form["action"]))

    assert counted(brand) == 6
    assert not MutedAuthor.objects.exists()
    changes = page_of(client, f"/o/{organization.slug}/settings/changes/")
    assert len(changes.select("ul.changes li")) == 2


def test_what_is_no_act_changes_nothing(client: Client, list_at: str, brand: Brand) -> None:
    for act in ("", "judge:odd", "tag:99", "tag:x", "tag:new", "unmute", "archive:5", "untag:" + "9" * 30):
        client.post(f"{list_at}change/", {"act": act, "chosen": ids(brand)})
        assert client.post(f"{list_at}{ids(brand)[0]}/change/", {"act": act}).status_code == 400
    client.post(f"{list_at}change/", {"act": "archive", "chosen": ["x", "-1", "9" * 40]})
    client.post(f"{list_at}change/", {"act": "archive"})

    assert not BulkChange.objects.filter(changed__gt=0).exists()
    assert statuses(brand) == [MentionStatus.OPEN] * 6


def test_a_viewer_selects_nothing(list_at: str, brand: Brand, viewer: User, sign_in: SignIn) -> None:
    client = sign_in(viewer)
    page = page_of(client, list_at)

    assert page.select("li.mention")
    assert not page.select("input[name=chosen], form#bulk, .menu-panel [name=act]")
    assert client.post(f"{list_at}change/", {"act": "archive", "chosen": ids(brand)}).status_code == 403
