from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from monitoring.listening.collecting.refreshing import refresh_mentions
from monitoring.listening.forgetting.deleting import forget_mentions
from monitoring.listening.models import Brand, Mention, MentionEngagement, Source
from monitoring.platforms.types import Engagement, Post
from tests.listening.platform_of_lists import PlatformOfLists, make_post
from tests.listening.test_refreshing import PlatformThatIsAskedAgain

pytestmark = pytest.mark.django_db


def refresh(*posts: Post) -> None:
    Mention.objects.update(refresh_at=timezone.now() - timedelta(minutes=1))
    refresh_mentions(open_=PlatformThatIsAskedAgain({post.external_id: post for post in posts}).open)


def history_of(external_id: str) -> list[tuple[int | None, ...]]:
    entries = MentionEngagement.objects.filter(mention__external_id=external_id).order_by("at")
    return list(entries.values_list("likes", "replies", "shares", "quotes", "views"))


def test_each_change_of_the_reactions_is_noted_and_goes_with_the_mention(
    brand: Brand, source: Source, organization: Organization
) -> None:
    quiet, loud = make_post("quiet"), make_post("loud")
    PlatformOfLists([quiet, loud]).collect(source)
    (found,) = Mention.objects.filter(external_id="loud").values_list(
        "likes", "replies", "shares", "quotes", "views"
    )
    for likes in (40, 40, 41):
        refresh(quiet, replace(loud, engagement=Engagement(likes=likes, views=900)))

    kept = found[1:4]  # what the platform no longer says
    assert history_of("loud") == [found, (40, *kept, 900), (41, *kept, 900)]
    assert history_of("quiet") == []

    refresh(replace(quiet, engagement=Engagement(likes=7)))
    assert history_of("loud") == []  # deleted there
    assert len(history_of("quiet")) == 2

    assert forget_mentions(Mention.objects.filter(organization=organization)) == 2
    assert not MentionEngagement.objects.exists()
