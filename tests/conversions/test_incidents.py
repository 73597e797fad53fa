"""What happened, as people note it: a day or several, changed and taken back, by whoever may."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from accounts.models import Organization, User
from monitoring.conversions.models import Incident
from tests.cast import SignIn

pytestmark = pytest.mark.django_db
PLACE = "/o/halden-coffee/goal/incidents/"


@pytest.fixture
def client(sign_in: SignIn, marketer: User, organization: Organization) -> Client:
    return sign_in(marketer)


def noted() -> list[tuple[str, date, date]]:
    return list(Incident.objects.order_by("pk").values_list("name", "first_day", "last_day"))


def test_a_day_or_several_are_noted_changed_and_taken_back(client: Client, marketer: User) -> None:
    client.post(PLACE, {"name": "Sold out", "first_day": "2026-11-03"})
    client.post(PLACE, {"name": "Closed", "first_day": "2026-11-05", "last_day": "2026-11-07"})
    assert noted() == [
        ("Sold out", date(2026, 11, 3), date(2026, 11, 3)),
        ("Closed", date(2026, 11, 5), date(2026, 11, 7)),
    ]
    page = client.get(PLACE).content.decode()
    assert page.index("Closed") < page.index("Sold out")
    assert str(marketer) in page

    latest = Incident.objects.get(name="Closed")
    client.post(f"{PLACE}{latest.pk}/", {"name": "Open again", "first_day": "2026-11-08"})
    assert noted()[1] == ("Open again", date(2026, 11, 8), date(2026, 11, 8))
    client.post(f"{PLACE}{latest.pk}/delete/")
    assert [name for name, _first, _last in noted()] == ["Sold out"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "", "first_day": "2026-11-03"}, "This field is required."),
        ({"name": "Closed", "first_day": "2026-11-05", "last_day": "2026-11-04"}, "cannot end before"),
        ({"name": "Closed", "first_day": "0001-01-01"}, "too far away"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_noted(client: Client, sent: dict[str, str], said: str) -> None:
    answer = client.post(PLACE, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert noted() == []


def test_the_day_of_a_mark_stands_in_the_form(client: Client) -> None:
    assert 'value="2026-11-09"' in client.get(f"{PLACE}?day=2026-11-09").content.decode()
    for nonsense in ("x", "2026-13-41", "\0"):
        assert client.get(PLACE, {"day": nonsense}).status_code == 200


def test_all_leave_as_a_file(client: Client) -> None:
    client.post(PLACE, {"name": "=1+1", "first_day": "2026-11-03", "last_day": "2026-11-04"})
    assert f'href="{PLACE}export.csv"' in client.get(PLACE).content.decode()
    answer = client.get(f"{PLACE}export.csv")
    sent = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # it is streamed
    assert sent.splitlines()[1] == "'=1+1,2026-11-03,2026-11-04,Marketer"
    assert client.get(f"{PLACE}export.pdf").status_code == 404


def test_a_viewer_reads_and_notes_nothing(sign_in: SignIn, viewer: User, client: Client) -> None:
    client.post(PLACE, {"name": "Sold out", "first_day": "2026-11-03"})
    looking = sign_in(viewer)
    assert "Sold out" in looking.get(PLACE).content.decode()
    assert looking.post(PLACE, {"name": "Mine", "first_day": "2026-11-03"}).status_code == 403
    assert len(noted()) == 1
