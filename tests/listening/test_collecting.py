from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections
from django.utils import timezone

from accounts.encryption import seal
from accounts.models import Organization
from monitoring.listening.collecting.claiming import Claim, claim_due_sources, claim_source
from monitoring.listening.collecting.running import ClaimLost, collect_source
from monitoring.listening.models import (
    Brand,
    CollectionRun,
    CoverageGap,
    Mention,
    Outcome,
    Source,
    SourceKind,
    Subscription,
)
from monitoring.listening.rollups import miscounted_rows
from monitoring.listening.services.brands import delete_brand, delete_organization
from monitoring.listening.services.mentions import bury_mentions
from monitoring.platforms.errors import (
    AccessDenied,
    ConnectorError,
    NotFound,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.types import Post
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import NOW, PlatformOfLists, make_post

pytestmark = pytest.mark.django_db


def names(brand: Brand) -> set[str]:
    return set(Mention.objects.filter(brand=brand, deleted_at=None).values_list("external_id", flat=True))


def hours(number: int) -> timedelta:
    return timedelta(hours=number)


def test_only_posts_that_satisfy_the_keyword_become_mentions(brand: Brand, source: Source) -> None:
    platform = PlatformOfLists(
        [make_post("a"), make_post("b", "Nothing of the kind"), make_post("c", "#halden!")]
    )

    assert platform.collect(source) == Outcome.COLLECTED
    assert names(brand) == {"a", "c"}


def test_all_pages_are_read_and_the_next_run_begins_at_the_newest_post(brand: Brand, source: Source) -> None:
    platform = PlatformOfLists([make_post(f"p{number}", age=hours(number)) for number in range(7)])
    platform.collect(source)
    source.refresh_from_db()

    assert names(brand) == {f"p{number}" for number in range(7)}
    assert (source.watermark, source.cursor, source.lease_until) == (NOW, None, None)


def test_a_later_run_stops_where_the_one_before_began(brand: Brand, source: Source) -> None:
    platform = PlatformOfLists([make_post(f"p{number}", age=hours(number)) for number in range(8)])
    platform.collect(source)
    platform.requests.clear()
    platform.posts = [make_post("new", age=timedelta(0)), *platform.posts]

    assert platform.collect(source) == Outcome.COLLECTED
    assert len(platform.requests) == 2  # the second page holds nothing but old posts
    assert "new" in names(brand)


def test_a_post_seen_twice_is_one_mention(brand: Brand, source: Source) -> None:
    platform = PlatformOfLists([make_post("a")])
    platform.collect(source)

    assert platform.collect(source) == Outcome.NOTHING_NEW
    assert Mention.objects.count() == 1


def test_the_database_itself_takes_a_post_once_for_each_brand(brand: Brand, source: Source) -> None:
    """Whoever forgets to look first, or to lock the brand, is stopped there."""
    PlatformOfLists([make_post("a")]).collect(source)
    again = Mention.objects.get()
    again.pk = None

    with pytest.raises(IntegrityError, match="one_mention_per_brand"):
        again.save(force_insert=True)


def test_a_deleted_mention_stays_gone(brand: Brand, source: Source, organization: Organization) -> None:
    platform = PlatformOfLists([make_post("a"), make_post("b")])
    platform.collect(source)
    bury_mentions(ids=[Mention.objects.get(external_id="a").pk])
    platform.collect(source)
    tombstone = Mention.objects.get(external_id="a")

    assert names(brand) == {"b"}
    assert (tombstone.text, tombstone.author_name, tombstone.author_key) == ("", "", "")
    assert miscounted_rows(organization=organization) == 0


def test_an_edited_post_is_updated_and_one_that_stopped_matching_is_flagged(
    brand: Brand, source: Source
) -> None:
    platform = PlatformOfLists([make_post("a", "Halden is good"), make_post("b", "Halden is fine")])
    platform.collect(source)
    platform.posts = [make_post("a", "Halden is awful"), make_post("b", "Never mind")]
    platform.collect(source)
    kept, flagged = Mention.objects.order_by("external_id")

    assert (kept.text, kept.no_longer_matches) == ("Halden is awful", False)
    assert (flagged.text, flagged.no_longer_matches) == ("Never mind", True)
    assert flagged.keyword_versions  # what it once matched


def test_our_own_posts_are_no_mentions(brand: Brand, source: Source, organization: Organization) -> None:
    brand.profiles.create(
        organization=organization, platform="bluesky", handle="halden.example", external_id="did:halden"
    )
    PlatformOfLists([make_post("ours", author="did:halden"), make_post("theirs")]).collect(source)

    assert names(brand) == {"theirs"}


def test_two_organizations_share_one_request(
    brand: Brand, source: Source, strangers_organization: Organization
) -> None:
    other = listen(strangers_organization, source, name="Roasters", query="coffee")
    platform = PlatformOfLists([make_post("both"), make_post("other", "Any coffee will do")])
    platform.collect(source)

    assert len(platform.requests) == 1
    assert names(brand) == {"both"}
    assert names(other) == {"both", "other"}


def test_who_joins_late_gets_the_past_and_the_others_notice_nothing(
    brand: Brand, source: Source, strangers_organization: Organization
) -> None:
    platform = PlatformOfLists([make_post("old", age=hours(200)), make_post("new")])
    platform.collect(source)
    before = list(Mention.objects.filter(brand=brand).values())
    joined = listen(strangers_organization, source, name="Roasters", query="coffee", caught_up=False)
    source.refresh_from_db()
    position = (source.watermark, source.checkpoint, source.cursor)
    platform.collect(source)
    source.refresh_from_db()

    assert names(joined) == {"old", "new"}
    assert Subscription.objects.filter(backfilled_at=None).count() == 0
    assert list(Mention.objects.filter(brand=brand).values()) == before
    assert (source.watermark, source.checkpoint, source.cursor) == position


def test_a_past_that_is_refused_does_not_stop_the_others(
    brand: Brand, source: Source, strangers_organization: Organization
) -> None:
    platform = PlatformOfLists([make_post("a")])
    platform.collect(source)
    listen(strangers_organization, source, name="Roasters", query="coffee", caught_up=False)
    platform.errors = [AccessDenied("Only signed-in people may look back.")]
    platform.collect(source)
    source.refresh_from_db()

    assert (source.failures, source.error) == (0, "")
    assert source.due_at <= timezone.now()
    assert Subscription.objects.filter(backfilled_at=None).count() == 0


def test_who_leaves_gets_nothing_more_and_the_others_go_on(
    brand: Brand, source: Source, strangers_organization: Organization
) -> None:
    other = listen(strangers_organization, source, name="Roasters", query="coffee")
    platform = PlatformOfLists([make_post("first", age=hours(2))])
    platform.collect(source)
    delete_brand(brand=other)
    platform.posts = [make_post("second", age=hours(1)), *platform.posts]
    platform.collect(source)

    assert names(brand) == {"first", "second"}


def test_deleting_an_organization_leaves_the_source_to_the_others(
    brand: Brand, source: Source, organization: Organization, strangers_organization: Organization
) -> None:
    other = listen(strangers_organization, source, name="Roasters", query="coffee")
    platform = PlatformOfLists([make_post("first")])
    platform.collect(source)
    delete_organization(organization=organization)
    platform.posts = [make_post("second", age=timedelta(0)), *platform.posts]

    assert platform.collect(source) == Outcome.COLLECTED
    assert names(other) == {"first", "second"}
    assert miscounted_rows(organization=strangers_organization) == 0


@pytest.mark.parametrize(
    ("error", "outcome", "at_least", "at_most"),
    [
        (RateLimited("Slow down.", timedelta(minutes=7)), Outcome.RATE_LIMITED, 7, 7),
        (Unavailable("No answer."), Outcome.UNREACHABLE, 1, 1),
        (AccessDenied("Refused."), Outcome.REFUSED, 24 * 60, 24 * 60),
        (NotFound("Gone."), Outcome.GONE, 24 * 60, 24 * 60),
        (UnexpectedResponse("What?"), Outcome.NOT_UNDERSTOOD, 24 * 60, 24 * 60),
    ],
)
def test_each_error_is_written_down_and_sets_when_to_come_back(
    brand: Brand, source: Source, error: ConnectorError, outcome: Outcome, at_least: int, at_most: int
) -> None:
    began = timezone.now()

    assert PlatformOfLists(errors=[error]).collect(source) == outcome
    source.refresh_from_db()
    wait = source.due_at - began
    assert timedelta(minutes=at_least) <= wait <= timedelta(minutes=at_most, seconds=10)
    assert (source.outcome, source.error, source.lease_until) == (outcome, str(error), None)
    assert CollectionRun.objects.get().outcome == outcome


def test_an_unreachable_platform_is_asked_less_and_less_often(brand: Brand, source: Source) -> None:
    waits = []
    for _attempt in range(4):
        PlatformOfLists(errors=[Unavailable("No answer.")]).collect(source)
        source.refresh_from_db()
        waits.append(round((source.due_at - timezone.now()) / timedelta(minutes=1)))

    assert waits == [1, 2, 4, 8]


def test_a_run_that_failed_midway_goes_on_at_its_last_page(brand: Brand, source: Source) -> None:
    posts = [make_post(f"p{number}", age=hours(number)) for number in range(6)]
    platform = PlatformOfLists(posts)
    fails_on_the_second_page = PlatformOfLists(posts)
    answer = fails_on_the_second_page.answer

    def second_page_fails(request: object, cursor: str | None) -> object:
        if cursor:
            raise Unavailable("No answer.")
        return answer(request, cursor)  # type: ignore[arg-type]

    fails_on_the_second_page.answer = second_page_fails  # type: ignore[method-assign,assignment]
    fails_on_the_second_page.collect(source)
    source.refresh_from_db()
    assert (source.cursor, source.watermark) == ("2", None)

    platform.collect(source)
    source.refresh_from_db()
    assert platform.requests[0][1] == "2"
    assert names(brand) == {f"p{number}" for number in range(6)}
    assert source.watermark == NOW


def test_a_platform_that_sends_us_in_a_circle_is_not_followed(brand: Brand, source: Source) -> None:
    platform = PlatformOfLists([make_post("a"), make_post("b"), make_post("c")])
    real = platform.answer

    def circle(request: object, cursor: str | None) -> object:
        page = real(request, None)  # type: ignore[arg-type]
        return type(page)(items=page.items, next_cursor="2")

    platform.answer = circle  # type: ignore[method-assign,assignment]

    assert platform.collect(source) == Outcome.NOT_UNDERSTOOD
    assert len(platform.requests) == 2


def test_a_post_from_the_future_does_not_make_us_miss_the_present(brand: Brand, source: Source) -> None:
    PlatformOfLists([make_post("odd", age=timedelta(days=-900)), make_post("a")]).collect(source)
    source.refresh_from_db()

    assert source.watermark == NOW - hours(1)


def test_silence_longer_than_the_search_looks_back_is_a_gap(brand: Brand, source: Source) -> None:
    platform = PlatformOfLists([make_post("a")], search_window=timedelta(days=7))
    platform.collect(source)
    long_ago = timezone.now() - timedelta(days=16)
    Source.objects.update(covered_until=long_ago, watermark=long_ago)
    platform.collect(source)
    gap = CoverageGap.objects.get()

    assert gap.began_at == long_ago
    assert abs(timezone.now() - timedelta(days=7) - gap.ended_at) < timedelta(minutes=1)


def test_a_source_is_claimed_by_one_worker_only(brand: Brand, source: Source) -> None:
    assert [claim.source_id for claim in claim_due_sources(kinds=[SourceKind.SEARCH])] == [source.pk]
    assert claim_due_sources(kinds=[SourceKind.SEARCH]) == []
    assert claim_source(source.pk) is None


def test_a_source_that_nobody_wants_is_not_polled(source: Source) -> None:
    assert claim_due_sources(kinds=[SourceKind.SEARCH]) == []


def test_a_dead_workers_source_is_taken_over_when_its_lease_ends(brand: Brand, source: Source) -> None:
    claim = claim_source(source.pk)
    assert claim
    CollectionRun.objects.create(source=source, started_at=NOW)
    Source.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert PlatformOfLists([make_post("a")]).collect(source) == Outcome.COLLECTED
    assert sorted(CollectionRun.objects.values_list("outcome", flat=True)) == [
        Outcome.COLLECTED,
        Outcome.INTERRUPTED,
    ]


def test_who_lost_the_claim_writes_nothing(brand: Brand, source: Source) -> None:
    stale = Claim(source.pk, timezone.now() - timedelta(hours=1))
    claim_source(source.pk)

    with pytest.raises(ClaimLost):
        collect_source(stale, open_=PlatformOfLists([make_post("a")]).open)
    assert Mention.objects.count() == 0


@pytest.mark.parametrize(("connected_meanwhile", "status"), [(False, "needs_reconnection"), (True, "ok")])
def test_a_refused_account_must_be_connected_again_unless_it_just_was(
    connected_meanwhile: bool, status: str, brand: Brand, source: Source, organization: Organization
) -> None:
    account = ConnectedAccount(organization=organization, platform="bluesky", handle="halden.example")
    account.credentials = {"app_password": "old"}
    account.save()
    Source.objects.update(account=account)
    platform = PlatformOfLists()

    def refuse(request: object, cursor: str | None) -> object:
        if connected_meanwhile:
            ConnectedAccount.objects.update(sealed_credentials=seal({"app_password": "new"}))
        raise AccessDenied("Refused.")

    platform.answer = refuse  # type: ignore[method-assign,assignment]
    platform.collect(source)
    account.refresh_from_db()

    assert account.status == status


class Interruption(BaseException):
    """The process dies here."""


@pytest.mark.django_db(transaction=True)
def test_dying_between_any_two_statements_loses_nothing_and_repeats_nothing(
    brand: Brand, source: Source, organization: Organization
) -> None:
    posts: list[Post] = [make_post(f"p{number}", age=hours(number)) for number in range(6)]
    deaths = 0
    for statement in range(1, 1000):
        Source.objects.update(lease_until=None, due_at=NOW)
        executed = 0

        def die(execute: object, sql: str, params: object, many: bool, context: object) -> object:
            nonlocal executed
            executed += 1
            if executed == statement:  # noqa: B023 - called within this round only
                raise Interruption
            return execute(sql, params, many, context)  # type: ignore[operator]

        try:
            with connections[DEFAULT_DB_ALIAS].execute_wrapper(die):
                PlatformOfLists(posts).collect(source)
        except Interruption:
            deaths += 1
            assert miscounted_rows(organization=organization) == 0
            continue
        break

    assert deaths > 10
    assert names(brand) == {f"p{number}" for number in range(6)}
    assert Mention.objects.count() == 6
    assert miscounted_rows(organization=organization) == 0
