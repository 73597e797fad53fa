"""What is exported is what is shown: the same rows in the same order, in every format, at once or by a worker."""

from __future__ import annotations

import csv
import json
import re
from io import BytesIO, StringIO
from urllib.parse import urlencode

import pytest
from celery import Celery
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import AuditEvent, Organization, User
from monitoring.jobs import exporting as files
from monitoring.jobs.models import FileExport
from monitoring.lib.exporting import ExportFormat
from monitoring.listening.files import exporting
from monitoring.listening.files.exporting import KEYS
from monitoring.listening.models import Brand, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.mentions import correct_sentiment
from tests.cast import SignIn
from tests.filled_business import FilledBusiness, fill

pytestmark = pytest.mark.django_db
Parameters = list[tuple[str, str]]


@pytest.fixture
def business(organization: Organization) -> FilledBusiness:
    return fill(organization)


@pytest.fixture
def brand(business: FilledBusiness) -> Brand:
    return Brand.objects.get(organization=business.organization, name="Halden Coffee")


@pytest.fixture
def client(sign_in: SignIn, viewer: User) -> Client:
    return sign_in(viewer)


def shown(client: Client, organization: Organization, parameters: Parameters) -> list[int]:
    """The numbers of the mentions on all pages of the list, as a reader meets them who goes on to the end."""
    numbers: list[int] = []
    page, query = reverse("listening:mentions", args=[organization.slug]), "?" + urlencode(parameters)
    while query:
        html = client.get(page + query).content.decode()
        numbers += map(int, re.findall(r'id="mention-(\d+)"', html))
        older = re.search(r'href="(\?[^"]*before=[^"]*)"', html)
        query = older[1].replace("&amp;", "&") if older else ""
    return numbers


def read(content: bytes, file_format: ExportFormat) -> list[list[str]]:
    """The cells of a file without its heading, as texts."""
    if file_format == ExportFormat.JSON:
        return [["" if cell is None else str(cell) for cell in row.values()] for row in json.loads(content)]
    if file_format == ExportFormat.CSV:
        return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    sheet = load_workbook(BytesIO(content), read_only=True).worksheets[0]
    rows = sheet.iter_rows(min_row=2, values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def download(client: Client, link: str) -> bytes:
    answer = client.get(link)
    assert answer.status_code == 200, answer.content
    return answer.getvalue()


def link_to(organization: Organization, file_format: str, parameters: Parameters) -> str:
    address = reverse("listening:export_mentions", args=[organization.slug, file_format])
    return f"{address}?{urlencode(parameters)}"


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(
            ["coffee", '"halden coffee"', "terrible OR wunderbar", "halden -closed", "nothing like it"]
        ),
        "platform": st.lists(st.sampled_from(["bluesky", "mastodon", "x"]), max_size=2),
        "language": st.lists(st.sampled_from(["en", "de", "hi", "und"]), max_size=2),
        "tone": st.lists(st.sampled_from(["positive", "neutral", "negative"]), max_size=2),
        "has": st.lists(st.sampled_from(["question", "link", "media"]), max_size=2),
        "status": st.lists(st.sampled_from(["open", "archived", "not_about_us", "muted"]), max_size=2),
        "min_followers": st.sampled_from(["0", "100", "101"]),
        "author": st.sampled_from(["bluesky:jo", "bluesky:ada"]),
        "sort": st.sampled_from(["time", "reach", "engagement"]),
        "period": st.sampled_from(["7d", "30d", "90d", "365d", "never"]),
    },
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=FILTERS)
def test_whatever_is_filtered_the_file_has_the_rows_of_the_pages_in_their_order(
    business: FilledBusiness, brand: Brand, client: Client, chosen: dict[str, str | list[str]]
) -> None:
    parameters = [
        (name, value)
        for name, values in {**chosen, "brand": str(brand.pk)}.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    wanted = shown(client, business.organization, parameters)
    ids = dict(Mention.objects.filter(brand=brand).values_list("pk", "external_id"))
    exported = json.loads(download(client, link_to(business.organization, "json", parameters)))
    assert [row["id"] for row in exported] == [ids[number] for number in wanted]


def test_every_format_says_the_same(business: FilledBusiness, brand: Brand, client: Client) -> None:
    newest = Mention.objects.filter(brand=brand).order_by("-published_at", "-pk")[0]
    correct_sentiment(mention=newest, tone=Tone.NEGATIVE)
    parameters = [("brand", str(brand.pk)), ("period", "90d")]
    tables = {
        file_format: read(
            download(client, link_to(business.organization, file_format, parameters)), file_format
        )
        for file_format in ExportFormat
    }
    same = [
        place for place, key in enumerate(KEYS) if key in {"id", "text", "handle", "likes", "url", "status"}
    ]
    by_format = [[[row[place].casefold() for place in same] for row in rows] for rows in tables.values()]
    assert by_format[0] == by_format[1] == by_format[2]
    assert len(by_format[0]) > 20
    first = dict(zip(KEYS, tables[ExportFormat.JSON][0], strict=True))
    assert (first["sentiment"], first["set_by_a_person"]) == ("negative", "True")
    assert "halden coffee" in first["keywords"]


def test_a_long_list_is_asked_for_and_made_by_a_worker(
    business: FilledBusiness,
    brand: Brand,
    client: Client,
    viewer: User,
    eager_tasks: Celery,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    parameters = [("brand", str(brand.pk)), ("period", "90d"), ("platform", "bluesky")]
    direct = {
        name: download(client, link_to(business.organization, name, parameters)) for name in ExportFormat
    }
    monkeypatch.setattr(exporting, "SENT_AT_ONCE", 3)
    for file_format in ExportFormat:
        asking = client.get(link_to(business.organization, file_format, parameters))
        page = client.get(asking["Location"])
        assert f'value="{file_format}" required checked' in page.content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            made = client.post(asking["Location"], {"format": file_format})
        assert "Your file is ready" in client.get(made["Location"]).content.decode()
        content = download(client, f"{made['Location']}fetch/")
        assert read(content, file_format) == read(direct[file_format], file_format)
    actions = AuditEvent.objects.filter(actor=viewer, action=AuditEvent.Action.EXPORTED)
    assert actions.count() == 3 + 3 + 3  # sent at once, asked for, fetched
    assert {made.done for made in FileExport.objects.all()} == {len(json.loads(direct[ExportFormat.JSON]))}


def test_asking_twice_makes_one_file_and_many_have_to_wait(
    business: FilledBusiness, brand: Brand, client: Client
) -> None:
    page = reverse("listening:ask_for_export", args=[business.organization.slug])
    places = [client.post(f"{page}?brand={brand.pk}", {"format": "csv"})["Location"] for _time in range(2)]
    assert places[0] == places[1]
    for number in range(files.MOST_AT_ONCE + 3):
        client.post(f"{page}?brand={brand.pk}&q=word{number}", {"format": "csv"})
    assert FileExport.objects.count() == files.MOST_AT_ONCE
    assert client.post(page, {"format": "docx"}).status_code == 400


def test_a_file_of_another_organization_or_beyond_ones_role_is_not_there(
    business: FilledBusiness, client: Client, stranger: User, sign_in: SignIn
) -> None:
    organization = business.organization
    mine, _new = files.begin_export(
        organization=organization, exporter="mentions", file_name="a.csv", by=None
    )
    secret, _new = files.begin_export(
        organization=organization, exporter="everything", file_name="a.zip", by=None
    )
    addresses = [reverse("jobs:file", args=[organization.slug, export.pk]) for export in (mine, secret)]
    assert [client.get(address).status_code for address in addresses] == [200, 404]
    assert sign_in(stranger).get(addresses[0]).status_code == 404
    listed = client.get(reverse("jobs:files", args=[organization.slug])).content.decode()
    assert "a.csv" in listed
    assert "a.zip" not in listed
