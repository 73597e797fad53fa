"""The frame of every page: where one can go, and what one sees when something is wrong."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from accounts.models import Membership, Organization, Role, User
from smedash.navigation import Place, link_places
from smedash.settings_navigation import link_settings
from tests.cast import SignIn

PAGE = "/o/halden-coffee/settings/"
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


class Attributes(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names, self.links = set[str](), list[tuple[str, str | None]]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {name for name, _value in attrs}
        self.links += [(tag, value) for name, value in attrs if name in {"href", "src", "action"}]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix())
def test_a_template_compiles_and_keeps_to_the_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    engines["django"].from_string(text)
    attributes = Attributes(text)
    assert "style" not in attributes.names
    assert not {name for name in attributes.names if re.match(r"on[a-z]{3}|hx-on", name)}
    assert "<style" not in text
    assert "<script>" not in text


def test_a_page_allows_nothing_inline_and_nothing_foreign(
    sign_in: SignIn, organization: Organization, viewer: User
) -> None:
    answer = sign_in(viewer).get(PAGE)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    foreign = [link for _tag, link in Attributes(answer.content.decode()).links if link and "//" in link]
    assert foreign == []


def test_the_navigation_marks_where_one_is(organization: Organization) -> None:
    places = (
        Place(url_name="dashboard:settings", icon="settings", label="Settings", section="settings"),
        Place(url_name="accounts:mail", icon="mail", label="Mail", section="mail"),
    )
    links = link_places(places, organization, PAGE + "you/")
    assert [(link.address, link.is_current) for link in links] == [
        ("/o/halden-coffee/settings/", True),
        ("/o/halden-coffee/settings/mail/", False),
    ]


def test_of_places_that_share_a_section_the_nearest_is_marked(organization: Organization) -> None:
    settings = Place(url_name="dashboard:settings", icon="settings", label="Settings", section="settings")
    mail = Place(
        url_name="accounts:mail", icon="mail", label="Mail", section="settings/mail", also=("settings/post",)
    )
    for path, marked in (
        ("", [True, False]),
        ("you/", [True, False]),
        ("mail/", [False, True]),
        ("mail/test/", [False, True]),
        ("post/", [False, True]),
        ("mailing/", [True, False]),
    ):
        links = link_places((settings, mail), organization, PAGE + path)
        assert [link.is_current for link in links] == marked


def test_a_place_without_a_page_is_left_out(organization: Organization) -> None:
    missing = Place(url_name="inbox:inbox", icon="inbox", label="Inbox", section="inbox")
    assert link_places((missing,), organization, PAGE) == []


def test_a_demo_says_that_it_is_made_up(sign_in: SignIn, organization: Organization, viewer: User) -> None:
    client = sign_in(viewer)
    assert "made-up business" not in client.get(PAGE).content.decode()
    Organization.objects.update(is_demo=True)
    assert "made-up business" in client.get(PAGE).content.decode()


def test_somebody_with_two_organizations_can_go_from_one_to_the_other(
    sign_in: SignIn, organization: Organization, strangers_organization: Organization, owner: User
) -> None:
    strangers_organization.memberships.create(user=owner, role="viewer")
    page = sign_in(owner).get(PAGE).content.decode()
    assert 'href="/o/bright-bean/"' in page
    assert "Bright Bean" in page


def test_not_found_looks_like_us_and_leads_on(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_not_allowed_names_who_can_help(
    sign_in: SignIn, organization: Organization, viewer: User, admin: User
) -> None:
    answer = sign_in(viewer).get(f"{PAGE}mail/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "owner@example.com" in page
    assert "admin@example.com" in page
    assert "viewer@example.com" not in page


def test_a_form_that_was_open_for_too_long_is_explained(organization: Organization, owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    answer = client.post(PAGE, {"name": "x"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_a_request_that_makes_no_sense_is_answered_kindly(db: None) -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "did not understand" in answer.content.decode()


def test_what_broke_is_admitted_without_details() -> None:
    html = engines["django"].get_template("500.html").render({}, RequestFactory().get("/"))
    assert "Something broke on our side" in html
    assert "Traceback" not in html


@override_settings(ROOT_URLCONF="tests.smedash.broken_pages")
def test_a_page_that_breaks_shows_the_500_page(db: None) -> None:
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_the_settings_show_what_the_member_may_see(organization: Organization, viewer: User) -> None:
    seen = {}
    for membership in Membership.objects.filter(organization=organization):
        places = link_settings(membership, PAGE + "money/upload/")
        assert places.current
        assert places.current.place.url_name == "conversions:money"
        assert all(group.links for group in places.groups)
        seen[membership.role] = {link.place.url_name for group in places.groups for link in group.links}
    assert {"accounts:you", "dashboard:settings"} <= seen[Role.VIEWER] < seen[Role.OWNER]
    assert "accounts:tokens" in seen[Role.OWNER] - seen[Role.VIEWER]
