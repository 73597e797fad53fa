"""What each platform speaks about, and when: as its newest mentions tell, counted again one by one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Organization
from monitoring.lib.periods import last_days
from monitoring.listening.models import Brand, BrandKind, Mention, MentionStatus
from monitoring.listening.selectors import voices
from monitoring.listening.selectors.voices import talk_by_platform
from tests.listening.platform_of_lists import NOW

pytestmark = pytest.mark.django_db
KATHMANDU = ZoneInfo("Asia/Kathmandu")
WORDS = ("beans", "roast", "queue", "milk", "sunday")


@pytest.fixture
def brands(organization: Organization) -> list[Brand]:
    names = ("Halden", "Halden Roastery")
    return [Brand.objects.create(organization=organization, name=name, kind=BrandKind.OWN) for name in names]


def say(brand: Brand, number: int, platform: str, **fields: object) -> None:
    moment = NOW - timedelta(hours=7 * number, minutes=number)
    Mention.objects.create(
        organization_id=brand.organization_id,
        brand=brand,
        platform=platform,
        external_id=f"{brand.pk}-{number}",
        published_at=moment,
        collected_at=NOW,
        author_key=f"{platform}:{number}",
        language="en",
        sentiment=0,
        sentiment_confidence=0.5,
        terms=sorted({WORDS[number % 5], WORDS[number % 3]}),
        **fields,
    )


@pytest.mark.parametrize("most", [300, 4])
def test_words_and_hours_are_those_of_the_newest_of_each_platform(
    brands: list[Brand], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(voices, "_OF_EACH", most)
    for brand in brands:
        for number in range(30):
            say(brand, number, "mastodon" if number % 3 else "lemmy")
        say(brand, 30, "bluesky", status=MentionStatus.NOT_ABOUT_US)
        say(brand, 400, "hackernews")  # before the period
    period = last_days(30, now=NOW, zone=KATHMANDU, week_start=1)
    told = talk_by_platform(brands=brands, period=period)

    assert told.keys() == {"mastodon", "lemmy"}
    for platform, talk in told.items():
        newest = Mention.objects.filter(platform=platform).order_by("-published_at", "-pk")[:most]
        hours = Counter(mention.published_at.astimezone(KATHMANDU).hour for mention in newest)
        assert talk.looked_at == len(newest)
        assert talk.hours == tuple(hours[hour] for hour in range(24))
        assert dict(talk.words) == Counter(word for mention in newest for word in mention.terms)
        assert [number for _word, number in talk.words] == sorted(dict(talk.words).values(), reverse=True)


def test_without_a_brand_nobody_speaks() -> None:
    assert talk_by_platform(brands=[], period=last_days(7, now=NOW, zone=KATHMANDU, week_start=1)) == {}
