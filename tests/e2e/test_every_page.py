"""Every page that the resolver knows, with a filled business, on a desk and on a phone, by day and by night."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from accounts.setup import renew_setup_link
from monitoring.listening.models import Brand
from monitoring.privacy.author_requests import confirmation_address
from monitoring.privacy.models import AuthorRequest
from monitoring.privacy.page_text import suggest_text
from monitoring.privacy.publishing import save_page
from monitoring.reports.letters.choosing import off_address
from monitoring.reports.months.sharing import share_month
from tests.addresses import EXAMPLES
from tests.alerts.heard import links_of_views
from tests.browsers import KeptFiles, let_in
from tests.cast import SignIn, make_person
from tests.e2e.looking import Looker, is_page
from tests.e2e.markup import Markup, faults_of_markup
from tests.every_address import OF_ORGANIZATIONS, OPEN, PERSONAL, Address
from tests.filled_business import FilledBusiness

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


@dataclass(frozen=True)
class Found:
    """A page: where it is, and what the server answered there."""

    link: str
    answer: Answer
    markup: Markup


def asking_as(looker: Looker, client: Client) -> Client:
    """By day and at the server's own address: what is answered is what the browser will be."""
    client.cookies["theme"] = "light"
    client.defaults["HTTP_HOST"] = urlsplit(looker.origin).netloc
    return client


def pages_for(client: Client, addresses: list[Address], business: FilledBusiness) -> dict[str, Found]:
    """The addresses that answer this person with a page, by name."""
    links = {address.name: business.link(address) for address in addresses}
    answers = {name: client.get(link) for name, link in links.items()}
    return {
        name: Found(links[name], answer, Markup(answer.content))
        for name, answer in answers.items()
        if answer.status_code == 200 and is_page(answer)
    }


def pages_at(client: Client, links: dict[str, str]) -> dict[str, Found]:
    """As the server answers, with an error page or not."""
    answers = {name: client.get(link) for name, link in links.items()}
    return {name: Found(links[name], answer, Markup(answer.content)) for name, answer in answers.items()}


# Between them they have all that is colored, and all that stands elsewhere on a desk: they are looked at by day and by
# night, at every size. `bin/test --long` and `--pictures` look so at every page; the others are opened on a phone.
EVERY_WAY = {
    "account_login",
    "accounts:audit_log",
    "accounts:security",
    "accounts:team",
    "audience:audience",
    "conversions:conversions",
    "conversions:goal",
    "dashboard:overview",
    "listening:keyword",
    "listening:mention",
    "listening:mentions",
    "listening:sources",
    "strategy:plan",
}


def look_at_all(looker: Looker, pages: dict[str, Found], *, every_way: Container[str] = EVERY_WAY) -> None:
    for name, page in pages.items():
        looker.findings += [f"{name}: {fault}" for fault in faults_of_markup(page.markup)]
        KeptFiles.keep(page.link, page.answer)
        if name in every_way or looker.pictures:
            looker.look_at_by_day_and_night(name, page.link)
            looker.look_at_narrow_ones(name)
        else:
            looker.look_at_on_a_phone(name, page.link)
    assert not looker.findings, "\n".join(["What is wrong with the pages:", *looker.findings])


@pytest.fixture
def founder(transactional_db: None) -> User:
    """Somebody who begins today."""
    founder = make_person("Founder")
    create_organization(owner=founder, name="Fresh Grounds", time_zone="Europe/Berlin", currency="EUR")
    return founder


def empty_pages(client: Client, addresses: list[Address], full: dict[str, Found]) -> dict[str, Found]:
    """Of a business that has nothing yet: those with something in them that the same page with much has not."""
    organization = Organization.objects.get(slug="fresh-grounds")
    client.get(reverse("dashboard:resume", args=[organization.slug]))
    needing_nothing = [each for each in addresses if each.needed_role and each.name not in EXAMPLES]
    return {
        f"empty {name}": page
        for name, page in pages_for(client, needing_nothing, FilledBusiness(organization)).items()
        if name not in full or page.markup.kinds - full[name].markup.kinds
    }


def test_every_page_of_a_business_is_in_order(
    looker: Looker, business: FilledBusiness, founder: User, owner: User, sign_in: SignIn
) -> None:
    addresses = [*OF_ORGANIZATIONS, *PERSONAL]
    client, founders_client = asking_as(looker, sign_in(owner)), asking_as(looker, sign_in(founder))
    pages = pages_for(client, addresses, business)
    empty = empty_pages(founders_client, addresses, pages)

    certain = {"dashboard:overview", "listening:mention", "audience:audience", "conversions:counter"}
    assert certain <= pages.keys()
    assert {"empty listening:keywords", "empty conversions:goal"} <= empty.keys()
    assert len(pages) > 60
    let_in(looker.page.context, client, looker.origin)
    look_at_all(looker, pages)
    let_in(looker.page.context, founders_client, looker.origin)
    look_at_all(looker, empty)


@pytest.mark.long
def test_every_page_is_in_order_at_every_size_by_day_and_by_night(
    looker: Looker, business: FilledBusiness, founder: User, owner: User, sign_in: SignIn
) -> None:
    addresses = [*OF_ORGANIZATIONS, *PERSONAL]
    visitor, client, founders_client = (
        asking_as(looker, each) for each in (Client(), sign_in(owner), sign_in(founder))
    )
    open_pages = pages_for(visitor, OPEN, business)
    reports = pages_at(visitor, links_of_reports(business.organization))
    pages = pages_for(client, addresses, business)
    assert open_pages.keys() | pages.keys() >= EVERY_WAY
    looker.examines_every_text = True
    look_at_all(looker, open_pages | reports, every_way=open_pages | reports)
    let_in(looker.page.context, client, looker.origin)
    look_at_all(looker, pages, every_way=pages)
    empty = empty_pages(founders_client, addresses, pages)
    let_in(looker.page.context, founders_client, looker.origin)
    look_at_all(looker, empty, every_way=empty)


def test_every_page_that_needs_no_account_is_in_order(looker: Looker, business: FilledBusiness) -> None:
    visitor = asking_as(looker, Client())
    pages = pages_for(visitor, OPEN, business)

    assert {"account_login", "account_reset_password"} <= pages.keys()
    look_at_all(looker, pages)
    look_at_all(looker, pages_at(visitor, links_of_reports(business.organization)))


def links_of_privacy(organization: Organization, by: User) -> dict[str, str]:
    """What a business says to authors, and what one of them confirms."""
    text = suggest_text(organization=organization, platforms=["bluesky"])
    save_page(organization=organization, text=text, by=by, is_public=True)
    EXAMPLES["privacy:request"](organization)
    request = AuthorRequest.objects.get(organization=organization)
    public = settings.PUBLIC_URL + reverse("privacy:public", args=[organization.slug])
    return {"privacy": public, "privacy_confirmed": confirmation_address(request)}


def links_of_reports(organization: Organization) -> dict[str, str]:
    """What somebody without an account reads: months with money and without, how mails end, privacy, the widget."""
    membership, now = organization.memberships.select_related("user")[0], timezone.now()
    pages = {
        "letter_off": off_address(membership),
        **links_of_privacy(organization, membership.user),
        **links_of_views(membership, Brand.objects.filter(organization=organization).earliest("pk")),
    }
    for name, shows_money in (("month", True), ("month_without_money", False)):
        _shared, pages[name] = share_month(
            organization=organization,
            first_day=now.date(),
            shows_money=shows_money,
            by=membership.user,
            now=now,
            holds_for=timedelta(days=1),
        )
    return {name: link.removeprefix(settings.PUBLIC_URL) for name, link in pages.items()}


def test_a_fresh_instance_is_in_order(looker: Looker, transactional_db: None) -> None:
    link = renew_setup_link().removeprefix(settings.PUBLIC_URL)
    look_at_all(looker, pages_at(asking_as(looker, Client()), {"fresh": "/", "first_owner": link}))


def test_pages_that_say_no_are_in_order(
    looker: Looker,
    organization: Organization,
    viewer: User,
    sign_in: SignIn,
    expected_answers: set[tuple[str, int]],
) -> None:
    client = asking_as(looker, sign_in(viewer))
    let_in(looker.page.context, client, looker.origin)
    refused = reverse("accounts:tokens", args=[organization.slug])
    missing = reverse("listening:mention", args=[organization.slug, 1])
    used_up = reverse("accounts:start", args=["a-guess"])
    expected_answers.update({(refused, 403), (missing, 404), (used_up, 404)})

    links = {"403": refused, "404": missing, "link_used_up": used_up}
    look_at_all(looker, pages_at(client, links), every_way=links)
