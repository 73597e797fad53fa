"""The page of the audit log: who did what, newest first, found again, and taken away as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.audit import Action, Caller, acting, record, record_change
from accounts.audit_log import reading
from accounts.audit_log.reading import LogFilter, every_event, page_of_events
from accounts.models import AuditEvent, Organization, User
from tests.cast import SignIn

PAGE = "/o/halden-coffee/settings/audit/"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def reader(sign_in: SignIn, admin: User) -> Client:
    return sign_in(admin)


@pytest.fixture
def lena(owner: User) -> Iterator[User]:
    owner.name = "Lena Fischer"
    owner.save()
    with acting(Caller(user=owner, address="203.0.113.7", browser="Firefox")):
        yield owner


def sentences(client: Client, **filters: str) -> list[str]:
    page = BeautifulSoup(client.get(PAGE, filters).content, "html.parser")
    return [said.get_text() for said in page.select(".log .said")]


def keyword(organization: Organization, name: str, **after: object) -> AuditEvent:
    return record(Action.CREATED, organization=organization, kind="keyword", name=name, after=after)


def test_a_change_reads_as_a_sentence_and_unfolds(
    reader: Client, organization: Organization, lena: User
) -> None:
    record_change(
        organization=organization,
        subject=organization,
        name="halden coffee",
        before={"query": "halden", "platforms": []},
        after={"query": '"halden coffee" <b>', "platforms": []},
    )
    said = sentences(reader)[0]
    assert (
        said
        == 'Lena Fischer changed the business “halden coffee”: query from “halden” to “"halden coffee" <b>”'
    )
    page = BeautifulSoup(reader.get(PAGE).content, "html.parser")
    unfolded = page.select_one(".log li").get_text(" ", strip=True)  # type: ignore[union-attr]
    for detail in ("Lena Fischer <owner@example.com>", "203.0.113.7", "Firefox", "halden"):
        assert detail in unfolded
    assert page.find("b") is None or "<b>" not in str(page.find("b"))


def test_an_organization_sees_its_own_log_and_the_operator_the_rest(
    reader: Client, organization: Organization, strangers_organization: Organization
) -> None:
    record(Action.SIGN_IN_FAILED, organization=None, kind="user")
    keyword(strangers_organization, "bright bean")
    stranger = strangers_organization.memberships.get().user
    shown = reader.get(PAGE, {"who": stranger.pk}).content.decode()
    assert "bright bean" not in " ".join(sentences(reader))
    assert "Stranger" not in shown
    assert len(sentences(reader)) == AuditEvent.objects.filter(organization=organization).count()


def test_every_filter_shows_what_it_says_and_nothing_else(
    reader: Client, organization: Organization, lena: User, admin: User
) -> None:
    keyword(organization, "first", query="Größe")
    with acting(Caller(user=admin)):
        record(Action.DELETED, organization=organization, kind="goal", name="second")
    with acting(Caller(name="Web shop")):
        record(Action.CHANGED, organization=organization, kind="campaign", name="third")
    found: dict[str, list[dict[str, str]]] = {
        "first": [{"kind": "keyword"}, {"q": "GRÖSSE"}, {"q": "203.0.113.7 first"}, {"q": "lena firs"}],
        "second": [{"who": str(admin.pk), "kind": "goal"}, {"action": "deleted"}, {"q": "SECOND"}],
        "third": [{"who": "nobody", "kind": "campaign"}, {"action": "changed"}, {"q": "web shop"}],
    }
    for name, choices in found.items():
        for filters in choices:
            assert [name in said for said in sentences(reader, **filters)] == [True], filters
    for nothing in (
        {"q": "%"},
        {"q": "f_rst"},
        {"who": str(lena.pk), "action": "deleted"},
        {"q": "first second"},
    ):
        page = reader.get(PAGE, nothing).content.decode()
        assert "Nothing matches" in page, nothing


def test_days_are_those_of_the_reader(reader: Client, organization: Organization, admin: User) -> None:
    admin.time_zone = "Pacific/Auckland"  # thirteen hours ahead in November
    admin.save()
    with time_machine.travel(datetime(2026, 11, 20, 10, 59, tzinfo=UTC), tick=False):
        keyword(organization, "before midnight")
    with time_machine.travel(datetime(2026, 11, 20, 11, 1, tzinfo=UTC), tick=False):
        keyword(organization, "after midnight")
    on_the_20th = sentences(reader, **{"from": "2026-11-20", "to": "2026-11-20"})
    on_the_21st = sentences(reader, **{"from": "2026-11-21", "to": "2026-11-21"})
    assert ["before midnight" in said for said in on_the_20th] == [True]
    assert ["after midnight" in said for said in on_the_21st] == [True]
    exported = reader.get(f"{PAGE}export.csv", {"q": "after midnight"}).getvalue().decode()
    assert "2026-11-21T00:01" in exported
    assert "Pacific/Auckland" in exported


def test_pages_follow_each_other_without_a_gap_in_both_directions(
    reader: Client, organization: Organization
) -> None:
    with time_machine.travel(NOON, tick=False):  # all at one moment: the id alone tells them apart
        for number in range(60):
            keyword(organization, f"number {number:02}")
    forward, link = [], PAGE + "?kind=keyword"
    while link:
        page = BeautifulSoup(reader.get(link).content, "html.parser")
        forward.append([said.get_text() for said in page.select(".log .said")])
        older, newer = page.select_one("a[rel=next]"), page.select_one("a[rel=prev]")
        link, back = (PAGE + str(older["href"]) if older else ""), newer
    names = [name for page_names in forward for name in page_names]
    assert [len(page_names) for page_names in forward] == [25, 25, 10]
    assert [f"number {59 - place:02}" in name for place, name in enumerate(names)] == [True] * 60
    assert back is not None
    page = BeautifulSoup(reader.get(PAGE + str(back["href"])).content, "html.parser")
    assert [said.get_text() for said in page.select(".log .said")] == forward[1]


def test_a_long_log_is_looked_through_piece_by_piece(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = {keyword(organization, f"rare {number}").pk for number in range(3)}
    AuditEvent.objects.bulk_create(
        AuditEvent(organization=organization, action=Action.SIGNED_IN) for _each in range(150)
    )
    monkeypatch.setattr(reading, "WINDOWS", (20, 30))
    monkeypatch.setattr(reading, "BATCH", 40)
    wanted = LogFilter(search="rare")
    found: list[AuditEvent] = []
    cursor: str | None = ""
    pages = 0
    while cursor is not None:
        page = page_of_events(organization=organization, wanted=wanted, before=cursor)
        assert (page.looked_until is None) == (page.older is None)
        found += page.events
        cursor, pages = page.older, pages + 1
    assert {event.pk for event in found} == rare
    assert pages == 4
    assert [event.pk for event in every_event(organization=organization, wanted=wanted)] == sorted(rare)[::-1]
    everything = every_event(organization=organization, wanted=LogFilter())
    assert len({event.pk for event in everything}) == AuditEvent.objects.count()


def test_the_file_holds_exactly_what_is_filtered_and_no_formula(
    reader: Client, organization: Organization, lena: User
) -> None:
    keyword(organization, "=HYPERLINK(1)", query="+1")
    keyword(organization, "another")
    answer = reader.get(f"{PAGE}export.csv", {"q": "hyperlink"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode().removeprefix("\ufeff"))))
    assert [(row["Name"], row["After"], row["Address"]) for row in rows] == [
        ("'=HYPERLINK(1)", '{"query": "+1"}', "203.0.113.7")
    ]
    recorded = AuditEvent.objects.get(action=Action.EXPORTED)
    assert (recorded.subject_name, recorded.after["filters"]) == ("Halden Coffee audit log", "q=hyperlink")


def test_a_page_asks_little_however_many_events_it_shows(reader: Client, organization: Organization) -> None:
    for number in range(40):
        keyword(organization, f"number {number}")
    reader.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        reader.get(PAGE, {"q": "number", "who": "999999", "from": "2020-01-01"})
    assert len(queries) <= 12


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["q", "who", "action", "kind", "from", "to", "before", "after"]),
        st.one_of(
            st.text(max_size=40), st.sampled_from(["9999-12-31", "0001-01-01", "9" * 25, "1-1", "%_\\'"])
        ),
    )
)
def test_no_address_breaks_the_page(reader: Client, filters: dict[str, str]) -> None:
    query = urlencode(filters, errors="ignore")
    assert reader.get(f"{PAGE}?{query}").status_code == 200


def test_an_empty_log_says_what_will_stand_there(reader: Client, organization: Organization) -> None:
    with time_machine.travel(NOON, tick=False):
        page = reader.get(PAGE, {"before": "0-1"}).content.decode()
    assert "Nothing matches" in page or "Nothing has happened yet" in page
