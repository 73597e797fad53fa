"""Files of the till, of advertising accounts and of followers: looked at, imported once, by whoever may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from celery import Celery
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.audience.models import AudienceSnapshot
from monitoring.conversions.models import Campaign, Conversion, ConversionDay, Spend, TrackedLink
from monitoring.conversions.rollups import miscounted_days
from monitoring.dashboard import tasks
from monitoring.dashboard.importing import IMPORTERS, MOST_PASTED
from monitoring.jobs import importing
from monitoring.jobs.models import FileImport
from monitoring.listening.models import BrandKind
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.platforms.types import ProfileLink
from tests.cast import SignIn

pytestmark = pytest.mark.django_db
TILL = """Datum;Uhrzeit;Betrag;Beleg
13.06.2026;10:15;12,50;B1
13.06.2026;10:20;3,00;B2
14.06.2026;09:00;1.234,00;B3
"""
Import = Callable[..., FileImport]


@pytest.fixture
def page(organization: Organization) -> str:
    return f"/o/{organization.slug}/imports/"


@pytest.fixture
def client(sign_in: SignIn, marketer: User) -> Client:
    return sign_in(marketer)


@pytest.fixture
def bring(client: Client, page: str, eager_tasks: Celery) -> Import:
    """Upload a file, choose columns and start."""

    def brought(content: str, of: str = "till", **choices: str) -> FileImport:
        file = SimpleUploadedFile("file.csv", content.encode())
        uploaded = client.post(page, {"importer": of, "file": file})
        assert uploaded.status_code == 302, uploaded.content.decode()
        job = FileImport.objects.latest("pk")
        chosen = {**job.choices, "order": job.choices.get("order", "dmy"), **choices, "start": ""}
        if of == "till":
            chosen.setdefault("kind", "always:order")
        answer = client.post(uploaded["Location"], chosen)
        assert answer.status_code == 302, answer.content.decode()
        job.refresh_from_db()
        return job

    return brought


def read_download(answer: object) -> str:
    assert isinstance(answer, StreamingHttpResponse)
    return answer.getvalue().decode()


def counted(organization: Organization) -> dict[date, tuple[int, Decimal]]:
    assert miscounted_days(organization=organization) == 0
    rows = ConversionDay.objects.filter(organization_id=organization.pk)
    return {row.day: (row.number, row.amount) for row in rows if row.number or row.amount}


def test_a_till_file_is_understood_by_its_headings(bring: Import, organization: Organization) -> None:
    job = bring(TILL)
    assert (job.state, job.rows, job.new, job.bad) == ("done", 3, 3, 0)
    assert counted(organization) == {
        date(2026, 6, 13): (2, Decimal("15.50")),
        date(2026, 6, 14): (1, Decimal(1234)),
    }
    assert job.choices["order"] == "dmy"


def test_the_same_file_again_adds_nothing(bring: Import, organization: Organization) -> None:
    bring(TILL)
    before = counted(organization)
    job = bring(TILL + "15.06.2026;11:00;2,00;B4\n")
    assert (job.new, job.known) == (1, 3)
    assert counted(organization) == before | {date(2026, 6, 15): (1, Decimal(2))}


def test_equal_lines_without_a_receipt_are_sales_of_their_own(
    bring: Import, organization: Organization
) -> None:
    twice = "Date,Total\n2026-06-13,3.00\n2026-06-13,3.00\n"
    assert bring(twice).new == 2
    assert bring(twice).new == 0
    assert counted(organization) == {date(2026, 6, 13): (2, Decimal(6))}


def test_bad_lines_are_listed_and_the_rest_is_imported(bring: Import, client: Client, page: str) -> None:
    job = bring("Date,Total\n2026-06-13,3.00\nyesterday,4\n2026-06-14,lots\n2999-01-01,5\n")
    assert (job.new, job.bad) == (1, 3)
    assert [number for number, _why in job.bad_lines] == [3, 4, 5]
    file = read_download(client.get(f"{page}{job.pk}/bad-lines.csv"))
    assert "yesterday" in file
    assert "Lines that could not be read" in client.get(f"{page}{job.pk}/").content.decode()


def test_a_negative_amount_takes_a_known_sale_back(bring: Import, organization: Organization) -> None:
    bring(TILL)
    job = bring("Datum;Betrag;Beleg\n16.06.2026;-12,50;B1\n16.06.2026;-5,00;unknown\n16.06.2026;-1,00;\n")
    assert (job.new, job.bad) == (1, 2)
    assert counted(organization)[date(2026, 6, 16)] == (-1, Decimal("-12.50"))
    assert bring("Datum;Betrag;Beleg\n16.06.2026;-12,50;B1\n").new == 0


def test_what_advertising_cost_a_day_and_campaign(bring: Import, organization: Organization) -> None:
    heading = "Day,Campaign name,Amount spent,Currency,Platform\n"
    ads = heading + "2026-06-13,Spring,5.00,EUR,Instagram\n2026-06-14,Spring,7.00,EUR,Instagram\n"
    assert bring(ads, of="spend").new == 2
    assert Campaign.objects.get(organization=organization).name == "Spring"
    assert bring(ads.replace("7.00", "8.50"), of="spend").new == 0
    spent = Spend.objects.filter(organization=organization).order_by("first_day")
    assert [(spend.first_day.day, spend.amount_a_day, spend.channel) for spend in spent] == [
        (13, Decimal(5), "instagram"),
        (14, Decimal("8.5"), "instagram"),
    ]


def test_two_lines_for_one_campaign_and_day_need_the_advertisement(bring: Import) -> None:
    job = bring("Day,Campaign,Spend\n2026-06-13,Spring,5\n2026-06-13,Spring,6\n", of="spend")
    assert (job.new, job.bad) == (1, 1)


def test_followers_of_the_past_fill_only_days_without_a_reading(
    bring: Import, organization: Organization
) -> None:
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    profile = track_profile(brand=brand, link=ProfileLink(platform="bluesky", handle="halden.example"))
    rows = ['2026-06-13,@halden.example,"1,200"', "2026-06-14,halden.example,1210", "2026-06-14,nobody,5"]
    table = "\n".join(["Date,Handle,Followers", *rows])
    job = bring(table, of="followers")
    assert (job.new, job.bad) == (2, 1)
    assert bring(table.replace("1210", "9999"), of="followers").new == 0
    assert list(
        AudienceSnapshot.objects.filter(profile=profile).order_by("hour").values_list("followers", flat=True)
    ) == [1200, 1210]


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "empty"), (b"PK\x03\x04\0\0", "cannot be read"), (b"a,b\n", "no rows"), (b"," * 300, "200")],
)
def test_what_is_no_table_is_said_in_plain_words(
    client: Client, page: str, content: bytes, told: str
) -> None:
    answer = client.post(page, {"importer": "till", "file": SimpleUploadedFile("f.csv", content)})
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_nothing_is_imported_before_it_was_looked_at(client: Client, page: str) -> None:
    uploaded = client.post(page, {"importer": "till", "file": SimpleUploadedFile("f.csv", TILL.encode())})
    shown = client.get(uploaded["Location"]).content.decode()
    assert "12,50" in shown
    looked = client.post(uploaded["Location"], {"day": "column:0", "look": ""})
    assert looked.status_code == 422
    assert not Conversion.objects.exists()


def test_a_choice_that_was_not_offered_is_refused(client: Client, page: str) -> None:
    uploaded = client.post(page, {"importer": "till", "file": SimpleUploadedFile("f.csv", TILL.encode())})
    wrong = {"day": "column:99", "kind": "always:visit", "order": "dmy", "start": ""}
    assert client.post(uploaded["Location"], wrong).status_code == 422
    assert not Conversion.objects.exists()


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(
    client: Client, page: str, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    client.post(page, {"importer": "till", "file": SimpleUploadedFile("f.csv", TILL.encode())})
    job = FileImport.objects.get()
    FileImport.objects.update(
        state="waiting", choices={**job.choices, "kind": "always:order", "order": "dmy"}
    )
    importer = IMPORTERS["till"]
    write = type(importer).write

    def dies_at_the_second_batch(self: Any, items: Any, setting: Any) -> Any:
        done = write(self, items, setting)
        if len(items) < 2:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as broken:
        broken.setattr(type(importer), "write", dies_at_the_second_batch)
        with pytest.raises(KeyboardInterrupt):
            tasks.run_import(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.new) == ("running", 2, 2)

    tasks.run_import(job.pk)  # its lease is not over
    assert FileImport.objects.get().done == 2
    FileImport.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    assert importing.left_imports() == [job.pk]
    tasks.run_import(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.new) == ("done", 3, 3)
    assert sum(number for number, _amount in counted(organization).values()) == 3


def test_an_old_file_is_forgotten_and_its_figures_stay(bring: Import) -> None:
    job = bring(TILL)
    FileImport.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert importing.forget_files() == 1
    job.refresh_from_db()
    assert (bytes(job.content), job.new) == (b"", 3)


PASTED = {
    "without headings": "example.com/menu, Menu, Autumn\nhttps://example.com/shop, Shop",
    "from a spreadsheet": "Campaign\tAddress\tName\nAutumn\texample.com/menu\tMenu\n\texample.com/shop\tShop",
}


@pytest.mark.parametrize("lines", PASTED.values(), ids=PASTED.keys())
def test_links_are_pasted_looked_at_and_made(
    lines: str, client: Client, page: str, organization: Organization, eager_tasks: Celery
) -> None:
    pasted = client.post(page, {"importer": "links", "pasted": lines})
    assert pasted.status_code == 302, pasted.content.decode()
    assert "example.com/shop" in client.get(pasted["Location"]).content.decode()
    assert not TrackedLink.objects.exists()

    job = FileImport.objects.get()
    client.post(pasted["Location"], {**job.choices, "order": "dmy", "start": ""})
    made = TrackedLink.objects.order_by("label").values_list("label", "target", "campaign__name")
    assert list(made) == [
        ("Menu", "https://example.com/menu", "Autumn"),
        ("Shop", "https://example.com/shop", None),
    ]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"importer": "links"}, "Choose a file, or paste the lines."),
        ({"importer": "links", "pasted": "Leads to,Name"}, "There are no rows"),
        ({"importer": "links", "pasted": " \n"}, "There are no rows"),
        ({"importer": "till", "pasted": "," * 300}, "more than 200"),
        ({"importer": "till", "pasted": "x" * (MOST_PASTED + 1)}, "200000"),
    ],
)
def test_what_cannot_be_pasted_is_said(sent: dict[str, str], said: str, client: Client, page: str) -> None:
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert not FileImport.objects.exists()


def test_only_who_works_here_may_import(
    client: Client,
    page: str,
    sign_in: SignIn,
    viewer: User,
    stranger: User,
    strangers_organization: Organization,
) -> None:
    client.post(page, {"importer": "till", "file": SimpleUploadedFile("f.csv", TILL.encode())})
    job = FileImport.objects.get()
    theirs = f"/o/{strangers_organization.slug}/imports/{job.pk}/"
    assert sign_in(viewer).get(page).status_code == 403
    assert sign_in(stranger).get(page).status_code == 404
    for path in (theirs, f"{theirs}bad-lines.csv"):
        assert sign_in(stranger).get(path).status_code == 404
