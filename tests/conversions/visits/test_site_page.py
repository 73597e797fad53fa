"""The page where an admin says which pages are theirs, and takes the snippet along."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.forms.organizations import OrganizationForm
from accounts.models import Organization, User
from monitoring.conversions.models import Conversion, Site
from monitoring.conversions.visits.forms import read_host
from monitoring.conversions.visits.waiting import EVENTS
from tests.cast import SignIn
from tests.conversions.visits.conftest import Tell, order

PAGE = "/o/halden-coffee/settings/site/"


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("example.com", "example.com"),
        ("https://www.Example.com:8443/shop?x=1", "example.com"),
        ("shop.example.com/", "shop.example.com"),
        ("www.com", "www.com"),
        ("straße.de", "xn--strae-oqa.de"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("localhost:8000", "localhost"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:db8::1]:80", "2001:db8::1"),
    ],
)
def test_an_address_becomes_the_host_that_browsers_name(typed: str, host: str) -> None:
    assert read_host(typed) == host


@pytest.mark.parametrize(
    "typed", ["", "*", "*.example.com", "a b", "-a.com", "http://", "https://[", "x" * 300, "a_b.com"]
)
def test_what_is_no_host_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        read_host(typed)


@given(st.text())
def test_whatever_is_typed_is_a_host_or_refused(typed: str) -> None:
    try:
        host = read_host(typed)
    except ValidationError:
        return
    assert host == host.lower()
    assert not set(host) & set(" /\\\"'<>*@?#")


@pytest.mark.django_db
def test_hosts_come_first_and_then_the_snippet(
    organization: Organization, admin: User, sign_in: SignIn, settings: Settings
) -> None:
    client = sign_in(admin)
    assert "data-site" not in client.get(PAGE).text
    answer = client.post(PAGE, {"hosts": "https://example.com\nshop.example.com, example.com"}, follow=True)
    site = Site.objects.get(organization=organization)
    assert site.hosts == ["example.com", "shop.example.com"]
    page = BeautifulSoup(answer.content, "html.parser")
    snippet = page.find(id="snippet-plain")
    assert snippet is not None
    assert (
        snippet["value"] == f'<script defer src="{settings.PUBLIC_URL}/s.js" data-site="{site.key}"></script>'
    )
    key = site.key
    client.post(PAGE, {"hosts": "other.example", "asks_how_heard": "on"})
    site.refresh_from_db()
    assert (site.key, site.hosts, site.asks_how_heard) == (key, ["other.example"], True)


@pytest.mark.django_db
def test_what_was_typed_stays_where_it_is_wrong(
    organization: Organization, admin: User, sign_in: SignIn
) -> None:
    for wrong in ("not a host!", "\n".join(f"h{number}.example" for number in range(21))):
        answer = sign_in(admin).post(PAGE, {"hosts": wrong})
        assert answer.status_code == 422
        assert wrong.split("\n")[0] in answer.text
    assert not Site.objects.exists()


@pytest.mark.django_db
def test_the_page_says_whether_it_works_and_what_was_refused(
    site: Site, tell: Tell, admin: User, sign_in: SignIn
) -> None:
    client = sign_in(admin)
    assert "Nothing has arrived yet" in client.get(PAGE).text
    tell(order(), Origin="https://evil.example/<b>")
    assert "A page of https://evil.example/&lt;b&gt; was refused" in client.get(PAGE).text
    tell(order(amount="plenty"))
    assert "amount is no amount in EUR" in client.get(PAGE).text


@pytest.mark.django_db
def test_a_computer_at_home_is_told_that_nobody_reaches_it(
    organization: Organization, admin: User, sign_in: SignIn, settings: Settings
) -> None:
    client = sign_in(admin)
    settings.PUBLIC_URL = "http://localhost:8000"
    assert "cannot reach http://localhost:8000" in client.get(PAGE).text
    settings.PUBLIC_URL = "https://dash.example.com"
    assert "cannot reach" not in client.get(PAGE).text


@pytest.mark.django_db
def test_only_admins_come_here(organization: Organization, marketer: User, sign_in: SignIn) -> None:
    assert sign_in(marketer).get(PAGE).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_another_currency_of_the_business_is_that_of_amounts_without_one(
    site: Site, tell: Tell, admin: User, sign_in: SignIn, organization: Organization
) -> None:
    tell(order(amount="5", key="1"))
    facts = OrganizationForm.facts_of(organization) | {"currency": "CHF"}
    assert sign_in(admin).post("/o/halden-coffee/settings/", facts).status_code == 302
    tell(order(amount="5", key="2"))
    EVENTS.store_batch()
    assert dict(Conversion.objects.values_list("order_number", "currency")) == {"1": "EUR", "2": "CHF"}
