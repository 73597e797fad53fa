"""The connectors themselves, against a local server that answers as the platforms do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import Organization
from monitoring.audience.models import AudienceSnapshot, PublishedPost
from monitoring.audience.services import follow_profile
from monitoring.audience.tasks import dispatch_due_profiles
from monitoring.listening.models import BrandKind, Outcome, Source, TrackedProfile
from monitoring.listening.services.brands import create_brand
from monitoring.platforms.opening import recognize
from tests.platforms.local_server import LocalServer, Request, Response

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eager_tasks")]

FIXTURES = Path("tests/platforms/connectors/fixtures")


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


def written_now(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def follow(organization: Organization, pasted: str, kind: BrandKind = BrandKind.OWN) -> TrackedProfile:
    link = recognize(pasted)
    assert link
    brand = create_brand(organization=organization, name=f"{organization.name} {kind}", kind=kind)
    return follow_profile(brand=brand, link=link)


def bluesky(request: Request) -> Response:
    if request.path.endswith("app.bsky.actor.getProfile"):
        return Response(fixture("bluesky/read_profile.json"))
    feed = fixture("bluesky/list_posts.json")["feed"]
    for number, item in enumerate(feed):
        moment = datetime.now(UTC) - timedelta(hours=number + 1)
        item["post"]["record"]["createdAt"] = item["post"]["indexedAt"] = written_now(moment)
    return Response({"feed": feed})


def test_bluesky_is_read_once_for_two_organizations(
    settings: Settings, organization: Organization, strangers_organization: Organization
) -> None:
    with LocalServer(bluesky) as server:
        settings.PLATFORM_URLS = {"bluesky": server.url}
        ours = follow(organization, "https://bsky.app/profile/acme.com")
        theirs = follow(strangers_organization, "bsky.app/profile/acme.com", BrandKind.COMPETITOR)
        assert dispatch_due_profiles() == 2
        assert dispatch_due_profiles() == 0

    assert len(server.requests) == 2  # the profile, and one page of posts
    assert list(AudienceSnapshot.objects.order_by("pk").values_list("profile", "followers", "posts")) == [
        (ours.pk, 1200, 410),
        (theirs.pk, 1200, 410),
    ]
    ours.refresh_from_db()
    assert (ours.external_id, ours.name) == ("did:plc:xyz", "Acme")
    post = PublishedPost.objects.filter(profile=ours).order_by("-published_at")[0]
    assert (post.text, post.likes, post.shares, post.views) == ("trying Acme today", 3, 1, None)
    assert (
        PublishedPost.objects.filter(profile=theirs).count()
        == PublishedPost.objects.filter(profile=ours).count()
    )


def mastodon(request: Request) -> Response:
    if request.path.endswith("/statuses"):
        statuses = fixture("mastodon/list_posts.json") if not request.argument("max_id") else []
        return Response(statuses)
    return Response(fixture("mastodon/list_posts.lookup.json"))


def test_mastodon_is_read_on_the_profiles_own_server(settings: Settings, organization: Organization) -> None:
    with LocalServer(mastodon) as server:
        settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
        profile = follow(organization, "https://mastodon.example/@acme")
        TrackedProfile.objects.update(server=server.url)
        Source.objects.update(server=server.url)
        dispatch_due_profiles()

    assert set(Source.objects.values_list("failures", flat=True)) == {0}
    followers = fixture("mastodon/list_posts.lookup.json")["followers_count"]
    assert AudienceSnapshot.objects.get().followers == followers
    assert PublishedPost.objects.filter(profile=profile).exists()


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (Response({"error": "AccountTakedown", "message": "gone"}, status=400), Outcome.GONE),
        (Response("<html>Down for maintenance</html>"), Outcome.NOT_UNDERSTOOD),
        (Response(b"", status=503), Outcome.UNREACHABLE),
        (Response(b"{}", status=429, headers={"Retry-After": "120"}), Outcome.RATE_LIMITED),
    ],
)
def test_what_a_platform_answers_instead_is_told(
    settings: Settings, organization: Organization, response: Response, outcome: Outcome
) -> None:
    with LocalServer(lambda request: response) as server:
        settings.PLATFORM_URLS = {"bluesky": server.url}
        follow(organization, "https://bsky.app/profile/acme.com")
        dispatch_due_profiles()

    assert set(Source.objects.values_list("outcome", flat=True)) == {outcome}
    assert all(Source.objects.values_list("error", flat=True))
    assert AudienceSnapshot.objects.count() == 0
