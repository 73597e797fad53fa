"""The list of conversions, each one's chain, and what takes them away."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.models import Channel, Conversion, Kind, Origin
from monitoring.conversions.selectors.ledger import PAGE_SIZE
from monitoring.conversions.services.recording import void_conversion
from monitoring.conversions.services.refunding import Refund, record_refund
from monitoring.listening.models import Brand, BrandKind, Mention
from monitoring.listening.models.mentions import Tone
from tests.answered_mention import order_after_answer
from tests.cast import SignIn
from tests.conversions.conftest import record, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(marketer: User, sign_in: SignIn) -> Client:
    return sign_in(marketer)


def address(organization: Organization, name: str = "conversions", *arguments: object) -> str:
    return reverse(f"conversions:{name}", args=[organization.slug, *arguments])


def listed(client: Client, link: str) -> list[str]:
    page = BeautifulSoup(client.get(link).content, "html.parser")
    rows = page.select("section[aria-labelledby=list-h] tbody td:first-child")
    return [row.get_text(" ", strip=True) for row in rows]


def words_of(client: Client, link: str) -> str:
    page = BeautifulSoup(client.get(link).content, "html.parser")
    return " ".join(page.get_text(" ").split())


def recent(
    kind: str = Kind.ORDER, *, days: int = 0, amount: str | None = None, channel: str = ""
) -> Conversion:
    moment = timezone.now() - timedelta(days=days, hours=1)
    organization = Organization.objects.get(slug="halden-coffee")
    return record(organization, report(kind, at=moment, amount=amount, channel=channel))


def make_mention(organization: Organization) -> Mention:
    brand = Brand.objects.create(organization=organization, name="Halden", kind=BrandKind.OWN)
    return Mention.objects.create(
        organization=organization,
        brand=brand,
        platform="bluesky",
        external_id="1",
        text="Is Halden open on <b>Sunday</b>?",
        published_at=timezone.now() - timedelta(days=6),
        collected_at=timezone.now(),
        author_key="bluesky:lena",
        author_name="Lena",
        language="en",
        sentiment=Tone.NEUTRAL,
        sentiment_confidence=0.5,
    )


def test_filters_choose_and_can_be_cleared(client: Client, organization: Organization) -> None:
    recent(kind=Kind.LEAD, channel=Channel.MAIL)
    recent(kind="test-drive")
    void_conversion(conversion=recent())
    recent(days=40, kind=Kind.CALL)
    link = address(organization)
    assert listed(client, link) == ["Order Void", "test-drive", "Lead"]
    assert listed(client, f"{link}?kind=lead&kind=test-drive") == ["test-drive", "Lead"]
    assert listed(client, f"{link}?channel=mail") == ["Lead"]
    assert listed(client, f"{link}?channel=none&voided=no") == ["test-drive"]
    assert listed(client, f"{link}?voided=yes") == ["Order Void"]
    assert listed(client, f"{link}?origin=shop") == []
    assert listed(client, f"{link}?period=90d&kind=call") == ["Call"]
    assert "Clear filters" in words_of(client, f"{link}?origin=shop")


def test_pages_lead_to_each_other_and_show_everything_once(
    client: Client, organization: Organization
) -> None:
    moment = timezone.now() - timedelta(hours=2)
    keys = [
        record(organization, report(at=moment, key=f"k{number}")).pk for number in range(2 * PAGE_SIZE + 3)
    ]
    Conversion.objects.update(order_number="x")
    link, seen = address(organization), []
    while link:
        page = BeautifulSoup(client.get(link).content, "html.parser")
        seen += [int(str(each["href"]).rstrip("/").rpartition("/")[2]) for each in page.select("tbody a")]
        older = page.select_one("a[rel=next]")
        last, link = link, address(organization) + str(older["href"]) if older else ""
    assert seen == sorted(keys, reverse=True)
    newer = BeautifulSoup(client.get(last).content, "html.parser").select_one("a[rel=prev]")
    assert newer is not None
    assert len(listed(client, address(organization) + str(newer["href"]))) == PAGE_SIZE


@pytest.mark.parametrize("cursor", ["x", "1", "-1-2", "9" * 30 + "-1", "1-" + "9" * 25, "1-٣", "%00"])
def test_a_wrong_cursor_shows_the_first_page(client: Client, organization: Organization, cursor: str) -> None:
    recent()
    for name in ("before", "after"):
        assert client.get(address(organization), {name: cursor}).status_code == 200


def test_the_file_has_the_filtered_rows(client: Client, organization: Organization) -> None:
    order = recent(amount="12.50", channel=Channel.MAIL)
    record_refund(
        conversion=order,
        refund=Refund(idempotency_key="r", occurred_at=order.occurred_at, amount=Decimal(2), note="=1+1"),
    )
    recent(kind=Kind.LEAD)
    link = address(organization, "export_conversions", "csv") + "?kind=order"
    text = b"".join(client.get(link).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["Amount"], row["Number"], row["Note"]) for row in rows] == [
        ("-2.0000", "0", "'=1+1"),
        ("12.5000", "1", ""),
    ]
    assert rows[0]["Takes back entry"] == rows[1]["Entry"] == str(order.pk)
    assert client.get(address(organization, "export_conversions", "pdf")).status_code == 404


def test_a_chain_tells_every_step_in_its_order(client: Client, organization: Organization) -> None:
    mention = make_mention(organization)
    order = order_after_answer(organization, mention=mention, post=None, now=timezone.now())
    said = words_of(client, address(organization, "conversion", order.pk))
    steps = [
        "Lena spoke about you",
        "Is Halden open on <b>Sunday</b>?",
        "You made the link “Answer with our opening hours” to answer",
        "You made the link “Autumn blend”",
        "The customer followed your link",
        "Bluesky · Answer with our opening hours",
        "The click arrived on your site",
        "/shop/autumn-blend",
        "Order #1042: €25.01",
        "Order: money back",
        "-€5 · Broken cup",
        "Who is credited with it",
        "The customer said: A friend",
    ]
    places = [said.find(step, said.find("How it came about")) for step in steps]
    assert -1 not in places
    assert places == sorted(places)
    assert reverse("dashboard:brought_by_mention", args=[organization.slug, mention.pk]) in str(
        client.get(address(organization, "conversion", order.pk)).content
    )


def test_the_shares_of_a_chain_are_those_of_the_credits(client: Client, organization: Organization) -> None:
    order = order_after_answer(
        organization, mention=make_mention(organization), post=None, now=timezone.now()
    )
    page = BeautifulSoup(client.get(address(organization, "conversion", order.pk)).content, "html.parser")
    rows = [[cell.get_text(strip=True) for cell in row.select("td.num")] for row in page.select("tbody tr")]
    # 48 hours and 1 hour before, halved in 7 days: 0.8203 and 0.9959.
    assert rows == [["100%", "0%", "50%", "45%"], ["0%", "100%", "50%", "55%"]]


def test_voiding_on_the_chain_can_be_taken_back(client: Client, organization: Organization) -> None:
    order = recent(amount="5")
    link = address(organization, "void_conversion", order.pk)
    assert "Void: it is in no count" in words_of(client, client.post(link).headers["Location"])
    order.refresh_from_db()
    assert order.voided_at is not None
    client.post(link, {"restore": "1"})
    order.refresh_from_db()
    assert order.voided_at is None


def test_a_refund_leads_to_the_chain_of_its_order(client: Client, organization: Organization) -> None:
    order = recent(amount="5")
    recorded = record_refund(
        conversion=order, refund=Refund(idempotency_key="r", occurred_at=order.occurred_at, cancels=True)
    )
    assert recorded is not None
    page = BeautifulSoup(client.get(address(organization)).content, "html.parser")
    links = {str(each["href"]) for each in page.select("tbody a")}
    assert links == {address(organization, "conversion", order.pk)}
    assert client.get(address(organization, "conversion", recorded.conversion.pk)).status_code == 404


def test_viewers_look_and_strangers_do_not(
    organization: Organization, viewer: User, stranger: User, sign_in: SignIn
) -> None:
    order = recent()
    link = address(organization, "conversion", order.pk)
    assert sign_in(viewer).get(link).status_code == 200
    assert sign_in(viewer).post(address(organization, "void_conversion", order.pk)).status_code == 403
    assert sign_in(stranger).get(link).status_code == 404


def test_another_organizations_conversion_is_not_found(
    client: Client, organization: Organization, strangers_organization: Organization
) -> None:
    theirs = record(strangers_organization, report(at=datetime(2026, 6, 1, tzinfo=UTC)))
    assert client.get(address(organization, "conversion", theirs.pk)).status_code == 404
    assert client.post(address(organization, "void_conversion", theirs.pk)).status_code == 404


def test_the_models_are_compared_below_the_list(client: Client, organization: Organization) -> None:
    recent(channel=Channel.MAIL)
    recent("test-drive", channel=Channel.PRINT)
    credit_due_days(seconds=10)
    link = address(organization)
    assert "Orders: five answers" in words_of(client, link)
    assert "test-drive: five answers" in words_of(client, f"{link}?kind=test-drive")
    page = BeautifulSoup(client.get(link).content, "html.parser")
    channels = [each.get_text(strip=True) for each in page.select("#credits tbody td:first-child")]
    assert channels == [str(Channel.MAIL.label), "Not known"]


def test_origins_have_names(client: Client, organization: Organization) -> None:
    recent()
    assert str(Origin.API.label) in words_of(client, address(organization))
