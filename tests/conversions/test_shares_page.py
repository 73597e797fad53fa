"""A figure of credit leads to the conversions behind it: their parts on a page, and as a file."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.models import (
    Assumptions,
    Campaign,
    Channel,
    Conversion,
    CreditModel,
    Kind,
    Touch,
    TrackedLink,
)
from monitoring.conversions.parts_page import say_part
from monitoring.conversions.selectors.parts import Share
from monitoring.conversions.services.refunding import Refund, record_refund
from tests.cast import SignIn
from tests.conversions.conftest import record, report

pytestmark = pytest.mark.django_db
SHARES = "/o/halden-coffee/goal/conversions/shares/"
PAGES = (
    "/o/halden-coffee/goal/conversions/",
    *(
        f"/o/halden-coffee/goal/?more=yes&model={model}&by={by}"
        for model in ("linear", "said")
        for by in ("platform", "campaign", "post")
    ),
    "/o/halden-coffee/goal/campaigns/",
    "/o/halden-coffee/goal/costs/",
    "/o/halden-coffee/audience/more/",
)


@pytest.fixture
def client(marketer: User, sign_in: SignIn) -> Client:
    return sign_in(marketer)


@pytest.fixture
def campaign(organization: Organization, link: TrackedLink) -> Campaign:
    made = Campaign.objects.create(
        organization=organization, name="Spring", slug="spring", starts_on=timezone.now().date()
    )
    TrackedLink.objects.filter(pk=link.pk).update(campaign=made)
    return made


@pytest.fixture
def orders(organization: Organization, link: TrackedLink, campaign: Campaign) -> list[Conversion]:
    """One of three channels, one of a single one, one that nobody knows about, and one that was taken back."""
    now = timezone.now() - timedelta(hours=1)
    told = [report(at=now - timedelta(days=day), amount="10.01", channel=Channel.FRIEND) for day in range(4)]
    found = [record(organization, each) for each in told]
    for place, channel in enumerate((Channel.INSTAGRAM, Channel.MAIL, Channel.FACEBOOK)):
        follow(found[0], channel, days=place + 1, link=link if channel == Channel.INSTAGRAM else None)
    follow(found[1], Channel.INSTAGRAM, link=link)
    for channel in (Channel.INSTAGRAM, Channel.X):
        follow(found[3], channel)
    refund = Refund(idempotency_key="back", occurred_at=now, cancels=True)
    record_refund(conversion=found[3], refund=refund)
    credit_due_days(seconds=10)
    return found


def follow(order: Conversion, channel: str, *, days: int = 1, link: TrackedLink | None = None) -> None:
    Touch.objects.create(
        organization_id=order.organization_id,
        conversion=order,
        key=f"visit:{channel}",
        found=Touch.Found.VISIT,
        occurred_at=order.occurred_at - timedelta(days=days),
        channel=channel,
        link=link,
        campaign=Campaign.objects.filter(links=link).first() if link else None,
    )


def read(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "html.parser")


def heading(page: BeautifulSoup) -> str:
    return " ".join(page.select_one("#parts-title").get_text().split())  # type: ignore[union-attr]


def cells(page: BeautifulSoup) -> list[list[str]]:
    rows = page.select("section[aria-labelledby=parts-title] tbody tr")
    return [[" ".join(cell.get_text().split()) for cell in row.select("td")][3:] for row in rows]


@pytest.mark.usefixtures("orders")
def test_each_conversion_stands_there_with_its_part(client: Client) -> None:
    page = read(client, f"{SHARES}?model=linear&channel=instagram&kind=order")
    assert heading(page) == "Instagram · Orders: 1.33 · €13.35"
    assert cells(page) == [
        ["½ · 50%", "-0.5", "-€5"],
        ["⅓ · 33%", "0.333333", "€3.34"],
        ["All of it", "1", "€10.01"],
        ["½ · 50%", "0.5", "€5"],
    ]
    foot = [cell.get_text(strip=True) for cell in page.select("tfoot td")]
    assert (foot[0], foot[-2:]) == ("All of these", ["1.333333", "€13.35"])


@pytest.mark.usefixtures("orders")
def test_what_nobody_is_credited_with_is_listed_too(client: Client) -> None:
    page = read(client, f"{SHARES}?model=first&channel=none")
    assert heading(page) == "Not known · Conversions: 1 · €10.01"
    assert cells(page) == [["All of it", "1", "€10.01"]]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("address", PAGES)
def test_every_figure_of_credit_leads_to_a_list_that_says_the_same(
    client: Client, organization: Organization, address: str
) -> None:
    Assumptions.objects.create(organization=organization, margin=Decimal(50))
    links = [each for each in read(client, address).select("a[href]") if str(each["href"]).startswith(SHARES)]
    assert links
    for each in links:
        shown = each.get_text(strip=True).removeprefix("before: ")
        if " to " in shown:  # a range begins or ends with what the last touch says
            assert any(end in heading(read(client, str(each["href"]))) for end in shown.split(" to "))
        else:
            assert shown in heading(read(client, str(each["href"]))), each


@pytest.mark.usefixtures("orders")
def test_the_parts_of_one_link_are_listed(client: Client, link: TrackedLink) -> None:
    page = read(client, f"{SHARES}?model=linear&link={link.pk}&kind=order")
    assert heading(page) == "Autumn menu · Orders: 1.33 · €13.35"


@pytest.mark.usefixtures("orders")
def test_the_file_adds_up_to_the_figure(client: Client) -> None:
    answer = client.get(f"{SHARES}export.csv?model=linear&channel=instagram")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(text.splitlines()))
    assert sum(Decimal(row["Credited number"]) for row in rows) == Decimal("1.333333")
    assert sum(Decimal(row["Credited amount"]) for row in rows) == Decimal("13.35")
    assert [(row["Its touches"], row["All touches"]) for row in rows] == [
        ("1", "2"),
        ("1", "3"),
        ("1", "1"),
        ("1", "2"),
    ]
    assert client.get(f"{SHARES}export.pdf").status_code == 404


@pytest.mark.parametrize("target", ["campaign", "link", "post", "mention"])
def test_what_is_not_here_does_not_exist(client: Client, organization: Organization, target: str) -> None:
    assert client.get(f"{SHARES}?{target}=999").status_code == 404
    assert client.get(f"{SHARES}?{target}=0").status_code == 200


@pytest.mark.parametrize(
    "wrongly",
    ["channel=nowhere", "channel=instagram&channel=nowhere", "kind=x y", "model=best", "link=abc"],
)
def test_what_is_named_wrongly_does_not_answer_with_all(
    client: Client, link: TrackedLink, wrongly: str
) -> None:
    assert client.get(f"{SHARES}?{wrongly}").status_code == 404
    assert client.get(f"{SHARES}export.csv?{wrongly}").status_code == 404


def test_days_that_wait_for_their_credits_are_named(client: Client, organization: Organization) -> None:
    record(organization, report(at=timezone.now()))
    assert "being credited anew" in read(client, SHARES).get_text()


@pytest.mark.parametrize(
    ("model", "theirs", "touches", "part", "said"),
    [
        (CreditModel.LINEAR, 2, 6, "0.333333", "⅓ · 33%"),
        (CreditModel.LINEAR, 3, 7, "0.428571", "3/7 · 43%"),
        (CreditModel.DECAY, 1, 3, "0.0712", "7.1%"),
        (CreditModel.DECAY, 1, 3, "0.000004", "less than 0.1%"),
        (CreditModel.LAST, 1, 3, "1", "All of it"),
    ],
)
def test_a_part_is_said_as_people_say_it(
    model: CreditModel, theirs: int, touches: int, part: str, said: str
) -> None:
    share = Share(
        entry=Conversion(kind=Kind.ORDER),
        part=Decimal(part),
        theirs=theirs,
        touches=touches,
        number=Decimal(1),
        amount=Decimal(0),
    )
    assert say_part(share, model) == said
