from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from celery import Celery
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organization, User
from monitoring.lib.markdown import render_markdown
from monitoring.privacy.author_requests import CLOSED_KEPT_FOR, MOST_OF_ONE_ADDRESS, forget_requests
from monitoring.privacy.models import AuthorRequest, PrivacyPage
from monitoring.privacy.page_text import suggest_text
from monitoring.privacy.publishing import save_page
from tests.addresses import EXAMPLES
from tests.cast import SignIn

pytestmark = pytest.mark.django_db

ASKED = {
    "wish": "erase",
    "platform": "bluesky",
    "handle": "lena.example.com",
    "email": "lena@example.net",
    "message": "Please.",
}


def words_of(answer: Any) -> str:
    """What the page says, without the token of its forms."""
    return BeautifulSoup(answer.content, "html.parser").get_text()


@pytest.fixture
def public(organization: Organization, admin: User, settings: Settings) -> str:
    settings.EMAIL_HOST = "mail.example.com"
    text = suggest_text(organization=organization, platforms=["bluesky"])
    save_page(organization=organization, text=text, by=admin, is_public=True)
    return reverse("privacy:public", args=[organization.slug])


def test_nobody_sees_the_page_before_an_admin_publishes_it(
    organization: Organization, admin: User, sign_in: SignIn
) -> None:
    public = reverse("privacy:public", args=[organization.slug])
    editor, client = reverse("privacy:page", args=[organization.slug]), sign_in(admin)
    assert "Halden Coffee reads public posts" in client.get(editor).content.decode()
    client.post(editor, {"text": "Only a draft", "act": "save"})
    assert Client().get(public).status_code == 404

    client.post(editor, {"text": "## Hello\n\n<b>bold</b>", "act": "publish"})
    shown = Client().get(public).content.decode()
    assert "<h3>Hello</h3>" in shown
    assert "&lt;b&gt;bold" in shown
    client.post(editor, {"text": "Hello", "act": "save"})
    assert Client().get(public).status_code == 200
    client.post(editor, {"text": "Hello", "act": "hide"})
    assert Client().get(public).status_code == 404


def test_text_becomes_no_markup_of_its_own_and_links_lead_to_the_web() -> None:
    html = render_markdown(
        "<script>x</script> ![a](https://a.example/b.png) [bad](javascript:alert(1)) [data](data:text/html,x) "
        "[good](https://example.com) [mail](mailto:a@example.com)"
    )
    assert "<script" not in html
    assert "<img" not in html
    assert re.findall(r'href="([^"]+)"', html)[-2:] == ["https://example.com", "mailto:a@example.com"]
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert 'rel="noopener nofollow"' in html


def test_a_request_is_confirmed_by_mail_then_erased_and_forgotten(
    public: str, organization: Organization, owner: User, admin: User, sign_in: SignIn, eager_tasks: Celery
) -> None:
    author = Client()
    assert author.post(public, ASKED).status_code == 200
    asked = AuthorRequest.objects.get()
    link = re.search(r"http://\S+?(/privacy/\S+)", str(mail.outbox[0].body))
    assert link is not None
    assert (mail.outbox[0].to, asked.confirmed_at) == (["lena@example.net"], None)
    assert asked.code not in author.get(link[1]).content.decode()
    asked.refresh_from_db()
    assert asked.confirmed_at is None
    assert asked.code in author.post(link[1]).content.decode()
    author.post(link[1])
    assert sorted(message.to[0] for message in mail.outbox[1:]) == [admin.email, owner.email]

    client = sign_in(admin)
    stored = client.get(reverse("privacy:stored", args=[organization.slug])).content.decode()
    assert "1 author waits for an answer" in stored
    page = client.get(reverse("privacy:request", args=[organization.slug, asked.pk])).content.decode()
    assert asked.code in page
    client.post(
        reverse("privacy:erase", args=[organization.slug]),
        {"platform": asked.platform, "handle": asked.handle, "request": asked.pk},
    )
    asked.refresh_from_db()
    assert (asked.outcome, asked.message, asked.closed_by) == ("erased", "", admin)
    assert "has erased your posts" in mail.outbox[-1].subject

    assert forget_requests(now=timezone.now() + CLOSED_KEPT_FOR - timedelta(minutes=1)) == 0
    assert forget_requests(now=timezone.now() + CLOSED_KEPT_FOR + timedelta(minutes=1)) == 1


def test_programs_and_the_impatient_leave_nothing_and_learn_nothing(public: str, eager_tasks: Celery) -> None:
    taken = Client().post(public, {**ASKED, "homepage": "https://spam.example"})
    assert (taken.status_code, AuthorRequest.objects.count()) == (200, 0)
    answers = [Client().post(public, ASKED) for _time in range(4)]
    assert {words_of(answer) for answer in answers} == {words_of(taken)}
    assert AuthorRequest.objects.count() == MOST_OF_ONE_ADDRESS == len(mail.outbox)
    assert Client().post(public, ASKED).status_code == 429

    assert forget_requests(now=timezone.now() + timedelta(days=3)) == MOST_OF_ONE_ADDRESS


def test_nobody_elses_mailbox_is_filled_nor_written_to_by_strangers(
    public: str, owner: User, strangers_organization: Organization, eager_tasks: Celery
) -> None:
    other = save_page(organization=strangers_organization, text="Hello", by=owner, is_public=True)
    spam = {**ASKED, "handle": "you won\r\n\r\nhttps://spam.example", "message": "https://spam.example"}
    for address in ("lena@example.net", "LENA@example.net", "Lena@Example.NET", "lenA@example.net"):
        Client().post(public, {**spam, "email": address})
    Client().post(other.get_absolute_url(), spam)
    assert len(mail.outbox) == MOST_OF_ONE_ADDRESS
    assert not any("spam" in str(message.body) + message.subject for message in mail.outbox)
    kept = AuthorRequest.objects.latest("pk")
    assert (kept.handle, kept.email) == ("you won https://spam.example", "lena@example.net")


def test_a_link_works_for_its_own_business_and_only_while_there_is_a_request(
    public: str, strangers_organization: Organization, eager_tasks: Celery
) -> None:
    Client().post(public, ASKED)
    link = str(mail.outbox[0].body).split("/confirm/")[1].split("/")[0]
    elsewhere = reverse("privacy:confirm", args=[strangers_organization.slug, link])
    assert Client().get(elsewhere).status_code == 404
    assert (
        Client().get(elsewhere.replace(strangers_organization.slug, public.split("/")[2])).status_code == 200
    )
    AuthorRequest.objects.all().delete()
    assert (
        Client().get(elsewhere.replace(strangers_organization.slug, public.split("/")[2])).status_code == 404
    )


def test_a_request_is_answered_without_erasing(
    organization: Organization, admin: User, sign_in: SignIn
) -> None:
    asked = EXAMPLES["privacy:request"](organization)["request_id"]
    close = reverse("privacy:close_request", args=[organization.slug, asked])
    sign_in(admin).post(close, {"outcome": "refused"})
    sign_in(admin).post(close, {"outcome": "answered"})

    assert AuthorRequest.objects.get().outcome == "refused"
    assert PrivacyPage.objects.count() == 0
