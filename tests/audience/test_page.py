from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.audience.models import AudienceSnapshot, PublishedPost
from monitoring.audience.storing import Reading, SeenPost, store_posts, store_snapshots
from monitoring.listening.models import Brand, BrandKind, Outcome, Source, SourceKind, TrackedProfile
from monitoring.listening.services.brands import create_brand
from monitoring.platforms.types import Engagement, Profile
from tests.audience.profile_on_paper import follow, make_profile_source
from tests.cast import SignIn
from tests.listening.platform_of_lists import NOW, make_post

pytestmark = pytest.mark.django_db


def read(profile: TrackedProfile, followers: int, *, at: datetime = NOW) -> None:
    said = Profile(external_id="h", handle="h", followers=followers)
    store_snapshots(readings=[Reading(profile_id=profile.pk, taken_at=at, profile=said)])


def publish(profile: TrackedProfile, name: str, text: str, **counts: int | None) -> None:
    post = make_post(name, text, age=timedelta(days=2), engagement=Engagement(**counts))
    store_posts(seen=[SeenPost(profile_id=profile.pk, measured_at=NOW, post=post)])


@pytest.fixture
def address(organization: Organization) -> str:
    return f"/o/{organization.slug}/audience/"


@pytest.fixture
def client(sign_in: SignIn, marketer: User) -> Client:
    return sign_in(marketer)


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_without_profiles_the_page_says_what_will_happen(client: Client, address: str) -> None:
    shown = page(client, address)

    assert "You follow no profiles yet" in shown
    assert "Link or handle" in shown


def test_the_page_shows_followers_their_change_and_the_best_posts(
    client: Client, address: str, profile: TrackedProfile
) -> None:
    read(profile, 1100, at=NOW - timedelta(days=30))
    read(profile, 1234)
    publish(profile, "quiet", "Nobody cared", likes=1)
    publish(profile, "loud", "A tip about <grinding>", likes=40, replies=7, views=None)
    shown = page(client, address)

    assert "134 new followers" in shown
    assert "1,234" in shown
    assert shown.index("A tip about &lt;grinding&gt;") < shown.index("Nobody cared")
    assert "–" in shown


def test_a_change_with_an_unknown_end_is_not_claimed(
    client: Client, address: str, profile: TrackedProfile
) -> None:
    read(profile, 1234)

    assert "Too early to say" in page(client, address)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.UNREACHABLE, "Not reachable"),
        (Outcome.REFUSED, "Refused"),
        (Outcome.GONE, "Not found"),
        (Outcome.NOT_UNDERSTOOD, "Not understood"),
        (Outcome.RATE_LIMITED, "asked us to slow down"),
    ],
)
def test_a_profile_that_cannot_be_read_says_so_and_when_we_try_again(
    client: Client, address: str, profile: TrackedProfile, numbers: Source, outcome: Outcome, told: str
) -> None:
    Source.objects.filter(pk=numbers.pk).update(
        outcome=outcome, error="The server did not answer.", due_at=timezone.now() + timedelta(minutes=20)
    )
    shown = page(client, address)

    assert told in shown
    assert "20 minutes" in shown


def test_our_own_profile_is_added_by_its_link(
    client: Client, address: str, organization: Organization, client_brand: Brand
) -> None:
    response = client.post(
        f"{address}profiles/",
        {"pasted": " https://bsky.app/profile/Halden.Example ", "brand": client_brand.pk},
    )
    profile = TrackedProfile.objects.get()

    assert response.status_code == 302
    assert (profile.platform, profile.handle.lower()) == ("bluesky", "halden.example")
    assert (profile.organization, profile.brand) == (organization, client_brand)
    assert set(profile.subscriptions.values_list("source__kind", flat=True)) == {
        SourceKind.PROFILE,
        SourceKind.POSTS,
    }


@pytest.fixture
def client_brand(organization: Organization) -> Brand:
    return create_brand(organization=organization, name="Halden Coffee", kind=BrandKind.OWN)


def test_a_business_without_a_brand_gets_its_own(
    client: Client, address: str, organization: Organization
) -> None:
    client.post(
        f"{address}profiles/", {"pasted": "https://bsky.app/profile/halden.example", "brand": "ourselves"}
    )

    assert TrackedProfile.objects.get().brand.name == organization.name
    assert Brand.objects.get().kind == BrandKind.OWN


def test_a_new_competitor_is_added_with_its_profile(
    client: Client, address: str, client_brand: Brand
) -> None:
    given = {"pasted": "https://bsky.app/profile/rye.example", "brand": "new", "competitor": "Roast & Rye"}
    client.post(f"{address}profiles/", given)
    brand = TrackedProfile.objects.get().brand

    assert (brand.name, brand.kind) == ("Roast & Rye", BrandKind.COMPETITOR)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"pasted": "", "brand": "new", "competitor": "x"}, "This field is required"),
        ({"pasted": "what is this?", "brand": "new", "competitor": "x"}, "Bluesky"),
        (
            {"pasted": "https://bsky.app/profile/a.example", "brand": "new", "competitor": " "},
            "Give it a name",
        ),
        ({"pasted": "https://bsky.app/profile/a.example", "brand": "99999"}, "Select a valid choice"),
        ({"pasted": "https://bsky.app/profile/a.example"}, "This field is required"),
        ({"pasted": "x" * 501, "brand": "new", "competitor": "x"}, "at most 500 characters"),
        ({"pasted": "a\0b", "brand": "new", "competitor": "x"}, "Null characters"),
    ],
)
def test_a_form_that_cannot_be_understood_comes_back_with_what_was_typed(
    client: Client, address: str, client_brand: Brand, given: dict[str, str], told: str
) -> None:
    response = client.post(f"{address}profiles/", given)

    assert response.status_code == 422
    assert told in response.content.decode()
    assert TrackedProfile.objects.count() == 0
    if given["pasted"] == "what is this?":
        assert 'value="what is this?"' in response.content.decode()


def test_the_same_profile_is_not_followed_twice(client: Client, address: str, client_brand: Brand) -> None:
    given = {"pasted": "https://bsky.app/profile/halden.example", "brand": str(client_brand.pk)}
    client.post(f"{address}profiles/", given)
    again = client.post(f"{address}profiles/", {**given, "brand": "new", "competitor": "Ourselves again"})

    assert "You follow this profile already, under Halden Coffee" in again.content.decode()
    assert TrackedProfile.objects.count() == 1


def test_another_organizations_brand_cannot_be_chosen(
    client: Client, address: str, strangers_organization: Organization
) -> None:
    theirs = create_brand(organization=strangers_organization, name="Bright Bean", kind=BrandKind.OWN)
    given = {"pasted": "https://bsky.app/profile/halden.example", "brand": str(theirs.pk)}

    assert "Select a valid choice" in client.post(f"{address}profiles/", given).content.decode()
    assert TrackedProfile.objects.count() == 0


def test_a_profile_is_removed_with_its_history(client: Client, address: str, profile: TrackedProfile) -> None:
    read(profile, 10)
    response = client.post(f"{address}profiles/{profile.pk}/remove/")

    assert response.status_code == 302
    assert not TrackedProfile.objects.exists()
    assert not AudienceSnapshot.objects.exists()


def test_who_only_looks_changes_nothing(
    sign_in: SignIn, viewer: User, address: str, profile: TrackedProfile
) -> None:
    looking = sign_in(viewer)

    assert "halden.example" in page(looking, address)
    assert looking.post(f"{address}profiles/{profile.pk}/remove/").status_code == 403
    assert looking.post(f"{address}profiles/", {}).status_code == 403


def test_a_stranger_finds_nothing(
    sign_in: SignIn,
    stranger: User,
    strangers_organization: Organization,
    address: str,
    profile: TrackedProfile,
) -> None:
    elsewhere = sign_in(stranger)
    own_address = f"/o/{strangers_organization.slug}/audience/"

    assert elsewhere.get(address).status_code == 404
    assert "halden.example" not in page(elsewhere, own_address)
    assert elsewhere.post(f"{own_address}profiles/{profile.pk}/remove/").status_code == 404
    assert TrackedProfile.objects.exists()


def test_more_profiles_cost_no_more_queries(
    client: Client, address: str, organization: Organization, profile: TrackedProfile
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page(client, f"{address}?period=365d")
        return len(captured)

    page(client, address)  # the session remembers the organization
    few = queries()
    for number in range(8):
        source = make_profile_source(SourceKind.POSTS, server=f"server{number}.example")
        more = follow(organization, source, name=f"Competitor {number}", kind=BrandKind.COMPETITOR)
        read(more, number)
        publish(more, f"p{number}", "A post")

    assert queries() == few
    assert few <= 16


def test_the_kind_of_a_post_is_guessed_and_can_be_corrected(
    client: Client, address: str, profile: TrackedProfile
) -> None:
    publish(profile, "p1", "Three tips for a better brew")
    post = PublishedPost.objects.get()
    assert post.kind == "tip"

    fragment = client.post(
        f"{address}posts/{post.pk}/kind/", {"kind": "offer"}, headers={"HX-Request": "true"}
    )
    post.refresh_from_db()
    assert (post.kind, post.guessed_kind) == ("offer", "tip")
    assert '<option value="offer" selected>' in fragment.content.decode()

    assert client.post(f"{address}posts/{post.pk}/kind/", {"kind": "poem"}).status_code == 400
    assert client.post(f"{address}posts/{post.pk}/kind/", {"kind": ""}).status_code == 302
    post.refresh_from_db()
    assert post.kind == "tip"


def test_only_members_who_may_correct_a_kind_and_never_a_strangers(
    sign_in: SignIn,
    viewer: User,
    stranger: User,
    strangers_organization: Organization,
    address: str,
    profile: TrackedProfile,
) -> None:
    publish(profile, "p1", "Three tips for a better brew")
    post = PublishedPost.objects.get()
    their_address = f"/o/{strangers_organization.slug}/audience/posts/{post.pk}/kind/"

    assert sign_in(viewer).post(f"{address}posts/{post.pk}/kind/", {"kind": "offer"}).status_code == 403
    assert sign_in(stranger).post(their_address, {"kind": "offer"}).status_code == 404
    post.refresh_from_db()
    assert post.kind == "tip"


def test_those_who_only_look_read_the_kind(
    sign_in: SignIn, viewer: User, address: str, profile: TrackedProfile
) -> None:
    publish(profile, "p1", "Three tips for a better brew")
    assert '<td class="kind" data-l="Kind">\nTip' in page(sign_in(viewer), address).replace("\n\n", "\n")


def test_few_posts_are_not_ranked(client: Client, address: str, profile: TrackedProfile) -> None:
    publish(profile, "p1", "Three tips for a better brew")
    shown = page(client, address)
    assert "Too early to say which kind of post works" in shown
    assert "Too early to say when to post" in shown
    assert "0 of 1 post answered somebody" in shown
