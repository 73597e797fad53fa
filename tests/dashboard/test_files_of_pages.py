"""Pages that hold data leave as files: what a page shows stands in its file, as CSV and on the sheets of a workbook."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEvent, Membership, Organization, Role, User
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.models import Channel, Conversion, Delivery, Kind, Origin, ShopConnection
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.dashboard.exporting import names_of_tables
from monitoring.listening.models import Brand, BrandKind, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.brands import create_brand
from monitoring.reports.months.sharing import share_month
from tests.answered_mention import order_after_answer
from tests.cast import SignIn
from tests.filled_business import fill

pytestmark = pytest.mark.django_db
HERE = "/o/halden-coffee"


@pytest.fixture
def client(owner: User, sign_in: SignIn) -> Client:
    return sign_in(owner)


@pytest.fixture
def filled(organization: Organization) -> Organization:
    fill(organization)
    credit_due_days(seconds=10)
    return organization


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert isinstance(answer, StreamingHttpResponse)
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def sheets_of(client: Client, address: str) -> dict[str, list[tuple[object, ...]]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    book = load_workbook(BytesIO(b"".join(answer)))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_the_overviews_workbook_has_a_sheet_for_each_of_its_tables(
    client: Client, filled: Organization
) -> None:
    sheets = sheets_of(client, f"{HERE}/export.xlsx?period=90d")
    assert list(sheets) == ["Days", *names_of_tables().values()]
    for name, title in names_of_tables().items():
        rows = rows_of(client, f"{HERE}/export.csv?period=90d&of={name}")
        assert list(sheets[title][0]) == list(rows[0] if rows else sheets[title][0])
        assert len(sheets[title]) == len(rows) + 1
    assert (
        rows_of(client, f"{HERE}/export.csv?of=nothing")[0].keys() == dict.fromkeys(sheets["Days"][0]).keys()
    )
    page = client.get(f"{HERE}/?period=90d").content.decode()
    assert all(f"of={name}" in page for name in names_of_tables())


def test_what_brought_it_adds_up_to_the_page(client: Client, organization: Organization) -> None:
    create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    now = timezone.now()
    for currency in ("EUR", "USD"):
        report = Report(
            kind=Kind.ORDER,
            origin=Origin.API,
            idempotency_key=uuid4().hex,
            amount=Decimal("7.50"),
            currency=currency,
            occurred_at=now - timedelta(hours=1),
        )
        record_conversion(organization=organization, report=report)
    credit_due_days(seconds=10)
    rows = rows_of(client, f"{HERE}/export.csv?of=brought")
    assert [list(row.values()) for row in rows] == [
        ["Nothing that we know of", "", "2.000000", "7.5000", "7.5000 USD"]
    ]


@pytest.fixture
def mention(organization: Organization) -> Mention:
    brand = Brand.objects.create(organization=organization, name="Halden", kind=BrandKind.OWN)
    return Mention.objects.create(
        organization=organization,
        brand=brand,
        platform="bluesky",
        external_id="1",
        text="Is Halden open on Sunday?",
        published_at=timezone.now() - timedelta(days=6),
        collected_at=timezone.now(),
        author_key="bluesky:lena",
        author_name="Lena",
        language="en",
        sentiment=Tone.NEUTRAL,
        sentiment_confidence=0.5,
    )


@pytest.fixture
def order(organization: Organization, mention: Mention) -> Conversion:
    return order_after_answer(organization, mention=mention, post=None, now=timezone.now())


def test_a_conversions_chain_leaves_step_by_step_and_with_its_parts(
    client: Client, order: Conversion
) -> None:
    address = f"{HERE}/goal/conversions/{order.pk}/export"
    steps = [row["Step"] for row in rows_of(client, f"{address}.csv")]
    assert steps[0] == "Lena spoke about you"
    assert steps[-1] == "Order: money back"
    parts = rows_of(client, f"{address}.csv?of=shares")
    assert [(row["First touch"], row["Equal parts"]) for row in parts] == [("1.0", "0.5"), ("0.0", "0.5")]
    assert list(sheets_of(client, f"{address}.xlsx")) == ["How it came about", "Who is credited with it"]


def test_what_a_mention_brought_leaves_as_a_file(client: Client, mention: Mention, order: Conversion) -> None:
    address = f"{HERE}/brought/mention/{mention.pk}/export"
    credits = {row["Model"]: row for row in rows_of(client, f"{address}.csv")}
    assert (credits["First touch"]["Number"], credits["First touch"]["Sales in EUR"]) == (
        "1.000000",
        "20.0100",
    )
    assert Decimal(credits["Equal parts"]["Number"]) == Decimal("0.5")
    [link] = rows_of(client, f"{address}.csv?of=links")
    assert (link["Link"], link["Visits"]) == ("Answer with our opening hours", "1")
    assert list(sheets_of(client, f"{address}.xlsx")) == ["Credits", "Links"]


def test_the_goals_page_leaves_with_its_sources_and_models(client: Client, order: Conversion) -> None:
    address = f"{HERE}/goal/export.csv"
    sources = rows_of(client, f"{address}?of=sources&model=linear")
    assert {row["Source"]: Decimal(row["Orders"]) for row in sources} == {
        "Bluesky": Decimal("0.5"),
        "Instagram": Decimal("0.5"),
    }
    models = rows_of(client, f"{address}?of=models")
    said = {(row["Channel"], row["Model"]): row["Orders"] for row in models}
    assert Decimal(said["A friend", "What customers said"]) == 1
    assert Decimal(said["Bluesky", "First touch"]) == 1
    assert list(sheets_of(client, f"{HERE}/goal/export.xlsx")) == [
        "Days",
        "Channels",
        "Where they came from",
        "Credits",
        "Funnel",
    ]


def test_the_funnel_of_the_goals_page_leaves(client: Client, order: Conversion) -> None:
    page = client.get(f"{HERE}/goal/?period=7d")
    rows = rows_of(client, f"{HERE}/goal/export.csv?of=funnel&period=7d")
    steps = page.context["page"].funnel.steps
    assert [(row["Step"], row["Number"]) for row in rows] == [
        (step.label, "" if step.number is None else str(step.number)) for step in steps
    ]
    assert rows[0]["An estimate"] == "yes"
    assert f"{HERE}/goal/export.csv?period=7d&amp;of=funnel" in page.content.decode()


def test_the_return_leaves_with_every_term_and_adds_up(client: Client, order: Conversion) -> None:
    page = client.get(f"{HERE}/goal/costs/?period=7d").content.decode()
    assert "of=return&amp;period=7d" in page
    whole, *parts = rows_of(client, f"{HERE}/goal/costs/export.csv?of=return&period=7d")
    column = "Sales by last touch in EUR"
    assert (whole["By"], Decimal(whole[column])) == ("All", Decimal("20.01"))
    for by in ("Platform", "Campaign", "Post"):
        assert sum(Decimal(row[column]) for row in parts if row["By"] == by) == Decimal("20.01")


def test_what_each_platform_took_and_brought_leaves(client: Client, order: Conversion) -> None:
    rows = rows_of(client, f"{HERE}/audience/export.csv?of=worth")
    found = {(row["Platform"], row["When"]): row for row in rows}
    assert Decimal(found["Instagram", "This period"]["Orders"]) == 1
    assert Decimal(found["Instagram", "This period"]["Sales in EUR"]) == Decimal("20.01")
    sheets = sheets_of(client, f"{HERE}/audience/export.xlsx")
    assert list(sheets) == [
        "Followers",
        "Posts",
        "Platforms",
        "People heard",
        "Promotions",
        "Who is here",
        "Their words",
        "Their hours",
    ]


def test_who_is_heard_who_stayed_and_who_is_here_leave(client: Client, filled: Organization) -> None:
    more = client.get(f"{HERE}/audience/more/?period=90d")
    quality, people = more.context["quality"], more.context["people"]
    assert quality.heard
    assert quality.promotions
    assert people.platforms

    found = {
        name: rows_of(client, f"{HERE}/audience/export.csv?of={name}&period=90d")
        for name in ("quality", "stayed", "people", "words", "hours")
    }
    page = more.content.decode()
    assert all(f"/audience/export.csv?period=90d&amp;of={name}" in page for name in found)
    assert [int(row["People heard"]) for row in found["quality"]] == [
        each.people.number for each in quality.heard
    ]
    assert [row["Promotion"] for row in found["stayed"]] == [each.name for each in quality.promotions]
    assert [int(row["Mentions"]) for row in found["people"]] == [
        each.voices.mentions for each in people.platforms
    ]
    assert [int(row["Mentions"]) for row in found["hours"]] == [block.mentions for block in people.blocks]
    assert len(found["words"]) == sum(len(each.words) for each in people.words)


def test_the_audience_workbook_reads_nothing_twice(client: Client, filled: Organization) -> None:
    with CaptureQueriesContext(connection) as done:
        sheets_of(client, f"{HERE}/audience/export.xlsx?period=90d")
    asked = [query["sql"] for query in done.captured_queries if "listening_mention" in query["sql"]]
    assert asked
    assert len(asked) == len(set(asked))


def test_an_authors_mentions_leave_from_their_page(client: Client, mention: Mention) -> None:
    page = client.get(f"{HERE}/mentions/{mention.pk}/author/")
    rows = rows_of(client, page.context["export_csv"])
    assert [row["Text"] for row in rows] == ["Is Halden open on Sunday?"]


def test_how_right_the_machine_is_leaves_as_counts(client: Client, mention: Mention) -> None:
    Mention.objects.filter(pk=mention.pk).update(corrected_sentiment=Tone.POSITIVE)
    rows = rows_of(client, client.get(f"{HERE}/mentions/accuracy/").context["export_csv"])
    counted = [row for row in rows if row["Mentions"] != "0"]
    assert {(row["Labels"], row["By"], row["Of"]) for row in counted} == {
        ("Corrected and confirmed", "All", ""),
        ("Corrected and confirmed", "Language", "en"),
        ("Corrected and confirmed", "Platform", "bluesky"),
    }
    assert {(row["People say"], row["The machine said"]) for row in counted} == {("Positive", "Neutral")}
    assert list(sheets_of(client, f"{HERE}/mentions/accuracy/export.xlsx")) == ["Labels", "The samples"]


def test_shared_months_leave_without_their_addresses(
    client: Client, organization: Organization, owner: User
) -> None:
    now = timezone.now()
    _shared, address = share_month(
        organization=organization,
        first_day=now.date(),
        shows_money=False,
        by=owner,
        now=now,
        holds_for=timedelta(days=3),
    )
    [row] = rows_of(client, f"{HERE}/months/export.csv")
    assert (row["Month"], row["Money"]) == (f"{now:%Y-%m}", "left out")
    assert address.rstrip("/").rpartition("/")[2] not in str(row)


def test_the_counters_file_has_what_was_entered_today(client: Client, organization: Organization) -> None:
    for origin, days in ((Origin.COUNTER, 0), (Origin.COUNTER, 3), (Origin.API, 0)):
        report = Report(
            kind=Kind.STORE_VISIT,
            origin=origin,
            idempotency_key=uuid4().hex,
            heard_of_us_from=Channel.FRIEND,
            occurred_at=timezone.now() - timedelta(days=days),
        )
        record_conversion(organization=organization, report=report)
    page = client.get(f"{HERE}/counter/")
    for address in page.context["todays_files"]:
        assert address.replace("&", "&amp;") in page.content.decode()
    [row] = rows_of(client, page.context["todays_files"][0])
    assert row["What the customer said"] == "A friend"


def test_what_a_shop_sent_leaves_with_its_reasons(client: Client, organization: Organization) -> None:
    shop = ShopConnection(organization=organization, shop="shopify", name="Shop", key=uuid4().hex)
    shop.credentials = {"client_id": "of a test", "client_secret": "of a test"}
    shop.save()
    Delivery.objects.create(
        connection=shop,
        delivery_id="1",
        topic="orders/create",
        received_at=timezone.now(),
        outcome=Delivery.Outcome.REFUSED,
        reason="The signature does not fit.",
    )
    [row] = rows_of(client, f"{HERE}/settings/shops/{shop.pk}/deliveries/export.csv")
    assert (row["About"], row["Reason"]) == ("orders/create", "The signature does not fit.")


def test_all_businesses_leave_in_one_file_and_each_log_says_so(
    organization: Organization, strangers_organization: Organization, stranger: User, sign_in: SignIn
) -> None:
    Membership.objects.create(organization=organization, user=stranger, role=Role.VIEWER)
    fill(organization)
    client = sign_in(stranger)
    rows = rows_of(client, "/businesses/export.csv")
    assert [row["Business"] for row in rows] == ["Bright Bean", "Halden Coffee"]
    assert rows[1]["Currency"] == organization.currency
    assert rows[1]["What waits"]
    for each in (organization, strangers_organization):
        assert AuditEvent.objects.filter(organization=each, action="exported").count() == 1
    assert client.get("/businesses/export.pdf").status_code == 404


def test_a_business_that_asks_for_a_second_factor_stays_out_of_the_file(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    organization.requires_two_factor = True
    organization.save()
    assert rows_of(sign_in(owner), "/businesses/export.csv") == []
