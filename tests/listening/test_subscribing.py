"""Where a keyword is searched, with and without accounts: every server once, and shared wherever it can be."""

from __future__ import annotations

import pytest

from accounts.models import Organization
from monitoring.analysis.queries import MAX_LENGTH
from monitoring.listening.forms import KeywordForm
from monitoring.listening.models import BrandKind, Source, TrackedProfile
from monitoring.listening.services.accounts import listen_through, stop_listening_through
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.listening.services.keywords import create_keyword, pause_keyword
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.types import ProfileLink

pytestmark = pytest.mark.django_db

MASTODON = "https://mastodon.social"


def connect(organization: Organization, platform: str, server: str = "", **facts: str) -> ConnectedAccount:
    """An account with credentials; one without a handle stands for a server that is read as anybody may."""
    account = ConnectedAccount(organization=organization, platform=platform, server=server, **facts)
    if account.handle:
        account.credentials = {"token": f"of {account.handle}"}
    account.save()
    return account


def asked(organization: Organization, platform: str) -> set[tuple[str, str, int | None]]:
    wanted = Source.objects.filter(platform=platform, subscriptions__organization=organization)
    return set(wanted.values_list("server", "query", "account"))


def listen_for(organization: Organization, query: str) -> None:
    create_keyword(
        brand=create_brand(organization=organization, name="Halden", kind=BrandKind.OWN), query=query, by=None
    )


def test_an_account_replaces_the_open_search_on_its_server_and_no_other(organization: Organization) -> None:
    listen_for(organization, "halden")
    account = connect(organization, "mastodon", "https://example.social", handle="acme@example.social")
    listen_through(account=account)
    own = {
        ("https://example.social", "#halden", account.pk),
        ("https://example.social", "halden", account.pk),
    }
    assert asked(organization, "mastodon") == own | {(MASTODON, "#halden", None)}

    account.server = MASTODON
    account.save()
    listen_through(account=account)
    assert asked(organization, "mastodon") == {
        (MASTODON, "#halden", account.pk),
        (MASTODON, "halden", account.pk),
    }


def test_an_account_on_an_added_server_is_not_asked_beside_it(organization: Organization) -> None:
    listen_for(organization, "#halden")
    connect(organization, "mastodon", MASTODON)
    connect(organization, "mastodon", "https://example.social")
    account = connect(organization, "mastodon", "https://example.social", handle="acme")
    listen_through(account=account)

    assert asked(organization, "mastodon") == {
        (MASTODON, "#halden", None),
        ("https://example.social", "#halden", account.pk),
    }


def test_of_two_accounts_on_one_platform_the_one_that_works_searches(organization: Organization) -> None:
    listen_for(organization, "halden")
    connect(organization, "x", handle="first", status=ConnectedAccount.Status.NEEDS_RECONNECTION)
    second = connect(organization, "x", handle="second")
    listen_through(account=second)

    assert {account for _server, _query, account in asked(organization, "x")} == {second.pk}


def test_organizations_share_what_each_of_them_added(
    organization: Organization, strangers_organization: Organization
) -> None:
    for each in (organization, strangers_organization):
        listen_for(each, "halden")
        listen_through(account=connect(each, "lemmy", "https://lemmy.example"))

    assert asked(organization, "lemmy") == asked(strangers_organization, "lemmy")
    assert Source.objects.filter(platform="lemmy").count() == 2


def test_an_account_of_others_changes_nothing_for_us(
    organization: Organization, strangers_organization: Organization
) -> None:
    listen_for(organization, "halden")
    before = asked(organization, "bluesky")
    listen_for(strangers_organization, "halden")
    listen_through(account=connect(strangers_organization, "bluesky", handle="bean.example"))

    assert asked(organization, "bluesky") == before
    assert asked(strangers_organization, "bluesky").isdisjoint(before)


def test_a_profile_that_only_accounts_may_see_is_followed_once_there_is_one(
    organization: Organization,
) -> None:
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    profile = track_profile(brand=brand, link=ProfileLink(platform="x", handle="halden"))
    assert not profile.subscriptions.exists()
    first, second = (connect(organization, "x", handle=name) for name in ("first", "second"))
    listen_through(account=first)
    assert set(profile.subscriptions.values_list("source__account", flat=True)) == {first.pk}

    stop_listening_through(account=first)
    assert set(profile.subscriptions.values_list("source__account", flat=True)) == {second.pk}
    assert TrackedProfile.objects.get().account == second


def test_a_paused_keyword_is_not_woken_by_an_account(organization: Organization) -> None:
    listen_for(organization, "halden")
    pause_keyword(keyword=organization.keywords.get())
    listen_through(account=connect(organization, "bluesky", handle="halden.example"))

    assert asked(organization, "bluesky") == set()


@pytest.mark.parametrize(
    "query",
    [
        " ".join(f"rather-long-word-{number:02}" for number in range(MAX_LENGTH // 26)),
        " OR ".join(f'"a rather long phrase {number:02}"' for number in range(MAX_LENGTH // 30)),
        " OR ".join(f"rather-long-word-{number:02} -other-{number:02}" for number in range(MAX_LENGTH // 45)),
        "a" * MAX_LENGTH,
        '"' + "ab " * (MAX_LENGTH // 3 - 1) + '"',
    ],
    ids=["words", "phrases", "exclusions", "one word", "one phrase"],
)
def test_a_query_may_be_as_long_as_the_language_allows(query: str, organization: Organization) -> None:
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    connect(organization, "mastodon", handle="acme@mastodon.social")
    connect(organization, "x", handle="acme")
    form = KeywordForm({"brand": brand.pk, "query": query, "platforms": []}, organization=organization)

    assert 1000 < len(query) <= MAX_LENGTH
    assert form.fields["query"].clean(query) == query
    keyword = create_keyword(brand=brand, query=query, by=None)
    assert keyword.versions.get().query == query
