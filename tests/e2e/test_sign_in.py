"""Signing up and in as people do it: the mail followed, an authenticator app, a passkey, two-factor required."""

from __future__ import annotations

import re

import pyotp
import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Membership, Organization, Role, User
from monitoring.listening.models import Brand
from tests.accounts.second_factors import give_app
from tests.browsers import let_in
from tests.cast import PASSWORD, SignIn, make_person
from tests.e2e.looking import Looker

PAGES = {
    "activate_totp": "mfa_activate_totp",
    "add_passkey": "mfa_add_webauthn",
    "change_address": "account_email",
    "sessions": "usersessions_list",
    "elsewhere": "socialaccount_connections",
    "ways_in": "mfa_index",
}
# By night only colors differ; these pages have some of their own.
BY_NIGHT = {"activate_totp", "ways_in", "recovery_codes", "second_step"}
PAGES_OF_THE_PROTECTED = {
    "deactivate_totp": "mfa_deactivate_totp",
    "recovery_codes": "mfa_view_recovery_codes",
    "new_recovery_codes": "mfa_generate_recovery_codes",
    "code_again": "mfa_reauthenticate",
    "passkey_again": "mfa_reauthenticate_webauthn",
    "password_again": "account_reauthenticate",
}


@pytest.fixture
def host(settings: Settings, live_server: LiveServer) -> str:
    """Passkeys belong to a name, never to an IP address."""
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.PUBLIC_URL = str(live_server.url).replace("127.0.0.1", "localhost")
    return str(settings.PUBLIC_URL)


@pytest.fixture
def mail_server(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.ACCOUNT_EMAIL_VERIFICATION = "mail.example.com", "mandatory"


@pytest.fixture
def person(transactional_db: None) -> User:
    return make_person("Mara")


def type_password(page: Page, host: str, user: User) -> None:
    page.goto(f"{host}/account/login/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_authenticator(page: Page) -> None:
    """A phone or a laptop that recognizes its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    abilities = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    options = {"protocol": "ctap2", "transport": "internal", **abilities, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page, host: str) -> None:
    page.goto(f"{host}/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")  # and until it is loaded: a button needs its script


def test_somebody_signs_up_follows_the_mail_and_begins(
    page: Page, host: str, mail_server: None, settings: Settings, transactional_db: None
) -> None:
    settings.SIGN_UP = "open"
    make_person("Somebody")  # the instance has its owner
    page.goto(f"{host}/account/login/")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Your name").fill("Mara Lindqvist")
    page.get_by_label("E-mail").fill("mara@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()

    page.goto(next(word for word in str(mail.outbox[0].body).split() if word.startswith(host)))
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_label("Name of your business")).to_be_visible()


def test_an_authenticator_app_is_set_up_and_then_asked_for(page: Page, host: str, person: User) -> None:
    type_password(page, host, person)
    page.goto(f"{host}/account/security/")
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_text("It cannot scan?").click()
    app = pyotp.TOTP(page.get_by_label("Type this into the app").input_value())
    page.get_by_label("The code that your app shows").fill(app.now())
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    code = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Your password alone opens nothing.")).to_be_visible()

    sign_out(page, host)
    type_password(page, host, person)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("That is not right")).to_be_visible()
    # The one that set it up was used by that.
    page.get_by_label("Code").fill(app.at(timezone.now(), counter_offset=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Name of your business")).to_be_visible()

    sign_out(page, host)
    type_password(page, host, person)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Name of your business")).to_be_visible()


def test_a_passkey_is_added_signs_in_alone_and_is_the_second_step(
    page: Page, host: str, person: User
) -> None:
    add_authenticator(page)
    type_password(page, host, person)
    page.goto(f"{host}/account/security/webauthn/add/")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Laptop", exact=True)).to_be_visible()

    sign_out(page, host)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_label("Name of your business")).to_be_visible()

    sign_out(page, host)
    type_password(page, host, person)
    page.wait_for_url("**/authenticate/**")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_label("Name of your business")).to_be_visible()


def test_a_member_is_led_to_the_second_factor_that_their_business_requires(
    page: Page, host: str, person: User, organization: Organization
) -> None:
    Membership.objects.create(organization=organization, user=person, role=Role.VIEWER)
    Organization.objects.update(requires_two_factor=True)
    add_authenticator(page)
    type_password(page, host, person)
    expect(page.get_by_text("Halden Coffee asks everybody for two-factor sign-in.")).to_be_visible()

    page.get_by_role("link", name="Add a passkey").click()
    page.wait_for_url("**/webauthn/add/**")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="I have kept them").click()
    expect(page).to_have_url(re.compile("/o/halden-coffee/settings/security/"))


def test_the_pages_of_signing_in_are_in_order(
    page: Page, host: str, person: User, mail_server: None, looker: Looker
) -> None:

    def look(name: str, link: str) -> None:
        if name in BY_NIGHT:
            looker.look_at_by_day_and_night(name, link)
        else:
            looker.look_at(name, link, theme="light")

    type_password(page, host, person)
    page.wait_for_url("**/start/**")
    for name, address in sorted(PAGES.items()):
        look(name, host + reverse(address))
    app = give_app(person)
    sign_out(page, host)
    type_password(page, host, person)
    page.wait_for_url("**/authenticate/**")
    look("second_step", f"{host}/account/security/authenticate/")
    page.get_by_label("Code").fill(app.now())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/start/**")
    for name, address in sorted(PAGES_OF_THE_PROTECTED.items()):
        look(name, host + reverse(address))
    assert not looker.findings, "\n".join(looker.findings)


def test_what_was_typed_is_there_again_after_a_session_has_ended_in_the_middle_of_a_form(
    owners_page: Page, brand: Brand, owner: User
) -> None:
    here = f"/o/{brand.organization.slug}/goal/campaigns/new/"
    send_without_session(owners_page, here)
    sign_in_again(owners_page, owner, here)
    expect(owners_page.get_by_text("You had been signed out.")).to_be_visible()
    expect(owners_page.get_by_label("Coupon codes")).to_have_value("SPRING1\nSPRING2")
    owners_page.get_by_role("button", name="Make the campaign").click()
    expect(owners_page.get_by_text("“Spring 🌷 offer” is ready for its first link.")).to_be_visible()

    owners_page.goto(here)
    expect(owners_page.get_by_label("Name")).to_have_value("")  # once, and no more


def test_nobody_else_who_signs_in_at_the_same_till_sees_what_was_typed(
    owners_page: Page, brand: Brand, marketer: User
) -> None:
    here = f"/o/{brand.organization.slug}/goal/campaigns/new/"
    send_without_session(owners_page, here)
    sign_in_again(owners_page, marketer, here)
    expect(owners_page.get_by_label("Name")).to_have_value("")
    expect(owners_page.get_by_text("You had been signed out.")).to_be_hidden()
    assert "SPRING1" not in owners_page.evaluate("JSON.stringify(sessionStorage)")


def send_without_session(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Name").fill("Spring 🌷 offer")
    page.get_by_label("Coupon codes").fill("SPRING1\nSPRING2")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Make the campaign").click()


def sign_in_again(page: Page, person: User, address: str) -> None:
    page.wait_for_url("**/account/login/**")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{address}")


def test_a_choice_of_money_outlives_the_end_of_a_session(
    browser: Browser, live_server: LiveServer, transactional_db: None, owner: User, sign_in: SignIn
) -> None:
    """The form proposes the money that is usual where the browser is: not over what somebody has chosen."""
    with browser.new_context(
        base_url=live_server.url, locale="en-US", timezone_id="America/New_York"
    ) as abroad:
        let_in(abroad, sign_in(owner), live_server.url)
        page = abroad.new_page()
        page.goto("/start/business/")
        page.get_by_label("Currency").select_option("CAD")
        page.get_by_label("Name of your business").fill("Second shop")
        abroad.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        page.get_by_role("button", name="Go on").click()
        sign_in_again(page, owner, "/start/business/")
        expect(page.get_by_text("You had been signed out.")).to_be_visible()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_label("Currency")).to_have_value("CAD")


def test_a_button_alone_is_not_said_to_have_been_typed(owners_page: Page, brand: Brand, owner: User) -> None:
    """A form without anything to fill in: there is nothing to look at again."""
    here = f"/o/{brand.organization.slug}/sources/"
    owners_page.goto(here)
    button = owners_page.locator("main form[method=post] button[type=submit]").first
    owners_page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    button.click()
    sign_in_again(owners_page, owner, here)
    expect(owners_page.get_by_text("You had been signed out.")).to_be_hidden()
