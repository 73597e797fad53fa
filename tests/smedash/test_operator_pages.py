"""Django's admin opens to operators with a second factor only, changes next to nothing and tells no secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import AuditEvent, Organization, TokenScope, User
from accounts.tokens import issue_token
from monitoring.jobs.models import FileImport
from monitoring.listening.models import Mention
from monitoring.platforms.models import ConnectedAccount
from smedash.administration.lists import operator_site
from smedash.administration.reading import ReadOnly
from tests.browsers import let_in
from tests.cast import SignIn, make_person
from tests.filled_business import fill

HOME = "/operator/"
SEED = "JBSWY3DPEHPK3PXP"
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.smedash.with_operator_pages")]


@pytest.fixture
def operator(db: None) -> User:
    user = make_person("Operator")
    call_command("operator", user.email, stdout=StringIO())
    user.refresh_from_db()
    TOTP.activate(user, SEED)
    return user


@pytest.fixture
def filled(organization: Organization) -> Organization:
    fill(organization)
    account = ConnectedAccount(organization=organization, platform="mastodon", handle="halden")
    account.credentials = {"token": "in the clear"}
    account.save()
    issue_token(organization=organization, name="Shop", scope=TokenScope.CONVERSIONS)
    return organization


def lists() -> Iterator[tuple[type[Model], str]]:
    for model in operator_site._registry:
        yield model, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def pages_of(model: type[Model]) -> list[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    return [reverse(name, args=[row.pk]) for row in model._base_manager.order_by("-pk")[:3]]


def test_every_address_is_closed_to_everybody_else(
    operator: User, owner: User, sign_in: SignIn, client: Client
) -> None:
    """Also where a URL of the admin were added without its guard."""
    without_factor = make_person("Newcomer")
    User.objects.filter(pk=without_factor.pk).update(is_staff=True)
    TOTP.activate(owner, SEED)
    answers = {
        who: {link: browser.get(link) for link in _addresses()}
        for who, browser in (
            ("nobody", client),
            ("an owner with a second factor", sign_in(owner)),
            ("staff without one", sign_in(without_factor)),
        )
    }
    assert len(answers["nobody"]) > 60
    for link, answer in answers["nobody"].items():
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
            302,
            "/account/login/",
        ), link
    assert {answer.status_code for answer in answers["an owner with a second factor"].values()} == {404}
    refused = answers["staff without one"].values()
    assert {answer.status_code for answer in refused} == {403}
    assert all("Two-factor sign-in is missing" in answer.content.decode() for answer in refused)


def _addresses() -> list[str]:
    """One address for every pattern of the site, those that would change something included."""
    found = {f"{HOME}accounts/", f"{HOME}anything/else/"}  # the two whose patterns are regular expressions
    for pattern in operator_site.get_urls():
        within = pattern.url_patterns if isinstance(pattern, URLResolver) else [pattern]
        start = str(pattern.pattern) if isinstance(pattern, URLResolver) else ""
        found |= {
            HOME + re.sub(r"<[^>]+>", "1", start + str(each.pattern))
            for each in within
            if "(?P" not in str(each.pattern)
        }
    return sorted(found - {f"{HOME}logout/"})


def test_an_operator_reads_every_list_and_page_in_few_queries_and_no_secret(
    operator: User, filled: Organization, sign_in: SignIn
) -> None:
    client = sign_in(operator)
    links = [(model, link) for model, link in lists()]
    seen = client.get(HOME).content.decode()
    for model, link in links:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(link)
        assert (answer.status_code, link) == (200, link)
        assert len(queries) <= 9, (link, [query["sql"] for query in queries])
        pages = pages_of(model)
        assert pages or model is FileImport or model._meta.model_name == "fileexport", link
        seen += answer.content.decode() + "".join(client.get(page).content.decode() for page in pages)
    told = [*Mention.objects.values_list("text", flat=True), *_secrets()]
    assert len(told) > 10
    assert not [text for text in told if text and text[:40] in seen]


def _secrets() -> list[str]:
    stored = [
        *ConnectedAccount.objects.exclude(sealed_credentials="").values_list("sealed_credentials", flat=True)
    ]
    stored += User.objects.values_list("password", flat=True)
    return ["in the clear", SEED, "gAAAAA", *stored]


def test_nothing_can_be_added_changed_or_deleted(
    operator: User, filled: Organization, sign_in: SignIn
) -> None:
    client = sign_in(operator)
    for model, link in lists():
        for page in [f"{link}add/", *(f"{page}../delete/" for page in pages_of(model))]:
            assert client.post(page, {"post": "yes"}).status_code in (403, 404), page
        for page in pages_of(model):
            assert client.post(page, {"name": "changed"}).status_code == 403, page
    assert all(isinstance(admin, ReadOnly) for admin in operator_site._registry.values())


def test_an_operator_locks_somebody_out_and_in_again_and_the_log_says_so(
    operator: User, stranger: User, sign_in: SignIn
) -> None:
    people, strangers = reverse("admin:accounts_user_changelist"), sign_in(stranger)
    client = sign_in(operator)
    for action, active in (("forbid", False), ("forbid", False), ("allow", True)):
        client.post(people, {"action": action, "_selected_action": [stranger.pk, operator.pk]})
        stranger.refresh_from_db()
        assert stranger.is_active is active
        assert (strangers.get("/").headers["Location"] != "/account/login/") is active or not active
    operator.refresh_from_db()
    assert operator.is_active
    changes = AuditEvent.objects.filter(subject_id=stranger.pk, actor=operator).order_by("pk")
    assert [event.after for event in changes] == [{"is_active": False}, {"is_active": True}]


def test_the_command_makes_operators_and_says_what_is_missing(owner: User) -> None:
    told = StringIO()
    call_command("operator", owner.email.upper(), stdout=told)
    assert "must set up two-factor sign-in" in told.getvalue()
    assert "set ADMIN_PATH" in told.getvalue()
    owner.refresh_from_db()
    assert owner.is_staff
    call_command("operator", owner.email, "--remove", stdout=told)
    owner.refresh_from_db()
    assert not owner.is_staff
    with pytest.raises(CommandError, match=r"Nobody has signed up as nobody@example\.com"):
        call_command("operator", "nobody@example.com")


@pytest.mark.urls("smedash.urls")
def test_switched_off_it_does_not_exist(operator: User, sign_in: SignIn) -> None:
    assert sign_in(operator).get(HOME).status_code == 404


def test_the_pages_keep_the_security_policy_in_a_browser(
    live_server: LiveServer, page: Page, operator: User, organization: Organization, sign_in: SignIn
) -> None:
    """The console stays empty, and the filters and the action work."""
    let_in(page.context, sign_in(operator), live_server.url)
    page.goto(HOME)
    page.get_by_role("link", name="Users").click()
    page.get_by_role("link", name="owner@example.com").click()
    expect(page.get_by_role("heading", name="View user")).to_be_visible()
    page.go_back()
    page.locator("#result_list tbody tr", has_text="owner@example.com").get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option("forbid")
    page.locator("button[name=index]").click()
    expect(page.get_by_text("1 person changed.")).to_be_visible()
