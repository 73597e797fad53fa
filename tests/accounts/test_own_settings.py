"""What a person sets for themselves: name, language, clock, light or dark."""

from __future__ import annotations

from datetime import UTC, datetime

from django.template import Context, Template
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from tests.cast import SignIn

PAGE = "/o/halden-coffee/settings/you/"
FACTS = {"name": "Vi Viewer", "language": "", "time_zone": "", "theme": ""}
NOON_IN_LONDON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def html_tag(client: Client) -> str:
    page = client.get(PAGE).content.decode()
    return page[page.index("<html") : page.index(">", page.index("<html"))]


def test_a_viewer_changes_their_own_name(sign_in: SignIn, organization: Organization, viewer: User) -> None:
    client = sign_in(viewer)
    assert "Saved." in client.post(PAGE, FACTS, follow=True).content.decode()
    viewer.refresh_from_db()
    assert viewer.name == "Vi Viewer"


def test_pages_speak_the_chosen_language(sign_in: SignIn, organization: Organization, viewer: User) -> None:
    client = sign_in(viewer)
    assert 'lang="en"' in html_tag(client)
    client.post(PAGE, FACTS | {"language": "en-gb"})
    assert 'lang="en-gb"' in html_tag(client)


def test_the_language_of_one_person_is_not_anothers(
    sign_in: SignIn, organization: Organization, viewer: User, admin: User
) -> None:
    sign_in(viewer).post(PAGE, FACTS | {"language": "en-gb"})
    assert 'lang="en"' in html_tag(sign_in(admin))


def test_the_server_writes_the_chosen_theme(
    sign_in: SignIn, organization: Organization, viewer: User
) -> None:
    client = sign_in(viewer)
    assert "data-theme" not in html_tag(client)
    client.post(PAGE, FACTS | {"theme": "dark"})
    assert 'data-theme="dark"' in html_tag(client)
    client.post(PAGE, FACTS)
    assert "data-theme" not in html_tag(client)


def test_a_forged_theme_is_not_written_into_the_page(
    sign_in: SignIn, organization: Organization, viewer: User
) -> None:
    client = sign_in(viewer)
    client.cookies["theme"] = '"><script>alert(1)</script>'
    assert "data-theme" not in html_tag(client)
    assert "alert(1)" not in client.get(PAGE).content.decode()


def test_the_clock_is_the_organizations_until_one_sets_ones_own(
    sign_in: SignIn, organization: Organization, viewer: User
) -> None:
    client = sign_in(viewer)
    client.get(PAGE)
    assert shown() == "1 p.m."
    client.post(PAGE, FACTS | {"time_zone": "Asia/Tokyo"})
    client.get(PAGE)
    assert shown() == "9 p.m."
    client.get("/")
    assert timezone.get_current_timezone_name() == "UTC"


def shown() -> str:
    """Noon in London by the clock that the last request left."""
    template = Template('{% load ui %}{% local_time moment "TIME_FORMAT" %}')
    html = template.render(Context({"moment": NOON_IN_LONDON}))
    return html[html.index(">") + 1 : html.index("</time>")]


def test_a_time_zone_that_does_not_exist_is_refused(
    sign_in: SignIn, organization: Organization, viewer: User
) -> None:
    page = sign_in(viewer).post(PAGE, FACTS | {"time_zone": "Europe/Halden"}).content.decode()
    assert "not one of the available choices" in page


def test_the_theme_follows_the_person_to_another_browser(
    sign_in: SignIn, organization: Organization, viewer: User
) -> None:
    sign_in(viewer).post(PAGE, FACTS | {"theme": "dark"})
    other = sign_in(viewer)
    assert 'data-theme="dark"' in html_tag(other)
    other.cookies["theme"] = "light"  # by the button, for this browser
    assert 'data-theme="light"' in html_tag(other)


def test_mails_about_the_team_are_switched_off(
    sign_in: SignIn, organization: Organization, admin: User
) -> None:
    sign_in(admin).post(PAGE, FACTS)
    admin.refresh_from_db()
    assert not admin.mail_about_team
