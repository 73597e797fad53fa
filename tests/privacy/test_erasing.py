from __future__ import annotations

from dataclasses import replace

import pytest
from celery import Celery
from django.urls import reverse

from accounts.models import AuditEvent, Organization, User
from monitoring.jobs.models import FilePiece
from monitoring.jobs.tasks import make as make_export
from monitoring.listening.forgetting import deleting
from monitoring.listening.models import (
    Brand,
    BrandKind,
    Mention,
    MutedAuthor,
    Source,
    SourceKind,
    TermDay,
    TrackedProfile,
)
from monitoring.listening.rollups import miscounted_rows
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.listening.services.keywords import create_keyword
from monitoring.platforms.types import Author, ProfileLink
from monitoring.privacy.erasing import left_erasures
from monitoring.privacy.exporting.archive import ask_for_archive
from monitoring.privacy.models import Erasure
from monitoring.privacy.tasks import erase_author
from tests.cast import SignIn
from tests.listening.platform_of_lists import PlatformOfLists, make_post

pytestmark = pytest.mark.django_db

LENA = Author(external_id="did:plc:lena", handle="lena.example.com", name="Lena")
BEN = Author(external_id="did:plc:ben", handle="ben.example.com", name="Ben")
POSTS = [
    *(replace(make_post(f"lena-{n}", text=f"halden zimtschnecken {n}"), author=LENA) for n in range(5)),
    replace(make_post("ben", text="halden and @lena.example.com"), author=BEN),
]


@pytest.fixture
def source(organization: Organization, strangers_organization: Organization) -> Source:
    """Two businesses listen for the same."""
    for business in (organization, strangers_organization):
        brand = create_brand(organization=business, name="Halden", kind=BrandKind.OWN)
        create_keyword(brand=brand, query="halden", by=None)
    found = Source.objects.get(platform="bluesky", kind=SourceKind.SEARCH)
    PlatformOfLists(POSTS).collect(found)
    return found


def mentions_of(organization: Organization) -> list[str]:
    found = Mention.objects.filter(organization=organization)
    return sorted(found.values_list("external_id", flat=True))


def test_an_author_is_found_shown_handed_out_and_erased_for_good(
    organization: Organization,
    strangers_organization: Organization,
    source: Source,
    admin: User,
    sign_in: SignIn,
    eager_tasks: Celery,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deleting, "BATCH", 2)
    brand = Brand.objects.get(organization=organization)
    rival = create_brand(organization=organization, name="Lena's", kind=BrandKind.COMPETITOR)
    for owner_of_it in (brand, rival):
        track_profile(brand=owner_of_it, link=ProfileLink(platform="bluesky", handle=LENA.handle))
    export, _is_new = ask_for_archive(organization=organization, by=admin)
    make_export(export.pk)
    client = sign_in(admin)
    page = reverse("privacy:authors", args=[organization.slug])
    shown = client.get(page, {"platform": "bluesky", "handle": "@LENA.example.com"}).content.decode()
    assert "Erase 5 posts for good" in shown
    assert "This is one of your own profiles" in shown
    handed_out = client.get(
        reverse("privacy:hand_out", args=[organization.slug]), {"platform": "bluesky", "handle": LENA.handle}
    ).json()
    assert sorted(post["text"] for post in handed_out["posts"]) == sorted(post.text for post in POSTS[:5])

    mention = Mention.objects.filter(organization=organization, author_handle=LENA.handle)[0]
    MutedAuthor.objects.create(organization=organization, author_key=mention.author_key, author_name="Lena")
    of_mention = client.get(reverse("privacy:author_of_mention", args=[organization.slug, mention.pk]))
    assert b"Erase 5 posts for good" in of_mention.content
    answer = client.post(reverse("privacy:erase", args=[organization.slug]), {"mention": mention.pk})

    assert mentions_of(organization) == ["ben"]
    assert mentions_of(strangers_organization) == sorted(post.external_id for post in POSTS)
    assert not TermDay.objects.filter(organization_id=organization.pk, term__contains="zimt").exists()
    assert miscounted_rows(organization=organization) == 0
    assert not MutedAuthor.objects.exists()
    assert [profile.brand for profile in TrackedProfile.objects.all()] == [brand]
    assert FilePiece.objects.count() == 0
    assert b"5 posts are erased" in client.get(answer.headers["Location"]).content
    erasure = Erasure.objects.get()
    assert (erasure.done, erasure.author_key, erasure.handle) == (5, "", "")
    event = AuditEvent.objects.get(action="erased")
    assert (event.subject_name, event.after) == ("le… · Bluesky", {"mentions": 5, "profiles": 1})
    everything = str(list(AuditEvent.objects.filter(action__in=["erased", "exported"]).values()))
    assert "lena.example" not in everything.replace(f"handle={LENA.handle}", "")

    PlatformOfLists(POSTS).collect(source)
    assert mentions_of(organization) == ["ben"]


@pytest.mark.parametrize("pasted", ["@New.example.com", "https://bsky.app/profile/New.example.com"])
def test_whoever_is_erased_before_anything_is_stored_never_is(
    organization: Organization,
    source: Source,
    admin: User,
    sign_in: SignIn,
    eager_tasks: Celery,
    pasted: str,
) -> None:
    erase = reverse("privacy:erase", args=[organization.slug])
    sign_in(admin).post(erase, {"platform": "bluesky", "handle": pasted})
    newcomer = Author(external_id="did:plc:new", handle="new.example.com")
    PlatformOfLists([replace(make_post("new"), author=newcomer), *POSTS]).collect(source)

    assert "new" not in mentions_of(organization)
    assert len(mentions_of(organization)) == len(POSTS)


def test_another_worker_goes_on_where_one_died(
    organization: Organization, source: Source, admin: User, sign_in: SignIn
) -> None:
    mention = Mention.objects.filter(organization=organization, author_handle=LENA.handle)[0]
    sign_in(admin).post(reverse("privacy:erase", args=[organization.slug]), {"mention": mention.pk})
    waiting = Erasure.objects.get()
    assert (waiting.finished_at, left_erasures()) == (None, [waiting.pk])
    PlatformOfLists([replace(make_post("lena-late", text="halden"), author=LENA)]).collect(source)
    mention.delete()

    erase_author(waiting.pk)
    assert mentions_of(organization) == ["ben"]
    assert left_erasures() == []


def test_a_handle_of_a_platform_with_many_servers_needs_its_server(
    organization: Organization, admin: User, sign_in: SignIn
) -> None:
    page = reverse("privacy:authors", args=[organization.slug])
    client = sign_in(admin)
    vague = client.get(page, {"platform": "mastodon", "handle": "lena"})
    assert vague.status_code == 422
    assert "as in name@server" in vague.content.decode()
    assert 'value="lena"' in vague.content.decode()
    client.post(
        reverse("privacy:erase", args=[organization.slug]), {"platform": "mastodon", "handle": "lena"}
    )
    assert not Erasure.objects.exists()

    assert client.get(page, {"platform": "mastodon", "handle": "lena@chaos.social"}).status_code == 200
    assert client.get(page, {"platform": "bluesky", "handle": "lena"}).status_code == 200
