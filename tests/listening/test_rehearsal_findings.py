"""What the examples of a query tell before it is saved: how much would come, how much of it is noise, what it takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from accounts.models import Organization, User
from monitoring.analysis.queries import parse
from monitoring.listening.keywords.looking_back import look_back
from monitoring.listening.models import Brand, Mention
from monitoring.listening.rehearsing.asking import Example, PlatformAnswer, Rehearsal, plan_rehearsal
from monitoring.listening.rehearsing.estimates import estimate_platform
from monitoring.listening.rehearsing.noise import examples_to_judge, measure_noise, strange_words
from monitoring.platforms.registry import platforms
from monitoring.platforms.types import Author, Platform, Post
from tests.cast import SignIn

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
QUERY = parse("halden")
OURS = ("halden", "coffee", "roast")
THEIRS = ("halden", "fortress", "norway")


def example(number: int, terms: tuple[str, ...], age: timedelta = timedelta(hours=1)) -> Example:
    author = Author(external_id=str(number), handle=f"someone{number}")
    text = " ".join(terms)
    post = Post(external_id=str(number), url="", text=text, published_at=NOW - age, author=author)
    return Example(post, ((0, 6),), "neutral", terms)


def answer(examples: list[Example], *, seen: int = 0, since: datetime | None = None) -> PlatformAnswer:
    newest = sorted(examples, key=lambda each: each.post.published_at, reverse=True)
    return PlatformAnswer("bluesky", "done", seen or len(newest), len(newest), tuple(newest), since=since)


def rehearsed(*examples: Example) -> Rehearsal:
    return Rehearsal("a" * 32, (answer(list(examples)),), QUERY.text)


def platform(**changes: object) -> Platform:
    fields = {"slug": "bluesky", "name": "", "short_name": "", "color": "", "home": "", "capabilities": {}}
    return Platform(**{**fields, **changes})  # type: ignore[arg-type]  # made up field by field


def test_a_week_is_reckoned_from_the_days_that_the_answer_reaches_back_to() -> None:
    """Forty posts, of which twenty came in the two days that are fully known."""
    examples = [example(number, OURS, timedelta(hours=2.3 * number)) for number in range(41)]
    found = estimate_platform(
        answer(examples, since=NOW - timedelta(days=2)), platform=platform(), searches=1, now=NOW
    )

    assert found.span == timedelta(days=2)
    assert found.posts == 21
    assert found.weekly.likely == pytest.approx(73.5)
    assert found.range == (40, 110)
    assert found.dollars is None


def test_a_platform_that_has_nothing_is_asked_rarely() -> None:
    found = estimate_platform(answer([]), platform=platform(), searches=2, now=NOW)

    assert found.range == (0, 1)
    assert found.calls == 240  # two searches every six hours


def test_every_post_handed_over_is_paid_for() -> None:
    examples = [example(number, OURS, timedelta(hours=number)) for number in range(100)]
    priced = platform(price_per_post=Decimal("0.005"), search_window=timedelta(days=7))
    cheap = estimate_platform(answer(examples), platform=priced, searches=1, now=NOW)
    wasteful = estimate_platform(answer(examples, seen=400), platform=priced, searches=1, now=NOW)

    assert cheap.span == timedelta(hours=99)  # no more than a hundred examples are kept
    assert cheap.dollars is not None
    assert cheap.dollars[0] <= Decimal("0.005") * 170 * 30 / 7 <= cheap.dollars[1]
    assert wasteful.dollars is not None
    assert wasteful.dollars[1] > 3 * cheap.dollars[1]


def test_words_of_the_posts_that_are_not_ours_are_offered_as_exclusions() -> None:
    examples = [example(number, OURS if number % 3 else THEIRS) for number in range(30)]
    found = rehearsed(*examples)
    shown = examples_to_judge(found)
    said = {each.name: "no" if "norway" in each.example.terms else "yes" for each in shown}
    noise = measure_noise(found, query=QUERY, said=said)

    assert noise.judged == len(shown) == 20
    assert noise.share.low < 2 / 3 < noise.share.high
    assert [(exclusion.word, exclusion.posts) for exclusion in noise.exclusions] == [
        ("fortress", 10),
        ("norway", 10),
    ]
    assert examples_to_judge(found) == shown  # the same ones when somebody looks again


def test_what_nobody_judged_is_not_counted() -> None:
    found = rehearsed(*(example(number, OURS) for number in range(8)))
    shown = examples_to_judge(found)
    noise = measure_noise(found, query=QUERY, said={shown[0].name: "yes", shown[1].name: "perhaps"})

    assert (noise.yes, noise.no, noise.missing) == (1, 0, 4)
    assert noise.exclusions == ()


def _mentions(brand: Brand, count: int) -> None:
    Mention.objects.bulk_create(
        Mention(
            organization_id=brand.organization_id,
            brand=brand,
            platform="bluesky",
            external_id=f"stored {number}",
            text="halden coffee roast",
            published_at=NOW,
            collected_at=NOW,
            author_key=f"bluesky {number}",
            language="en",
            sentiment=0,
            sentiment_confidence=0.5,
            terms=list(OURS),
        )
        for number in range(count)
    )


@pytest.mark.django_db
def test_before_any_answer_words_that_the_brands_mentions_never_have_are_strange(brand: Brand) -> None:
    examples = [example(number, OURS if number % 3 else THEIRS) for number in range(30)]
    found = rehearsed(*examples)
    _mentions(brand, 29)
    assert strange_words(found, query=QUERY, brand=brand) == ()  # too few to know

    Mention.objects.filter(brand=brand).delete()
    _mentions(brand, 40)
    words = [exclusion.word for exclusion in strange_words(found, query=QUERY, brand=brand)]
    assert words == ["fortress", "norway"]
    strange = [shown for shown in examples_to_judge(found, words) if shown.is_strange]
    assert {shown.example.terms for shown in strange} == {THEIRS}


@pytest.mark.django_db
def test_an_edit_is_held_against_what_is_stored(brand: Brand) -> None:
    """Of forty found by the keyword and five found by another, those without a roast would leave."""
    keyword = brand.keywords.get()
    _mentions(brand, 45)
    ids = list(brand.mentions.order_by("pk").values_list("pk", flat=True))
    Mention.objects.filter(pk__in=ids[:40]).update(keyword_versions=[keyword.versions.get().pk])
    Mention.objects.filter(pk__in=ids[:8]).update(text="halden fortress")
    found = look_back(brand=brand, query=parse("roast"), keyword=keyword)

    assert (found.looked_at, found.fitting, found.leaving, found.joining) == (45, 37, 8, 5)
    assert {mention.text for mention in found.shown_leaving} == {"halden fortress"}
    assert look_back(brand=brand, query=parse("roast"), keyword=None).joining == 0


@pytest.mark.django_db
def test_the_page_tells_what_would_come_and_takes_a_yes_or_no(
    owner: User, organization: Organization, brand: Brand, sign_in: SignIn
) -> None:
    client: Client = sign_in(owner)
    plan, _begun = plan_rehearsal(organization=organization, query=QUERY)
    for item in platforms():
        kept = [example(number, OURS if number % 2 else THEIRS) for number in range(10)]
        found = PlatformAnswer(item.slug, "done", 12, 10, tuple(kept))
        cache.set(f"rehearsal:{plan.key}:{item.slug}", found, 60)
    link = f"/o/{organization.slug}/keywords/rehearsals/{plan.key}/"
    _mentions(brand, 3)
    sent = {"query": "halden", "brand": brand.pk, "keyword": brand.keywords.get().pk}
    address = f"/o/{organization.slug}/keywords/rehearsals/"
    begun = client.post(address, sent, headers={"HX-Request": "true"}).content.decode()
    assert "<b>3</b> of the newest 3 mentions of Halden Coffee fit" in begun
    assert "Are these about you?" in begun
    polled = client.get(link, {"brand": brand.pk}, headers={"HX-Request": "true"}).content
    page = BeautifulSoup(polled, "html.parser")
    names = [str(box["name"]) for box in page.select("input[value=no]")]
    noise = client.post(f"{link}judge/", dict.fromkeys(names, "no"), headers={"HX-Request": "true"})

    assert "a week" in page.text
    assert "~" in page.select("td")[2].text
    assert len(names) == 20
    assert "0 of 20 are about you" in noise.content.decode()
    assert "Many are about other things" in noise.content.decode()

    # Without JavaScript each of these is a page.
    shown = client.post(address, sent, follow=True)
    assert shown.redirect_chain == [(f"{link}?brand={brand.pk}&keyword={sent['keyword']}", 302)]
    assert "of the newest 3 mentions" in shown.content.decode()
    judged = BeautifulSoup(
        client.post(f"{link}judge/", sent | dict.fromkeys(names[:5], "no")).content, "html.parser"
    )
    assert "0 of 5 are about you" in " ".join(judged.text.split())
    assert [box["name"] for box in judged.select("input[checked]")] == names[:5]
    assert len(judged.select("h1")) == 1
    leaving_out = judged.select_one("a[href*=without]")
    assert leaving_out is not None
    word = str(leaving_out["href"]).rpartition("without=")[2]
    assert f"Leave out “{word}”" in leaving_out.text
    editor = client.get(str(leaving_out["href"])).content
    field = BeautifulSoup(editor, "html.parser").select_one("textarea[name=query]")
    assert field is not None
    assert field.text.strip() == f"halden -{word}"
    assert "at most five words between them" in editor.decode()
