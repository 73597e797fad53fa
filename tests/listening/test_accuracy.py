"""How right the machine is: samples that chance draws, what people say of them, and what comes of it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Organization, User
from monitoring.lib.periods import Period, last_days
from monitoring.listening.models import Brand, BrandKind, LabelSample, Mention, MentionStatus, SentimentLabel
from monitoring.listening.models.mentions import Tone
from monitoring.listening.rollups import miscounted_rows
from monitoring.listening.selectors.accuracy import corrected_accuracy, measured_accuracy
from monitoring.listening.selectors.corrections import corrections
from monitoring.listening.services.labelling import draw_sample, say_label
from monitoring.listening.services.mentions import correct_sentiment
from tests.cast import SignIn

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ZONE = ZoneInfo("Europe/Berlin")


def hear(
    brand: Brand, days: list[int], *, language: str = "en", sentiment: int = 0, platform: str = "bluesky"
) -> None:
    """So many mentions on each of the last days, the latest last."""
    noon = datetime.combine(NOW.astimezone(ZONE).date(), datetime.min.time(), ZONE) + timedelta(hours=12)
    known = Mention.objects.count()
    Mention.objects.bulk_create(
        Mention(
            organization_id=brand.organization_id,
            brand=brand,
            platform=platform,
            external_id=f"{known}-{ago}-{number}",
            text=f"Halden {known} {ago} {number}",
            published_at=noon - timedelta(days=ago),
            collected_at=NOW,
            author_key="bluesky:jo",
            language=language,
            sentiment=sentiment,
            sentiment_confidence=0.5,
        )
        for ago, times in enumerate(reversed(days))
        for number in range(times)
    )


@pytest.fixture
def brand(organization: Organization) -> Brand:
    return Brand.objects.create(organization=organization, name="Halden", kind=BrandKind.OWN)


def whole() -> Period:
    return last_days(90, now=NOW, zone=ZONE)


def test_every_mention_of_the_period_is_as_likely_as_any_other(brand: Brand, owner: User) -> None:
    hear(brand, [1, 0, 9, 30])
    hear(brand, [5], language="de")
    Mention.objects.filter(language="de").first().delete()  # type: ignore[union-attr]  # there are five
    Mention.objects.filter(language="en", external_id__endswith="-29").update(
        status=MentionStatus.NOT_ABOUT_US
    )
    times = Counter[int]()
    for _draw in range(120):
        sample = draw_sample(brand=brand, period=whole(), by=owner, size=11)
        assert sample is not None
        assert sample.population == 43
        assert len(set(sample.mention_ids)) == 11
        times.update(sample.mention_ids)

    # Each is expected 120 * 11 / 43 = 30.7 times, give or take 4.8.
    assert times.keys() == set(Mention.objects.filter(is_counted=True).values_list("pk", flat=True))
    assert all(8 <= each <= 55 for each in times.values())
    german = draw_sample(brand=brand, period=whole(), language="de", by=owner)
    assert german is not None
    assert len(german.mention_ids) == german.population == 4
    empty = Period(date(2020, 1, 1), date(2020, 1, 2), ZONE)
    assert draw_sample(brand=brand, period=empty, by=owner) is None


def test_a_label_measures_and_where_it_differs_corrects_and_both_teach(
    brand: Brand, organization: Organization, owner: User
) -> None:
    hear(brand, [40], sentiment=0)
    sample = draw_sample(brand=brand, period=whole(), by=owner, size=32)
    assert sample is not None
    mentions = list(Mention.objects.filter(pk__in=sample.mention_ids).order_by("pk"))
    for number, mention in enumerate(mentions):
        said = None if number < 2 else Tone.NEUTRAL if number < 22 else Tone.POSITIVE
        say_label(sample=sample, mention=mention, said=said, by=owner)
    others = Mention.objects.exclude(pk__in=sample.mention_ids).order_by("pk")
    correct_sentiment(mention=others[0], tone=Tone.NEGATIVE)
    correct_sentiment(mention=others[1], tone=Tone.NEUTRAL)  # a confirmation

    measured, corrected = measured_accuracy(brand=brand), corrected_accuracy(brand=brand)
    assert (measured.confusion.total, measured.confusion.right) == (30, 20)
    assert measured.confusion.is_enough
    assert (corrected.confusion.total, corrected.confusion.right) == (2, 1)
    assert Mention.objects.filter(tone=Tone.POSITIVE).count() == 10
    taught = Counter((one.tone, one.is_independent) for one in corrections(organization=organization))
    assert taught == {(0, True): 20, (1, True): 10, (-1, False): 1, (0, False): 1}

    say_label(sample=sample, mention=Mention.objects.get(pk=mentions[-1].pk), said=Tone.NEUTRAL, by=owner)
    assert measured_accuracy(brand=brand).confusion.right == 21
    assert Mention.objects.filter(tone=Tone.POSITIVE).count() == 9
    assert miscounted_rows(organization=organization) == 0


def judge(client: Client, page: str, tone: str) -> None:
    number = client.get(page).context["mention"].pk
    assert client.post(page, {"mention": number, "tone": tone}).status_code == 302


def test_a_sample_is_judged_without_scripts_left_and_gone_on_with_to_its_end(
    brand: Brand, organization: Organization, marketer: User, viewer: User, stranger: User, sign_in: SignIn
) -> None:
    hear(brand, [4], sentiment=1)
    client = sign_in(marketer)
    slug = organization.slug
    drawn = client.post(reverse("listening:draw_sample", args=[slug]), {"brand": brand.pk, "period": "30d"})
    page = drawn["Location"]
    judge(client, page, "positive")
    judge(client, page, "unsure")
    judge(client, page, "neutral")
    client.post(page, {"back": "yes"})
    assert SentimentLabel.objects.count() == 2

    again = sign_in(marketer)  # another day
    shown = again.get(page)
    assert shown.context["place"] == 3
    assert "Positive <kbd>" in shown.content.decode()
    assert "badge pos" not in shown.content.decode()  # what the machine said
    for tone in ("negative", "positive"):
        judge(again, page, tone)
    done = again.get(page).content.decode()
    assert "That is all of them" in done
    assert "2 of 3" in done
    assert "Too few to say" in done
    assert Mention.objects.filter(corrected_sentiment=Tone.NEGATIVE).count() == 1

    swapped = again.post(page, {"back": "yes"}, headers={"HX-Request": "true"})
    assert swapped.content.decode().lstrip().startswith('<div id="labelling"')
    assert sign_in(viewer).get(page).status_code == 403
    assert sign_in(stranger).get(page).status_code == 404


def test_the_page_says_how_right_the_machine_is_and_where_it_cannot_say(
    brand: Brand, organization: Organization, owner: User, viewer: User, sign_in: SignIn
) -> None:
    client, page = sign_in(viewer), reverse("listening:accuracy", args=[organization.slug])
    assert "Not measured yet" in client.get(page).content.decode()

    hear(brand, [34], platform="bluesky")
    hear(brand, [3], platform="mastodon", language="de")
    sample = draw_sample(brand=brand, period=whole(), by=owner)
    assert sample is not None
    for number, mention in enumerate(Mention.objects.filter(pk__in=sample.mention_ids)):
        say_label(sample=sample, mention=mention, said=Tone.NEUTRAL if number else Tone.POSITIVE, by=owner)
    text = " ".join(client.get(page).content.decode().split())
    assert "36 of 37: <strong>97%</strong>" in text
    assert "Macro-F1" in text
    assert text.count("too few to say") == 2  # German, and Mastodon

    sign_in(owner).post(reverse("listening:discard_sample", args=[organization.slug, sample.pk]))
    assert not LabelSample.objects.exists()
    assert Mention.objects.filter(corrected_sentiment=Tone.POSITIVE).count() == 1
    assert AuditEvent.objects.filter(subject_kind="labelsample", action="deleted").count() == 1
