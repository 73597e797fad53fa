"""The widget: what the business chose, in a frame on its own pages and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEvent, Membership, User
from monitoring.alerts.models import ViewWidget
from monitoring.alerts.views import public
from monitoring.conversions.services.site import save_site
from monitoring.listening.models import Brand, Mention, MentionStatus, SavedView
from tests.alerts.heard import complaints, hear
from tests.cast import SignIn

TYPED = {
    "title": "Heard",
    "hosts": "www.halden.example\nhttps://shop.halden.example/x",
    "most": "3",
    "appearance": "device",
}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
OnCommit = Callable[..., AbstractContextManager[list[Callable[[], None]]]]

pytestmark = pytest.mark.django_db


@pytest.fixture
def view(reader: Membership, brand: Brand) -> SavedView:
    return complaints(reader, brand)


def page_of(view: SavedView) -> str:
    return f"/o/halden-coffee/mentions/views/{view.pk}/"


def framed_at(markup: str, settings: Settings) -> str:
    found = re.search(r'<iframe src="([^"]+)"', unescape(markup))
    assert found
    return found[1].removeprefix(settings.PUBLIC_URL)


def test_it_shows_what_was_chosen_where_it_was_allowed(
    view: SavedView, brand: Brand, owner: User, sign_in: SignIn, settings: Settings
) -> None:
    for number in range(4):
        hear(
            brand,
            f"cold {number}" if number else HOSTILE,
            url=f"javascript:{number}" if number == 2 else "https://example.com/p",
        )
    client, anybody = sign_in(owner), Client()
    made = client.post(f"{page_of(view)}widget/", {**TYPED, "shows_links": "on"}).content.decode()
    path = framed_at(made, settings)
    assert "/widget/smw_" in path
    assert "/widget/smw_" not in client.get(page_of(view)).content.decode()

    answer = anybody.get(path)
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "halden.example www.halden.example shop.halden.example www.shop.halden.example",
    }
    assert "X-Frame-Options" not in answer
    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.h1 is not None
    assert page.h1.get_text() == "Heard"
    assert [text.get_text() for text in page.select(".text")] == ["cold 3", "cold 2", "cold 1"]
    assert [link["href"] for link in page.select("li a")] == ["https://example.com/p"] * 2
    assert not page.select("script, style, img, time, .who")

    client.post(
        f"{page_of(view)}widget/", {**TYPED, "most": "5", "shows_authors": "on", "appearance": "dark"}
    )
    cache.clear()
    changed = anybody.get(path).content.decode()
    assert 'data-theme="dark"' in changed
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in changed
    assert changed.count("Lena") == 4


def test_what_is_removed_vanishes_and_so_does_the_widget(
    view: SavedView,
    brand: Brand,
    owner: User,
    sign_in: SignIn,
    settings: Settings,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    mention = hear(brand, "cold")
    client, anybody = sign_in(owner), Client()
    path = framed_at(client.post(f"{page_of(view)}widget/", TYPED).content.decode(), settings)
    assert "cold" in anybody.get(path).content.decode()
    Mention.objects.filter(pk=mention.pk).update(status=MentionStatus.REMOVED)
    assert "cold" in anybody.get(path).content.decode()  # for a minute
    cache.clear()
    assert "Nothing new at the moment." in anybody.get(path).content.decode()

    refused = client.post(f"{page_of(view)}delete/", follow=True).content.decode()
    assert "An admin must remove it first." in refused
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{page_of(view)}widget/remove/")
    assert anybody.get(path).status_code == 404
    recorded = AuditEvent.objects.filter(subject_kind="viewwidget").order_by("pk")
    assert [event.action for event in recorded] == ["created", "deleted"]


def test_it_proposes_the_hosts_of_the_site_and_refuses_others(
    view: SavedView,
    owner: User,
    marketer: User,
    sign_in: SignIn,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_site(organization=view.organization, hosts=["halden.example"], asks_how_heard=False)
    client = sign_in(owner)
    assert ">\nhalden.example</textarea>" in client.get(page_of(view)).content.decode()
    for hosts in ("", "evil.example; script-src *", "*", "'self'", "localhost", "intranet"):
        answer = client.post(f"{page_of(view)}widget/", {**TYPED, "hosts": hosts})
        assert answer.status_code == 422, hosts
    assert not ViewWidget.objects.exists()
    assert "“intranet” has no dot." in answer.content.decode()
    assert sign_in(marketer).post(f"{page_of(view)}widget/", TYPED).status_code == 403

    path = framed_at(client.post(f"{page_of(view)}widget/", TYPED).content.decode(), settings)
    monkeypatch.setattr(public, "WIDGETS_A_MINUTE", 1)
    assert [Client().get(path).status_code for _each in range(2)] == [200, 429]
