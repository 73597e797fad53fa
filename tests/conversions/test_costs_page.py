"""The pages of costs, time and money: who may do what, what is kept, what is said when something is wrong."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.form_pages import WRONG
from accounts.models import Organization, User
from monitoring.conversions.models import Assumptions, CreditDay, OwnRate, Spend, TimeSpent
from monitoring.conversions.services.costs import record_spend
from tests.cast import SignIn
from tests.conversions.test_costs import expense, publish

pytestmark = pytest.mark.django_db

COSTS = "/o/halden-coffee/goal/costs/"
MONEY = "/o/halden-coffee/settings/money/"
KEY = "0" * 32


@pytest.fixture
def client(marketer: User, sign_in: SignIn) -> Client:
    return sign_in(marketer)


@pytest.fixture
def client_of_admin(admin: User, sign_in: SignIn) -> Client:
    return sign_in(admin)


def text_of(client: Client, link: str) -> str:
    page = BeautifulSoup(client.get(link).content, "html.parser")
    return " ".join(page.get_text(" ").replace("\xa0", " ").split())


def test_an_empty_page_says_what_to_do(client: Client, organization: Organization) -> None:
    page = text_of(client, COSTS)

    assert "Nothing to set against each other yet" in page
    assert "Start the timer" in page


def test_a_boost_is_one_form(client: Client, organization: Organization) -> None:
    post = publish(organization)
    shown = client.get(f"{COSTS}boost/?post={post.pk}")
    assert f'value="{post.pk}" selected' in shown.content.decode()

    sent = {
        "post": post.pk,
        "amount": "5",
        "currency": "EUR",
        "days": "7",
        "first_day": "2026-11-01",
        "idempotency_key": KEY,
    }
    for _click in range(2):
        assert client.post(f"{COSTS}boost/", sent).status_code == 302

    spend = Spend.objects.get()
    assert (spend.amount_a_day, spend.post, (spend.last_day - spend.first_day).days) == (Decimal(5), post, 6)
    assert "New beans" in text_of(client, COSTS)


def test_another_businesss_post_cannot_be_boosted(
    client: Client, organization: Organization, strangers_organization: Organization
) -> None:
    publish(organization)
    theirs = publish(strangers_organization)

    sent = {"post": theirs.pk, "amount": "5", "currency": "EUR", "days": "7", "first_day": "2026-11-01"}

    assert client.post(f"{COSTS}boost/", sent).status_code == WRONG
    assert not Spend.objects.exists()


def test_spending_is_entered_changed_and_deleted(client: Client, organization: Organization) -> None:
    sent = {"kind": "ads", "amount": "12,50", "currency": "EUR", "first_day": "2026-11-01", "note": "Flyers"}
    client.post(f"{COSTS}spend/new/", {**sent, "idempotency_key": KEY})
    spend = Spend.objects.get()
    assert (spend.amount_a_day, spend.last_day) == (Decimal("12.50"), spend.first_day)
    assert 'value="12.50"' in client.get(f"{COSTS}spend/{spend.pk}/").content.decode()

    client.post(f"{COSTS}spend/{spend.pk}/", {**sent, "amount": "13", "last_day": "2026-11-03"})
    spend.refresh_from_db()
    assert (spend.amount_a_day, spend.last_day.day) == (Decimal(13), 3)

    client.post(f"{COSTS}spend/{spend.pk}/delete/")
    assert not Spend.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "a lot"}, "no amount we can read"),
        ({"amount": "1.5", "currency": "JPY"}, "more decimals than the currency"),
        ({"last_day": "2026-10-01"}, "lies before the first"),
        ({"last_day": "2028-10-01"}, "A year at most"),
        ({"first_day": "0001-01-01"}, "too far away"),
    ],
)
def test_a_wrong_expense_is_explained_and_kept(
    client: Client, organization: Organization, wrong: dict[str, str], said: str
) -> None:
    sent = {"kind": "ads", "amount": "12", "currency": "EUR", "first_day": "2026-11-01", **wrong}
    answer = client.post(f"{COSTS}spend/new/", sent)

    assert answer.status_code == WRONG
    assert said in answer.content.decode()
    assert not Spend.objects.exists()


def test_the_same_form_with_other_words_is_not_saved_silently(
    client: Client, organization: Organization
) -> None:
    sent = {"kind": "ads", "currency": "EUR", "first_day": "2026-11-01", "idempotency_key": KEY}
    client.post(f"{COSTS}spend/new/", {**sent, "amount": "1"})

    answer = client.post(f"{COSTS}spend/new/", {**sent, "amount": "2"})

    assert answer.status_code == WRONG
    assert "was sent before" in answer.content.decode()


def test_every_term_of_the_return_is_on_the_page(client: Client, organization: Organization) -> None:
    today = timezone.localdate()
    Assumptions.objects.create(organization=organization, margin=Decimal(40), hourly_rate=Decimal(30))
    CreditDay.objects.create(
        organization_id=organization.pk, day=today - timedelta(days=1), model="last", kind="order",
        currency="EUR", channel="instagram", campaign_id=0, link_id=0, number=3, amount=1000,
    )  # fmt: skip
    record_spend(
        organization=organization,
        expense=expense("100", first_day=today, last_day=today),
        idempotency_key="a",
    )
    TimeSpent.objects.create(organization=organization, day=today, minutes=120)

    page = text_of(client, COSTS)

    for expected in (
        "A return of +150%: €1,000 of sales for a cost of €160",
        "× margin of 40%",
        "120 minutes × €30 an hour",
        "€400",
        "€60",
        "÷ cost of €160",
        "Instagram",
    ):
        assert expected in page, expected


def test_without_a_margin_the_page_claims_no_return(client: Client, organization: Organization) -> None:
    CreditDay.objects.create(
        organization_id=organization.pk, day=timezone.localdate(), model="last", kind="order",
        currency="EUR", channel="instagram", campaign_id=0, link_id=0, number=3, amount=1000,
    )  # fmt: skip

    page = text_of(client, COSTS)

    assert "€1,000 of sales" in page
    assert "no return is claimed" in page
    assert "A return of" not in page


def test_the_timer_survives_and_asks_when_it_was_forgotten(
    client: Client, organization: Organization
) -> None:
    client.post(f"{COSTS}timer/start/", {"channel": "tiktok"})
    assert "Stop and save" in text_of(client, COSTS)
    TimeSpent.objects.update(started_at=timezone.now() - timedelta(hours=30))

    answer = client.post(f"{COSTS}timer/stop/", follow=True)

    entry = TimeSpent.objects.get()
    assert (entry.minutes, entry.channel) == (480, "tiktok")
    assert answer.redirect_chain[-1][0] == f"{COSTS}time/{entry.pk}/"
    assert "The timer ran for 30 hours. We wrote down 8 hours." in answer.content.decode().replace(
        "\xa0", " "
    )


def test_minutes_are_entered_by_hand(client: Client, organization: Organization) -> None:
    client.post(f"{COSTS}time/", {"minutes": "25", "day": "2026-11-01", "channel": "x"})

    entry = TimeSpent.objects.get()
    assert (entry.minutes, entry.channel) == (25, "x")

    client.post(f"{COSTS}time/{entry.pk}/delete/")
    assert not TimeSpent.objects.exists()


def test_only_admins_say_what_the_return_is_computed_with(
    client: Client, client_of_admin: Client, organization: Organization
) -> None:
    sent = {"margin": "37.5", "hourly_rate": "24", "window_days": "30", "half_life_days": "7"}
    link = f"{COSTS}assumptions/"

    assert client.get(link).status_code == 200
    assert client.post(link, sent).status_code == 403
    assert client_of_admin.post(link, sent).status_code == 302
    assert Assumptions.objects.get().margin == Decimal("37.5")
    assert client_of_admin.post(link, {**sent, "margin": "101"}).status_code == WRONG


def test_rates_are_entered_uploaded_and_deleted(client_of_admin: Client, organization: Organization) -> None:
    client_of_admin.post(MONEY, {"currency": "ISK", "per_euro": "145,5", "day": "2026-11-01"})
    rate = OwnRate.objects.get()
    assert rate.per_euro == Decimal("145.5")

    table = SimpleUploadedFile("rates.csv", b"currency,day,rate\nISK,2026-11-01,146\nAED,2026-11-01,3.97\n")
    assert client_of_admin.post(f"{MONEY}upload/", {"table": table}).status_code == 302
    page = text_of(client_of_admin, MONEY)
    assert "1 AED = 0.251889 EUR" in page
    assert "146 ISK" in page

    client_of_admin.post(f"{MONEY}{rate.pk}/delete/")
    assert list(OwnRate.objects.values_list("currency", flat=True)) == ["AED"]


def test_a_file_with_a_bad_line_saves_nothing_and_says_which(
    client_of_admin: Client, organization: Organization
) -> None:
    table = SimpleUploadedFile("rates.csv", b"currency,day,rate\nISK,2026-11-01,146\nAED,soon,3.97\n")

    answer = client_of_admin.post(f"{MONEY}upload/", {"table": table})

    assert answer.status_code == WRONG
    page = BeautifulSoup(answer.content, "html.parser").get_text(" ")
    assert "Nothing was saved" in page
    assert "“soon” is no day" in page
    assert not OwnRate.objects.exists()


def test_many_own_rates_come_page_by_page(client_of_admin: Client, organization: Organization) -> None:
    lines = "".join(f"ISK,2026-{day // 28 + 1:02}-{day % 28 + 1:02},146\n" for day in range(65))
    table = SimpleUploadedFile("rates.csv", f"currency,day,rate\n{lines}".encode())
    client_of_admin.post(f"{MONEY}upload/", {"table": table})

    seen, link = [], MONEY
    while link:
        page = BeautifulSoup(client_of_admin.get(link).content, "html.parser")
        own = page.select("section[aria-labelledby=own-rates] tbody tr")
        seen += [row.get_text(" ") for row in own]
        older = page.select_one("a[rel=next]")
        link = str(older["href"]) if older else ""

    assert len(seen) == len(set(seen)) == 65


def test_a_viewer_reads_and_changes_nothing(
    viewer: User, sign_in: SignIn, organization: Organization
) -> None:
    client = sign_in(viewer)

    assert client.get(COSTS).status_code == 200
    assert client.get(MONEY).status_code == 200
    assert "Start the timer" not in text_of(client, COSTS)
    for link in (f"{COSTS}time/", f"{COSTS}spend/new/", f"{COSTS}timer/start/", f"{MONEY}fetch/", MONEY):
        assert client.post(link).status_code == 403
