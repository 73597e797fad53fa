"""Mentions from a file: each once, understood and counted like those that were found."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from celery import Celery
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from accounts.models import Organization, User
from monitoring.jobs.models import FileImport
from monitoring.listening.forgetting.erased_authors import remember_author
from monitoring.listening.models import Brand, BrandKind, Mention, MutedAuthor
from monitoring.listening.rollups import miscounted_rows
from monitoring.listening.selectors.mentions import MentionFilter, filter_mentions
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.listening.services.keywords import create_keyword
from monitoring.listening.services.mentions import bury_mentions
from monitoring.platforms.types import ProfileLink
from tests.cast import SignIn
from tests.listening.platform_of_lists import make_post
from tests.listening.test_finding_mentions import store

pytestmark = pytest.mark.django_db
Import = Callable[..., FileImport]
HEADING = "Date,Time,Network,Post ID,Permalink,Username,Text,Likes"
ROWS = [
    '13/06/2026,10:15,Bluesky,at://1,https://bsky.example/1,@jo,I love Halden Coffee,"1,200"',
    "13/06/2026,10:20,Friendster,,https://friends.example/2,ada,Halden is terrible I hate it,3",
    "14/06/2026,,Bluesky,,,mira,Does Halden ship?,",
]
FILE = "\n".join([HEADING, *ROWS])


@pytest.fixture
def brand(organization: Organization) -> Brand:
    made = create_brand(organization=organization, name="Halden Coffee", kind=BrandKind.OWN)
    create_keyword(brand=made, query="halden", by=None)
    return made


@pytest.fixture
def client(sign_in: SignIn, marketer: User) -> Client:
    return sign_in(marketer)


@pytest.fixture
def bring(client: Client, organization: Organization, brand: Brand, eager_tasks: Celery) -> Import:
    """Upload a file, accept what was guessed, and start."""

    def brought(content: str | bytes, **choices: str) -> FileImport:
        file = SimpleUploadedFile("mentions", content.encode() if isinstance(content, str) else content)
        page = f"/o/{organization.slug}/imports/"
        uploaded = client.post(page, {"importer": "mentions", "file": file})
        assert uploaded.status_code == 302, uploaded.content.decode()
        job = FileImport.objects.latest("pk")
        chosen = {"brand": f"always:{brand.pk}", "order": "dmy", **job.choices, **choices, "start": ""}
        answer = client.post(uploaded["Location"], chosen)
        assert answer.status_code == 302, answer.content.decode()
        job.refresh_from_db()
        return job

    return brought


def stored(brand: Brand) -> list[Mention]:
    assert miscounted_rows(organization=brand.organization) == 0
    return list(Mention.objects.filter(brand=brand).order_by("published_at"))


def as_workbook(text: str) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in csv.reader(StringIO(text, newline="")):
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


def test_a_row_is_understood_counted_and_found_like_a_post(bring: Import, brand: Brand) -> None:
    job = bring(FILE)
    assert (job.rows, job.new, job.bad) == (3, 3, 0)
    love, hate, question = stored(brand)
    assert (love.platform, love.external_id, love.author_handle, love.likes) == (
        "bluesky",
        "at://1",
        "jo",
        1200,
    )
    assert love.published_at == datetime(2026, 6, 13, 8, 15, tzinfo=UTC)  # the business is in Berlin
    assert (hate.platform, hate.community) == ("imported", "Friendster")
    assert [mention.tone for mention in (love, hate)] == [1, -1]
    assert question.is_question
    assert all(mention.keyword_versions and not mention.no_longer_matches for mention in stored(brand))
    # Only an id that the platform gave can be asked for.
    assert [mention.refresh_at is not None for mention in (love, hate, question)] == [True, False, False]
    wanted = MentionFilter(search="terrible")
    assert list(filter_mentions(brand=brand, wanted=wanted)) == [hate]


def test_a_file_comes_twice_as_csv_and_as_a_workbook_and_changes_nothing(bring: Import, brand: Brand) -> None:
    bring(FILE)
    before = list(Mention.objects.order_by("pk").values())
    again = FILE.replace(",3\n", ",99\n") + "\n15/06/2026,,Bluesky,,,mira,Halden opens at nine,"
    job = bring(as_workbook(again))
    assert (job.new, job.known, job.bad) == (1, 3, 0)
    assert list(Mention.objects.order_by("pk").values())[:3] == before


def test_what_was_collected_or_deleted_before_stays_as_it_is(bring: Import, brand: Brand) -> None:
    store(
        brand, [make_post("at://1", "Halden as the platform says it"), make_post("deleted", "Halden, gone")]
    )
    bury_mentions(ids=list(Mention.objects.filter(external_id="deleted").values_list("pk", flat=True)))
    collected = Mention.objects.get(external_id="at://1")
    seen_at = collected.published_at.strftime("%Y-%m-%d %H:%M+00:00")
    job = bring(
        "Text,Date,Platform,Id,Address\n"
        "Halden by id,2026-06-01,bluesky,at://1,\n"
        "Halden that was deleted,2026-06-01,bluesky,deleted,\n"
        f"Halden by address,{seen_at},bluesky,,{collected.url}\n"
    )
    assert (job.new, job.known, job.bad) == (0, 3, 0)
    assert {mention.text for mention in stored(brand)} == {"", "Halden as the platform says it"}


def test_bad_rows_are_told_by_line_and_the_others_come_in(bring: Import, brand: Brand) -> None:
    track_profile(brand=brand, link=ProfileLink(platform="bluesky", handle="halden.example"))
    remember_author(organization=brand.organization, platform="bluesky", handle="gone.example")
    job = bring(
        "Text,Date,Platform,Handle,Likes\n"
        "Halden is fine,2026-06-13,bluesky,jo,1\n"
        "Nobody of interest,2026-06-13,bluesky,jo,1\n"
        "Halden some day,someday,bluesky,jo,1\n"
        "Halden liked,2026-06-13,bluesky,jo,many\n"
        "Halden about ourselves,2026-06-13,bluesky,@Halden.example,1\n"
        "Halden by somebody erased,2026-06-13,bluesky,gone.example,1\n"
        ",2026-06-13,bluesky,jo,1\n"
    )
    assert (job.new, job.bad) == (1, 6)
    assert [number for number, _why in job.bad_lines] == [3, 4, 5, 6, 7, 8]
    assert [mention.text for mention in stored(brand)] == ["Halden is fine"]


def test_a_chosen_keyword_takes_every_row_in(bring: Import, brand: Brand) -> None:
    version = create_keyword(brand=brand, query="something else", by=None).versions.get()
    MutedAuthor.objects.create(organization=brand.organization, author_key="imported:mira")
    job = bring(
        "Text,Date,Handle\nNobody of interest,2026-06-13,jo\nThe same by one who is muted,2026-06-13,mira\n",
        keyword=f"always:{version.pk}",
    )
    assert (job.new, job.bad) == (2, 0)
    assert [mention.keyword_versions for mention in stored(brand)] == [[version.pk]] * 2
    assert sorted(mention.is_counted for mention in stored(brand)) == [False, True]


def test_an_export_can_be_imported_elsewhere(
    bring: Import, brand: Brand, client: Client, organization: Organization
) -> None:
    evil = "=halden()\n\ttwo lines"
    store(brand, [make_post("p1", evil), make_post("p2", "I love Halden", followers=7)])
    other = create_brand(organization=organization, name="Halden, too", kind=BrandKind.PRODUCT)
    create_keyword(brand=other, query="halden", by=None)
    for file_format in ("xlsx", "csv"):
        file = client.get(f"/o/{organization.slug}/mentions/export.{file_format}?brand={brand.pk}").getvalue()
        job = bring(file, brand=f"always:{other.pk}")
        assert job.bad == 0, job.bad_lines
    kept = (
        "platform",
        "external_id",
        "url",
        "text",
        "published_at",
        "author_handle",
        "author_followers",
        "tone",
    )
    rows = [
        list(Mention.objects.filter(brand=each).order_by("pk").values_list(*kept)) for each in (brand, other)
    ]
    assert sorted(rows[0]) == sorted(rows[1])


def test_the_brand_of_another_organization_is_no_choice(
    bring: Import, brand: Brand, client: Client, strangers_organization: Organization
) -> None:
    theirs = create_brand(organization=strangers_organization, name="Bright Bean", kind=BrandKind.OWN)
    with pytest.raises(AssertionError):
        bring(FILE, brand=f"always:{theirs.pk}")
    job = bring(FILE + "\n", text="column:6", brand="column:5")
    assert (job.new, job.bad) == (0, 3)
    assert not Mention.objects.exists()
