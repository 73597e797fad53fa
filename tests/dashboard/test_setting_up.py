from __future__ import annotations

from typing import Any

import pytest
from celery import Celery
from django.test import Client

from accounts.models import Organization, SetupStep, User
from monitoring.conversions.models import Goal
from monitoring.dashboard.setting_up import open_suggestions
from monitoring.listening.models import Brand, BrandKind, Keyword, Source, TrackedProfile
from monitoring.listening.services.brands import create_brand
from monitoring.platforms.registry import CONNECTORS
from tests.cast import SignIn, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_redis")]
GOAL = {
    "counts": "order",
    "measure": "number",
    "target": "40",
    "currency": "EUR",
    "cadence": "month",
    "scope": "all",
}


@pytest.fixture
def client_of_owner(owner: User, organization: Organization, sign_in: SignIn) -> Client:
    return sign_in(owner)


def step(organization: Organization) -> str:
    organization.refresh_from_db()
    return organization.setup_step


def test_naming_the_business_makes_its_own_brand(sign_in: SignIn) -> None:
    person = make_person("Founder")
    facts = {
        "name": "Café Rößler",
        "website": "roessler.example",
        "time_zone": "Europe/Vienna",
        "currency": "EUR",
        "language": "en-gb",
    }
    answer = sign_in(person).post("/start/business/", facts)
    organization = Organization.objects.get(memberships__user=person)

    assert answer.headers["Location"] == f"/o/{organization.slug}/start/"
    assert Brand.objects.get(organization=organization).name == "Café Rößler"


def test_languages_are_called_as_they_call_themselves(sign_in: SignIn) -> None:
    page = sign_in(make_person("Founder")).get("/start/business/").content.decode()

    assert ">English (United Kingdom)<" in page


def test_the_first_minutes_lead_from_question_to_question(
    client_of_owner: Client, organization: Organization
) -> None:
    start = f"/o/{organization.slug}/start/"
    pasted = "https://bsky.app/profile/halden.example.com\n@halden@social.example"
    client_of_owner.post(f"{start}profiles/", {"links": pasted})
    client_of_owner.post(
        f"{start}others/", {"competitors": "Bright Bean\nRoast & Rye", "products": "Winter Blend"}
    )
    page = client_of_owner.get(f"{start}keywords/").content.decode()
    wanted = Brand.objects.filter(kind__in=[BrandKind.OWN, BrandKind.PRODUCT]).values_list("pk", flat=True)
    client_of_owner.post(f"{start}keywords/", {"chosen": list(wanted)})
    client_of_owner.post(f"{start}goal/", GOAL)

    assert set(TrackedProfile.objects.values_list("platform", flat=True)) == {"bluesky", "mastodon"}
    assert Brand.objects.filter(kind=BrandKind.COMPETITOR).count() == 2
    assert "&quot;Halden Coffee&quot; OR #haldencoffee" in page
    assert set(Keyword.objects.values_list("brand_id", flat=True)) == set(wanted)
    assert Source.objects.filter(kind="search_posts").exists()
    assert Goal.objects.get().target == 40
    assert step(organization) == SetupStep.DONE
    assert client_of_owner.get(start).headers["Location"] == f"/o/{organization.slug}/"


def test_every_question_may_be_skipped_and_is_not_asked_again(
    client_of_owner: Client, organization: Organization
) -> None:
    start = f"/o/{organization.slug}/start/"
    asked = []
    while step(organization) != SetupStep.DONE:
        asked.append(step(organization))
        assert client_of_owner.get(start).headers["Location"] == f"{start}{asked[-1]}/"
        client_of_owner.post(f"{start}{asked[-1]}/skip/")

    assert asked == ["profiles", "others", "keywords", "goal"]


def test_going_back_does_not_ask_the_later_questions_again(
    client_of_owner: Client, organization: Organization
) -> None:
    Organization.objects.update(setup_step=SetupStep.GOAL)
    client_of_owner.post(f"/o/{organization.slug}/start/profiles/", {"links": ""})

    assert step(organization) == SetupStep.GOAL


def test_a_line_that_is_no_profile_is_named_and_nothing_typed_is_lost(
    client_of_owner: Client, organization: Organization
) -> None:
    pasted = "@halden@social.example\nnot a profile at all"
    answer = client_of_owner.post(f"/o/{organization.slug}/start/profiles/", {"links": pasted})

    assert answer.status_code == 422
    assert "not a profile at all" in answer.content.decode()
    assert "@halden@social.example" in answer.content.decode()
    assert not TrackedProfile.objects.exists()


def test_only_suggested_keywords_can_be_chosen(client_of_owner: Client, organization: Organization) -> None:
    answer = client_of_owner.post(f"/o/{organization.slug}/start/keywords/", {"chosen": ["7"]})

    assert answer.status_code == 422
    assert not Keyword.objects.exists()


def test_sending_the_chosen_keywords_twice_adds_none_that_was_left_out(
    client_of_owner: Client, organization: Organization
) -> None:
    """A double click without scripts, or a second tab: by then the others are all that is suggested."""
    start = f"/o/{organization.slug}/start/"
    client_of_owner.post(f"{start}others/", {"competitors": "Bright Bean\nbright bean\nNordlicht"})
    assert Brand.objects.filter(kind=BrandKind.COMPETITOR).count() == 2
    chosen = {"chosen": [open_suggestions(organization=organization)[0].brand.pk]}
    for _click in range(2):
        client_of_owner.post(f"{start}keywords/", chosen)

    assert [keyword.brand.kind for keyword in Keyword.objects.all()] == [BrandKind.OWN]


def test_a_platform_that_cannot_be_followed_is_said_with_those_that_can(
    client_of_owner: Client, organization: Organization
) -> None:
    pasted = "https://www.instagram.com/halden/"
    answer = client_of_owner.post(f"/o/{organization.slug}/start/profiles/", {"links": pasted})

    assert f"We cannot follow this: {pasted}." in answer.content.decode()
    assert "Profiles can be followed on: Bluesky, " in answer.content.decode()


def test_what_was_answered_is_not_asked_again_by_the_next_steps(
    client_of_owner: Client, organization: Organization
) -> None:
    start = f"/o/{organization.slug}/start/"
    overview = f"/o/{organization.slug}/"
    client_of_owner.post(f"{start}profiles/", {"links": ""})  # names the business as a brand
    open_suggestions(organization=organization)
    begun = client_of_owner.get(overview).content.decode()
    assert "Finish setting up" in begun
    assert "Add your own profiles" not in begun  # it asks for them itself

    client_of_owner.post(f"{start}goal/", GOAL)
    assert "Add your own profiles" in client_of_owner.get(overview).content.decode()
    client_of_owner.post(f"{start}profiles/", {"links": "@halden@social.example"})
    done = client_of_owner.get(overview).content.decode()
    assert "Add your own profiles" not in done
    assert "Say what social media should bring" not in done


@pytest.mark.parametrize(
    "name", ["AND", '"', "-x", "lang:en", "ø", "北京烤鸭店", "Müller & Söhne", "a" * 120, "😀", "( ("]
)
def test_any_name_gives_suggestions_that_can_be_read(organization: Organization, name: str) -> None:
    brand = create_brand(organization=organization, name=name, kind=BrandKind.COMPETITOR)
    suggestions = [found for found in open_suggestions(organization=organization) if found.brand == brand]

    assert len(suggestions) <= 1  # a name without any letter gives none


def test_the_own_website_and_handles_are_listened_for(organization: Organization) -> None:
    Organization.objects.update(website="https://www.halden.example/shop")
    organization.refresh_from_db()
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    TrackedProfile.objects.create(
        organization=organization, brand=brand, platform="bluesky", handle="halden.example"
    )
    query = open_suggestions(organization=organization)[0].query

    assert query == '"Halden" OR "halden.example" OR @halden.example'


def test_a_viewer_cannot_answer(viewer: User, organization: Organization, sign_in: SignIn) -> None:
    assert sign_in(viewer).post(f"/o/{organization.slug}/start/goal/", GOAL).status_code == 403


def test_the_examples_come_while_one_reads(
    client_of_owner: Client,
    organization: Organization,
    eager_tasks: Celery,
    settings: Any,
) -> None:
    """Without network every platform says in plain words that it was not reached."""
    settings.PLATFORM_URLS = dict.fromkeys(CONNECTORS, "http://127.0.0.1:9")
    client_of_owner.post(f"/o/{organization.slug}/keywords/rehearsals/", {"query": "halden"})
    later = client_of_owner.post(
        f"/o/{organization.slug}/keywords/rehearsals/", {"query": "halden"}, headers={"HX-Request": "true"}
    )
    page = later.content.decode()

    assert "Bluesky" in page
    assert "not reached" in page
    assert "We try again by ourselves" in page
    assert "No platform could be reached" in page
    assert "fit right now" not in page
