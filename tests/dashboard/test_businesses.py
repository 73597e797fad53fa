"""All businesses of one person on one page: each by itself, in its own currency, in few queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Organization, Role, SetupStep, User
from accounts.services.organizations import create_organization
from monitoring.conversions.models import Channel, Kind, Origin
from monitoring.conversions.services.goals import Aim, set_goal
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.listening.models import BrandKind, Mention, MentionStatus, Outcome, Source
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.mentions import correct_sentiment
from monitoring.privacy.models import AuthorRequest
from monitoring.strategy.finding import find_steps
from tests.cast import SignIn
from tests.filled_business import fill

PAGE = "/businesses/"
LONG_AGO = datetime(2026, 1, 2, tzinfo=UTC)
# Queries: its goal, how that stands, the answer, who asks, its sources, what was said, what of it waits, the next step.
AN_ORGANIZATION = 8
AROUND_THEM = 4  # the session, the person, the memberships, the brands

pytestmark = pytest.mark.django_db


def join(organization: Organization, user: User, role: Role = Role.VIEWER) -> None:
    Membership.objects.create(organization=organization, user=user, role=role)


def earn(organization: Organization, amount: str, currency: str) -> None:
    set_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(10)))
    report = Report(
        kind=Kind.ORDER,
        idempotency_key="1",
        amount=Decimal(amount),
        currency=currency,
        heard_of_us_from=Channel.INSTAGRAM,
        occurred_at=timezone.now() - timedelta(hours=1),
        origin=Origin.API,
    )
    record_conversion(organization=organization, report=report)
    Organization.objects.filter(pk=organization.pk).update(setup_step=SetupStep.DONE)


def read(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_nobody_is_asked_there_for_a_goal_that_was_just_set(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    Organization.objects.update(setup_step=SetupStep.DONE)
    create_brand(organization=organization, name="Halden Coffee", kind=BrandKind.OWN)
    find_steps(organization=organization, now=timezone.now())
    client, step = sign_in(owner), "Say what social media should bring"
    assert step in client.get(PAGE).content.decode()

    set_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(10)))
    assert step not in client.get(PAGE).content.decode()


def test_each_business_has_its_own_answer_goal_and_currency(
    organization: Organization, strangers_organization: Organization, stranger: User, sign_in: SignIn
) -> None:
    join(organization, stranger)
    fill(organization)
    fill(strangers_organization)
    earn(strangers_organization, "1234", "USD")
    page = sign_in(stranger).get(PAGE)
    bean, halden = page.context["businesses"]
    assert (bean.organization.name, halden.organization.name) == ("Bright Bean", "Halden Coffee")
    assert "$1,234" in bean.answer
    assert "€" not in bean.answer
    assert "$" not in halden.answer
    assert "10 orders every month" in bean.goal_said
    text = page.content.decode()
    for business in (bean, halden):
        own = business.organization.get_absolute_url()
        assert any(item.address.startswith(own) for item in business.waiting)
        assert all(item.address.startswith(own) for item in business.waiting)
        assert f'href="{own}"' in text


def test_what_was_answered_or_archived_no_longer_waits(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    now = timezone.now()
    for place, status in enumerate(
        (MentionStatus.OPEN, MentionStatus.OPEN, MentionStatus.ANSWERED, MentionStatus.ARCHIVED)
    ):
        Mention.objects.create(
            organization=organization,
            brand=brand,
            platform="bluesky",
            external_id=str(place),
            published_at=now - timedelta(hours=1),
            collected_at=now,
            author_key="bluesky:lena",
            language="en",
            sentiment=-1,
            sentiment_confidence=0.9,
            is_question=True,
            status=status,
        )
    client = sign_in(owner)
    [business] = client.get(PAGE).context["businesses"]
    waits = {item.text: item.address for item in business.waiting}
    for text in ("2 questions in the last 7 days", "2 unhappy mentions in the last 7 days"):
        assert len(client.get(waits[text]).context["rows"]) == 2


def test_each_of_several_own_brands_waits_for_itself_and_leads_to_its_own_list(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    now = timezone.now()
    for name, number in (("Halden", 1), ("Halden Roastery", 2)):
        brand = create_brand(organization=organization, name=name, kind=BrandKind.OWN)
        for place in range(number):
            Mention.objects.create(
                organization=organization,
                brand=brand,
                platform="bluesky",
                external_id=f"{name} {place}",
                published_at=now - timedelta(hours=1),
                collected_at=now,
                author_key="bluesky:lena",
                language="en",
                sentiment=-1,
                sentiment_confidence=0.9,
            )
    client = sign_in(owner)
    [business] = client.get(PAGE).context["businesses"]
    assert "<em>1 mention</em> of Halden." in business.answer
    waits = {item.text: item.address for item in business.waiting if item.icon == "frown"}
    assert waits.keys() == {
        "Halden: 1 unhappy mention in the last 7 days",
        "Halden Roastery: 2 unhappy mentions in the last 7 days",
    }
    for text, address in waits.items():
        rows = client.get(address).context["rows"]
        assert len(rows) == int(text.split(": ")[1][0])


def test_what_is_broken_and_who_may_wait_is_named(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    fill(organization)
    ours = Mention.objects.filter(brand__kind=BrandKind.OWN, status=MentionStatus.OPEN)
    latest = ours.latest("published_at")
    correct_sentiment(mention=latest, tone=Tone.NEGATIVE)  # whatever the hour: some days are over sooner
    Source.objects.update(failures=3, outcome=Outcome.UNREACHABLE, covered_until=LONG_AGO)
    AuthorRequest.objects.create(
        organization=organization, platform="bluesky", handle="ben", wish="erase", confirmed_at=timezone.now()
    )
    waiting = {item.icon: item for item in sign_in(owner).get(PAGE).context["businesses"][0].waiting}
    assert waiting["user-round-x"].text == "1 author asks about their data"
    assert waiting["unplug"].is_broken
    assert "unhappy" in waiting["frown"].text
    assert "tone=negative" in waiting["frown"].address
    assert "questions=yes" in waiting["message-circle-question-mark"].address


def test_a_business_that_asks_for_a_second_factor_tells_its_name_and_why(
    organization: Organization, strangers_organization: Organization, stranger: User, sign_in: SignIn
) -> None:
    join(organization, stranger)
    fill(organization)
    Organization.objects.filter(pk=organization.pk).update(requires_two_factor=True)
    with CaptureQueriesContext(connection) as queries:
        page = sign_in(stranger).get(PAGE)
    halden = page.context["businesses"][1]
    assert (halden.is_closed, halden.answer, halden.waiting, halden.goal_said) == (True, "", [], "")
    assert "This business asks for two-factor sign-in" in page.content.decode()
    asked = [query["sql"] for query in queries if f"{organization.pk}" in query["sql"].split()]
    assert not [sql for sql in asked if "conversion" in sql or "mention" in sql]


def test_where_nothing_was_brought_it_says_what_was_said(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    create_brand(organization=organization, name="Halden <b>Coffee</b>", kind=BrandKind.OWN)
    business = sign_in(owner).get(PAGE).context["businesses"][0]
    assert business.answer == (
        "Nothing from social media was reported in the last 30 days. "
        "<em>0 mentions</em> of Halden &lt;b&gt;Coffee&lt;/b&gt;."
    )
    assert [item.text for item in business.waiting] == ["Finish setting up"]


def test_nobody_else_s_business_is_shown(
    organization: Organization, strangers_organization: Organization, stranger: User, sign_in: SignIn
) -> None:
    assert "Halden" not in read(sign_in(stranger))


def test_queries_grow_by_a_few_with_each_business(
    organization: Organization, strangers_organization: Organization, stranger: User, sign_in: SignIn
) -> None:
    for each in (organization, strangers_organization):
        fill(each)
        earn(each, "5", each.currency)
    client = sign_in(stranger)
    counts = [_count_queries(client)]
    join(organization, stranger)
    counts.append(_count_queries(client))
    assert counts[0] <= AN_ORGANIZATION + AROUND_THEM
    assert counts[1] - counts[0] <= AN_ORGANIZATION


def _count_queries(client: Client) -> int:
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    return len(queries)


def test_twenty_stand_on_a_page(owner: User, sign_in: SignIn) -> None:
    for number in range(22):
        create_organization(owner=owner, name=f"Business {number:02}")
    client = sign_in(owner)
    first, second = client.get(PAGE), client.get(f"{PAGE}?page=2")
    assert [len(page.context["businesses"]) for page in (first, second)] == [20, 2]
    assert 'rel="next" href="?page=2"' in first.content.decode()
    assert client.get(f"{PAGE}?page=wrong").context["businesses"][0].organization.name == "Business 00"


def test_without_any_business_the_page_says_how_to_begin(stranger: User, sign_in: SignIn) -> None:
    assert "No business yet" in read(sign_in(stranger))


def test_the_menu_leads_there_from_two_businesses_on(
    organization: Organization, strangers_organization: Organization, stranger: User, sign_in: SignIn
) -> None:
    client = sign_in(stranger)
    assert "All your businesses" not in client.get("/o/bright-bean/settings/").content.decode()
    join(organization, stranger)
    assert client.get("/o/bright-bean/settings/").content.decode().count(f'href="{PAGE}"') == 2
