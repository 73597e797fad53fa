from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from monitoring.listening.collecting import refreshing
from monitoring.listening.collecting.refreshing import refresh_mentions
from monitoring.listening.collecting.storing import RECHECKED_EVERY, REFRESH_AGES, next_refresh
from monitoring.listening.models import Brand, Mention, Source
from monitoring.listening.rollups import miscounted_rows
from monitoring.platforms.connector import Connector
from monitoring.platforms.errors import Unavailable
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.types import Engagement, Page, Post
from tests.listening.platform_of_lists import NOW, PlatformOfLists, make_post

pytestmark = pytest.mark.django_db


@dataclass
class PlatformThatIsAskedAgain:
    """Answers what it still has of the posts it is asked for."""

    posts: dict[str, Post]
    skipped: int = 0
    unknown: frozenset[str] = frozenset()
    error: Exception | None = None
    asked: list[list[str]] = field(default_factory=list)

    def open(self, *, platform: str, server: str = "", account: object = None) -> Connector:
        answers = self

        class AskedAgain(Connector):
            def __init__(self) -> None:
                pass

            def read_posts(self, external_ids: Sequence[str]) -> Page[Post]:
                answers.asked.append(list(external_ids))
                if answers.error:
                    raise answers.error
                found = tuple(answers.posts[name] for name in external_ids if name in answers.posts)
                return Page(items=found, skipped=answers.skipped, unknown=answers.unknown)

            def find_gone(self, addresses: Sequence[str]) -> frozenset[str]:
                answers.asked.append(list(addresses))
                return frozenset(addresses) - answers.unknown

        return AskedAgain()


@pytest.fixture
def collected(brand: Brand, source: Source) -> Brand:
    PlatformOfLists(
        [make_post("young"), make_post("gone"), make_post("old", age=timedelta(days=20))]
    ).collect(source)
    Mention.objects.exclude(external_id="old").update(refresh_at=timezone.now() - timedelta(minutes=1))
    return brand


def test_engagement_grows_and_what_was_deleted_there_is_deleted_here(
    collected: Brand, organization: Organization
) -> None:
    liked = replace(make_post("young"), engagement=Engagement(likes=40, shares=2))
    platform = PlatformThatIsAskedAgain({"young": liked})

    assert refresh_mentions(open_=platform.open) == 2
    young, gone = Mention.objects.get(external_id="young"), Mention.objects.get(external_id="gone")
    assert (young.likes, young.replies, young.shares, young.interactions) == (40, 0, 2, 42)
    assert gone.deleted_at is not None
    assert gone.text == ""
    assert miscounted_rows(organization=organization) == 0


def test_an_old_post_is_not_asked_for_as_often(collected: Brand) -> None:
    platform = PlatformThatIsAskedAgain({})
    refresh_mentions(open_=platform.open)

    assert platform.asked == [["gone", "young"]]
    assert refresh_mentions(open_=platform.open) == 0


def test_a_post_that_could_not_be_asked_for_or_read_is_not_taken_for_deleted(collected: Brand) -> None:
    refresh_mentions(open_=PlatformThatIsAskedAgain({}, unknown=frozenset({"young", "gone"})).open)
    assert not Mention.objects.exclude(deleted_at=None).exists()

    Mention.objects.exclude(external_id="old").update(refresh_at=timezone.now())
    refresh_mentions(open_=PlatformThatIsAskedAgain({}, skipped=1).open)
    assert not Mention.objects.exclude(deleted_at=None).exists()


def test_a_platform_that_does_not_answer_changes_nothing(collected: Brand) -> None:
    before = list(Mention.objects.order_by("pk").values("text", "likes", "deleted_at"))
    refresh_mentions(open_=PlatformThatIsAskedAgain({}, error=Unavailable("No answer.")).open)

    assert list(Mention.objects.order_by("pk").values("text", "likes", "deleted_at")) == before


def test_an_edited_post_is_understood_anew_and_a_correction_by_a_person_stays(collected: Brand) -> None:
    Mention.objects.filter(external_id="young").update(corrected_sentiment=1)
    edited = replace(make_post("young"), text="Halden is terrible, I hate it")
    refresh_mentions(open_=PlatformThatIsAskedAgain({"young": edited, "gone": make_post("gone")}).open)
    mention = Mention.objects.get(external_id="young")

    assert (mention.text, mention.sentiment, mention.tone) == ("Halden is terrible, I hate it", -1, 1)


def test_the_next_time_is_later_and_later_and_then_once_a_month() -> None:
    moments = [NOW]
    for _time in range(len(REFRESH_AGES) + 2):
        moments.append(next_refresh(NOW, moments[-1]))
    week, *months = (moment - NOW for moment in moments[len(REFRESH_AGES) :])

    assert tuple(moment - NOW for moment in moments[1 : len(REFRESH_AGES) + 1]) == REFRESH_AGES
    assert months == [week + RECHECKED_EVERY, week + 2 * RECHECKED_EVERY]


def test_what_was_deleted_there_is_deleted_here_at_any_age_even_after_its_source_is_gone(
    collected: Brand, organization: Organization
) -> None:
    Source.objects.all().delete()
    Mention.objects.filter(external_id="old").update(refresh_at=timezone.now() - timedelta(days=2))
    platform = PlatformThatIsAskedAgain({"young": make_post("young"), "gone": make_post("gone")})

    assert refresh_mentions(open_=platform.open) == 3
    assert list(Mention.objects.exclude(deleted_at=None).values_list("external_id", flat=True)) == ["old"]
    assert miscounted_rows(organization=organization) == 0


def test_old_posts_never_keep_young_ones_waiting(collected: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshing, "BATCH", 2)
    Mention.objects.filter(external_id="old").update(refresh_at=timezone.now() - timedelta(days=9))
    platform = PlatformThatIsAskedAgain({name: make_post(name) for name in ("young", "gone", "old")})

    refresh_mentions(open_=platform.open)
    assert platform.asked == [["gone", "young"]]
    refresh_mentions(open_=platform.open)
    assert platform.asked[1:] == [["old"]]


def test_an_old_post_that_could_not_be_asked_for_is_asked_for_tomorrow(collected: Brand) -> None:
    Mention.objects.exclude(external_id="old").delete()
    Mention.objects.update(refresh_at=timezone.now() - timedelta(minutes=1))
    refresh_mentions(open_=PlatformThatIsAskedAgain({}, error=Unavailable("No answer.")).open)

    assert Mention.objects.get().refresh_at < timezone.now() + timedelta(days=1, minutes=1)  # type: ignore[operator]  # it is set


def test_a_feeds_posts_are_looked_for_by_their_pages_but_not_while_they_are_young(
    collected: Brand, organization: Organization
) -> None:
    Mention.objects.update(platform="feeds", refresh_at=timezone.now() - timedelta(minutes=1))
    for name in ("young", "gone", "old"):
        Mention.objects.filter(external_id=name).update(url=f"https://example.com/{name}")
    platform = PlatformThatIsAskedAgain({}, unknown=frozenset({"https://example.com/old"}))

    refresh_mentions(open_=platform.open)
    assert platform.asked == [["https://example.com/old"]]
    assert not Mention.objects.exclude(deleted_at=None).exists()

    Mention.objects.update(published_at=timezone.now() - timedelta(days=9))
    Mention.objects.update(refresh_at=timezone.now() - timedelta(days=2))
    refresh_mentions(open_=platform.open)
    assert set(Mention.objects.exclude(deleted_at=None).values_list("external_id", flat=True)) == {
        "young",
        "gone",
    }
    assert miscounted_rows(organization=organization) == 0


def test_where_each_look_costs_money_only_those_are_asked_for_who_want_it(
    collected: Brand, source: Source
) -> None:
    account = ConnectedAccount.objects.create(
        organization=collected.organization, platform="x", handle="halden", monthly_spend_limit=5
    )
    source.account = account
    source.save(update_fields=["account"])
    Mention.objects.update(platform="x", published_at=timezone.now() - timedelta(days=9))
    platform = PlatformThatIsAskedAgain({})
    for wants_it, asked in ((False, []), (True, [["gone", "old", "young"]])):
        Mention.objects.update(refresh_at=timezone.now() - timedelta(minutes=1))
        ConnectedAccount.objects.update(rechecks_posts=wants_it)
        refresh_mentions(open_=platform.open)

        assert platform.asked == asked
    assert not Mention.objects.filter(deleted_at=None).exists()
