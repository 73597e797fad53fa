"""Keywords and the ledger of sources as files: what is ours, as it is now, and nothing of anybody else's."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Organization, User
from monitoring.listening.models import BrandKind, CollectionRun, Outcome, Subscription
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.keywords import change_keyword, create_keyword, pause_keyword
from tests.cast import SignIn
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import NOW, make_source

pytestmark = pytest.mark.django_db


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    sent = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a CSV is streamed
    return list(csv.DictReader(sent.decode("utf-8-sig").splitlines()))


def test_keywords_leave_as_they_are_now(
    organization: Organization, strangers_organization: Organization, viewer: User, sign_in: SignIn
) -> None:
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    keyword = create_keyword(brand=brand, query="halden", by=None, platforms=["mastodon", "bluesky"])
    change_keyword(keyword=keyword, query="#halden OR halden", platforms=["mastodon", "bluesky"], by=None)
    pause_keyword(keyword=create_keyword(brand=brand, query="kaffee", by=None))
    theirs = create_brand(organization=strangers_organization, name="Bean", kind=BrandKind.OWN)
    create_keyword(brand=theirs, query="secret", by=None)

    client, page = sign_in(viewer), "/o/halden-coffee/keywords/"
    assert f'href="{page}export.xlsx"' in client.get(page).content.decode()
    assert client.get(f"{page}export.xlsx").status_code == 200
    first, paused = rows_of(client, f"{page}export.csv")
    assert (first["Query"], first["About"]) == ("#halden OR halden", "Halden")
    assert (first["Where"], paused["Where"]) == ("Bluesky, Mastodon", "Everywhere")
    assert (first["Paused"], paused["Query"]) == ("", "kaffee")
    assert paused["Paused"]
    assert first["Searches"] == str(Subscription.objects.filter(keyword=keyword).count())


def test_the_ledger_leaves_with_every_attempt_but_anothers_past(
    organization: Organization, strangers_organization: Organization, viewer: User, sign_in: SignIn
) -> None:
    source = make_source()
    listen(organization, source, name="Halden", query="halden")
    listen(strangers_organization, source, name="Bean", query="halden")
    theirs = Subscription.objects.get(organization=strangers_organization)
    for number in range(40):
        CollectionRun.objects.create(
            source=source,
            started_at=NOW - timedelta(hours=number),
            outcome=Outcome.COLLECTED if number else Outcome.UNREACHABLE,
            posts_seen=number,
            error="" if number else "No answer.",
        )
    CollectionRun.objects.create(
        source=source, started_at=NOW, subscription=theirs, is_backfill=True, outcome=Outcome.COLLECTED
    )

    client, page = sign_in(viewer), "/o/halden-coffee/sources/"
    assert f'href="{page}export.csv"' in client.get(page).content.decode()
    rows = rows_of(client, f"{page}export.csv")
    assert [row["Posts seen"] for row in rows] == [str(number) for number in range(40)]
    assert (rows[0]["Platform"], rows[0]["Asked"], rows[0]["Error"]) == ("Bluesky", "halden", "No answer.")
