"""What no form of ours offers, and somebody sends all the same: a clear answer, never a broken page."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Organization, SetupStep, TokenScope, User
from accounts.setup import renew_setup_link
from accounts.tokens import issue_token
from monitoring.listening.models import Mention, TrackedProfile
from monitoring.reports.letters.sending import send_letter
from tests.addresses import EXAMPLES
from tests.cast import PASSWORD, SignIn

PAGES_WITH_A_PERIOD = ("dashboard:overview", "listening:mentions", "audience:audience")
ELSEWHERE = (
    "//evil.example",
    "https://evil.example/",
    "https:evil.example",
    "https:\\\\evil.example",
    "/\\evil.example",
    "\t//evil.example",
    "javascript:alert(1)",
    "http://testserver@evil.example/",
    "http://[::1",
)
LONG_WEBSITE = "https://example.com/" + "a" * 300


@pytest.fixture
def client(owner: User, organization: Organization, sign_in: SignIn) -> Client:
    return sign_in(owner)


@pytest.mark.parametrize("name", PAGES_WITH_A_PERIOD)
@pytest.mark.parametrize("ends", ["from=0001-01-01&to=0001-01-05", "from=9999-12-01&to=9999-12-31"])
def test_a_period_at_the_end_of_the_calendar_shows_the_usual_one(
    name: str, ends: str, client: Client, organization: Organization
) -> None:
    client.get(reverse("dashboard:resume", args=[organization.slug]))
    answer = client.get(f"{reverse(name, args=[organization.slug])}?{ends}", follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("where", ["overview", *ELSEWHERE])
def test_a_judgement_leads_back_to_our_own_pages_only(
    where: str, client: Client, organization: Organization
) -> None:
    arguments = {"slug": organization.slug, **EXAMPLES["listening:change_mention"](organization)}
    change = {"act": "judge:negative", "next": where}
    answer = client.post(reverse("listening:change_mention", kwargs=arguments), change)

    assert answer.status_code == 302
    assert answer.headers["Location"] in {"overview", reverse("listening:mentions", args=[organization.slug])}
    assert Mention.objects.get(pk=str(arguments["mention_id"])).tone < 0


@pytest.mark.parametrize("where", ELSEWHERE)
def test_signing_in_leads_to_our_own_pages_only(where: str, owner: User) -> None:
    visitor = Client()
    answer = visitor.post(
        "/account/login/",
        {"login": owner.email, "password": PASSWORD, "next": where},
        query_params={"next": where},
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_a_name_adds_no_line_to_the_head_of_a_letter(
    organization: Organization, owner: User, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.example.com"
    Organization.objects.update(name="Halden\r\nBcc: eve@example.org\r\n\r\nHello", setup_step=SetupStep.DONE)
    now = timezone.now()
    monday = (now - timedelta(days=now.weekday())).date()

    assert send_letter(membership=Membership.objects.get(), monday=monday, now=now)

    [letter] = mail.outbox
    assert letter.recipients() == [owner.email]
    assert "Bcc" not in letter.message()


@pytest.mark.parametrize("name", ["dashboard:start", "dashboard:settings"])
def test_a_website_that_is_too_long_is_an_error_of_its_field(
    name: str, client: Client, organization: Organization
) -> None:
    link = reverse(name, args=[] if name == "dashboard:start" else [organization.slug])
    facts = {"name": "Halden", "time_zone": "UTC", "currency": "EUR", "language": "en", "week_start": "1"}
    answer = client.post(link, {**facts, "website": LONG_WEBSITE})

    assert "website" in answer.context["form"].errors
    assert LONG_WEBSITE.encode() in answer.content


@pytest.mark.django_db
def test_an_owners_address_that_is_too_long_is_an_error_of_its_field(client: Client) -> None:
    User.objects.all().delete()
    link = renew_setup_link()
    address = f"{'a' * 60}@{'.'.join([letter * 50 for letter in 'bcde'])}.com"
    answer = client.post(
        link[link.index("/start/") :],
        {"name": "Mara", "email": address, "password": "a kettle sings at dawn"},
    )
    assert "email" in answer.context["form"].errors


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://mastodon.social/@{'z' * 900}",
        f"@jo@{'b' * 300}.social",
        f"https://bsky.app/profile/{'a' * 900}.com",
    ],
)
def test_a_profile_of_an_impossible_length_is_not_understood(
    pasted: str, client: Client, organization: Organization
) -> None:
    answer = client.post(reverse("dashboard:setup_profiles", args=[organization.slug]), {"links": pasted})

    assert answer.status_code == 422
    assert not TrackedProfile.objects.exists()


@pytest.mark.parametrize("field", ["note", "link", "channel", "currency"])
def test_half_a_character_is_refused_with_the_name_of_its_field(
    field: str, organization: Organization
) -> None:
    _token, secret = issue_token(organization=organization, name="Shop", scope=TokenScope.CONVERSIONS)
    answer = Client().post(
        reverse("conversions:api"),
        json.dumps({"kind": "order", "idempotency_key": "7", field: "\ud800"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
