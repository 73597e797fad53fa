"""A team grows, in two browsers at once: the invitation, the role, the switch between businesses."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Membership, Organization, Role, SetupStep, User
from accounts.services.invitations import invite
from accounts.services.organizations import create_organization
from tests.browsers import let_in
from tests.cast import SignIn, make_person
from tests.e2e.looking import Looker


def test_somebody_joins_gets_another_role_and_switches(
    transactional_db: None,
    browser: Browser,
    page: Page,
    live_server: LiveServer,
    organization: Organization,
    owner: User,
    sign_in: SignIn,
) -> None:
    other = create_organization(owner=make_person("Stranger"), name="Bright Bean")
    Organization.objects.update(setup_step=SetupStep.DONE)
    let_in(page.context, sign_in(owner), live_server.url)
    page.goto("/o/halden-coffee/settings/team/")
    page.get_by_label("E-mail").fill("lea@example.com")
    page.get_by_label("Role", exact=True).select_option("Viewer")
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("Link", exact=True).input_value()

    guest = browser.new_context(base_url=live_server.url, locale="en-US").new_page()
    guest.goto(link[link.index("/invitation/") :])
    expect(guest.get_by_role("heading", name="Join Halden Coffee")).to_be_visible()
    guest.get_by_label("Your name").fill("Lea")
    guest.get_by_label("Password").fill("steamed milk and patience")
    guest.get_by_role("button", name="Make my account and join").click()
    guest.wait_for_url("**/o/halden-coffee/")
    assert guest.goto("/o/halden-coffee/settings/tokens/").status == 403  # type: ignore[union-attr]

    page.goto("/o/halden-coffee/settings/team/")
    page.get_by_label("Role of Lea", exact=True).select_option("Admin")
    page.get_by_role("button", name="Save the role of Lea").click()
    expect(page.get_by_text("Lea: Admin.")).to_be_visible()
    assert guest.goto("/o/halden-coffee/settings/tokens/").status == 200  # type: ignore[union-attr]

    lea = User.objects.get(email="lea@example.com")
    Membership.objects.create(organization=other, user=lea, role=Role.VIEWER)
    guest.reload()
    guest.locator(".workspace").click()
    guest.get_by_role("link", name="Bright Bean").click()
    guest.wait_for_url("**/o/bright-bean/")
    expect(guest.locator(".workspace")).to_contain_text("Bright Bean")
    assert guest.goto("/o/bright-bean/settings/tokens/").status == 403  # type: ignore[union-attr]

    page.get_by_label("Remove Lea").click()
    page.get_by_role("button", name="Remove from the team").click()
    expect(page.get_by_text("Lea is no longer in the team.")).to_be_visible()
    assert guest.goto("/o/halden-coffee/").status == 404  # type: ignore[union-attr]
    guest.context.close()


def test_the_pages_around_an_invitation_are_in_order(
    transactional_db: None,
    page: Page,
    live_server: LiveServer,
    looker: Looker,
    organization: Organization,
    owner: User,
    viewer: User,
    stranger: User,
    sign_in: SignIn,
    expected_answers: set[tuple[str, int]],
) -> None:
    links = {
        email: invite(organization=organization, email=email, role=Role.MARKETER, by=owner)[1]
        for email in ("lea@example.com", stranger.email)
    }
    new, known = (link.replace(settings.PUBLIC_URL, live_server.url) for link in links.values())
    expected_answers.add(("/invitation/a-guess/", 404))

    looker.look_at("invitation_new", new, theme="light")
    looker.look_at("invitation_sign_in", known, theme="light")
    looker.look_at("invitation_stopped", f"{live_server.url}/invitation/a-guess/", theme="light")
    let_in(page.context, sign_in(stranger), live_server.url)
    looker.look_at("invitation", known, theme="light")
    looker.look_at("invitation_for_another", new, theme="light")
    looker.look_at("no_business", f"{live_server.url}/start/business/", theme="light")
    let_in(page.context, sign_in(owner), live_server.url)
    looker.look_at("team_asked", f"{live_server.url}/o/halden-coffee/settings/team/", theme="dark")
    assert not looker.findings, "\n".join(looker.findings)
