"""What a business sets for itself beside its name and clock: logo, hours, holidays; and who may begin another."""

from __future__ import annotations

import struct
from contextlib import suppress
from datetime import date, time
from io import BytesIO
from zlib import crc32

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from accounts.models import AuditEvent, Holiday, Membership, Organization, Role, User
from accounts.opening_hours import END_OF_DAY, NotHours, Span, format_spans, parse_spans
from accounts.services.organizations import create_organization
from tests.cast import SignIn

SETTINGS = "/o/halden-coffee/settings/"
CLOSED = {f"day_{day}": "" for day in range(1, 8)}


def picture(kind: str, size: tuple[int, int] = (900, 600), colors: str = "RGB") -> bytes:
    drawn = BytesIO()
    image = Image.new(colors, size, "#7a3b12")
    image.info["comment"] = b"where it was taken"
    image.save(drawn, kind)
    return drawn.getvalue()


def header_of_a_picture(side: int) -> bytes:
    """A PNG that is nothing but its claim of how large it is."""
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    end = b"IDAT"
    chunks = (
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", crc32(part)) for part in (header, end)
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def upload(client: Client, content: bytes, name: str = "logo.png") -> str:
    file = SimpleUploadedFile(name, content, "image/png")
    page = client.post(f"{SETTINGS}logo/", {"logo": file}, follow=True)
    return BeautifulSoup(page.content, "html.parser").select(".messages")[0].get_text(strip=True)


def address_of_logo(client: Client) -> str | None:
    page = BeautifulSoup(client.get(SETTINGS).content, "html.parser")
    image = page.select_one(".workspace img")
    return str(image["src"]) if image else None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_and_kept_by_browsers(
    organization: Organization, admin: User, sign_in: SignIn, kind: str
) -> None:
    client = sign_in(admin)
    assert upload(client, picture(kind) + b"<script>hidden</script>") == "This is your logo now."

    address = address_of_logo(client)
    assert address
    answer = Client().get(address)
    shown = Image.open(BytesIO(answer.content))
    assert (shown.format, shown.size, b"hidden" in answer.content) == ("PNG", (256, 171), False)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]

    upload(client, picture("PNG", (10, 10)))
    assert address_of_logo(client) != address
    assert Client().get(address).status_code == 404
    client.post(f"{SETTINGS}logo/", {"remove": "1"})
    assert address_of_logo(client) is None
    assert AuditEvent.objects.latest("pk").after == {"logo": ""}


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "This is no PNG"),
        (picture("GIF", (9, 9)), "This is no PNG"),
        (picture("PNG")[:200], "This is no PNG"),
        (b"", "This file is empty"),
        (header_of_a_picture(6_000), "too many pixels"),
        (header_of_a_picture(20_000), "too many pixels"),
        (b"\x89PNG" + b"0" * (2 * 1024 * 1024), "larger than 2 MB"),
    ],
    ids=["SVG", "GIF", "cut off", "empty", "a bomb", "a larger bomb", "large"],
)
def test_what_is_no_logo_is_refused(
    organization: Organization, admin: User, sign_in: SignIn, content: bytes, answer: str
) -> None:
    client = sign_in(admin)
    assert answer in upload(client, content)
    assert address_of_logo(client) is None


def test_hours_and_holidays_are_kept_and_recorded(
    organization: Organization, admin: User, viewer: User, sign_in: SignIn
) -> None:
    client = sign_in(admin)
    client.post(f"{SETTINGS}hours/", CLOSED | {"day_1": "13:30-18, 9-12", "day_5": "6pm–24:00"})
    client.post(f"{SETTINGS}hours/holidays/", {"name": "Inventory", "first_day": "2027-01-04"})

    hours = organization.opening_hours.order_by("weekday", "opens")
    assert [(span.weekday, span.opens, span.closes) for span in hours] == [
        (1, time(9), time(12)),
        (1, time(13, 30), time(18)),
        (5, time(18), END_OF_DAY),
    ]
    changed = AuditEvent.objects.get(action="changed")
    assert changed.after == {"hours on Monday": "09:00–12:00, 13:30–18:00", "hours on Friday": "18:00–24:00"}
    assert Holiday.objects.get().last_day == date(2027, 1, 4)
    assert "09:00–12:00, 13:30–18:00" in sign_in(viewer).get(f"{SETTINGS}hours/").content.decode()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("from nine", "is not understood"),
        ("25-26", "no such time"),
        ("13pm-14", "no such time"),
        ("18-2", "ends before it begins"),
        ("9-12, 11-13", "overlap"),
        ("0-1, 2-3, 4-5, 6-7, 8-9, 10-11, 12-13", "At most 6"),
    ],
)
def test_hours_that_cannot_be_are_explained(
    organization: Organization, admin: User, sign_in: SignIn, typed: str, answer: str
) -> None:
    page = sign_in(admin).post(f"{SETTINGS}hours/", CLOSED | {"day_2": typed})
    assert page.status_code == 422
    assert answer in page.content.decode()
    assert not organization.opening_hours.exists()


_minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


@given(st.lists(_minutes, unique=True, max_size=12))
def test_hours_are_read_as_they_are_written(moments: list[time]) -> None:
    ordered = sorted(moments)
    spans = tuple(Span(*pair) for pair in zip(ordered[::2], ordered[1::2], strict=False))
    assert parse_spans(format_spans(spans)) == spans


@given(st.text(alphabet="0129:.-–,; apmto", max_size=30))
def test_whatever_is_typed_is_hours_or_explained(text: str) -> None:
    with suppress(NotHours):
        spans = parse_spans(text)
        assert all(span.opens < span.closes for span in spans)
        assert list(spans) == sorted(spans)


def test_who_manages_a_team_may_begin_another_business(
    organization: Organization,
    admin: User,
    viewer: User,
    stranger: User,
    settings: Settings,
    sign_in: SignIn,
) -> None:
    def offered(person: User) -> bool:
        return "New business" in sign_in(person).get(SETTINGS).content.decode()

    assert (offered(admin), offered(viewer)) == (True, False)
    assert sign_in(admin).get("/start/business/").status_code == 200
    assert sign_in(viewer).get("/start/business/").status_code == 302
    assert "You are in no team here" in sign_in(stranger).get("/start/business/").content.decode()
    settings.SIGN_UP = "open"
    assert offered(viewer)
    assert "What is your business called?" in sign_in(stranger).get("/start/business/").content.decode()


def test_all_ones_businesses_are_in_the_menu(
    organization: Organization, viewer: User, stranger: User, sign_in: SignIn
) -> None:
    other = create_organization(owner=stranger, name="Bright Bean")
    Membership.objects.create(organization=other, user=viewer, role=Role.ADMIN)
    page = BeautifulSoup(sign_in(viewer).get(SETTINGS).content, "html.parser")
    for menu in (".side", ".tabbar"):
        assert page.select_one(f"{menu} a[href='/o/bright-bean/']")
