"""What to do next: found by rules, taken, put aside, judged."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.crediting.touches import find_touches
from monitoring.conversions.models import Channel, Kind, Origin
from monitoring.conversions.services.goals import Aim, set_goal
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.listening.models import Brand, BrandKind, ChangeAct, Mention, TrackedProfile
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.listening.services.changes import change_selected
from monitoring.listening.services.keywords import create_keyword
from monitoring.platforms.types import ProfileLink
from monitoring.strategy.finding import find_steps
from monitoring.strategy.models import Step
from monitoring.strategy.rules import RULES
from monitoring.strategy.selectors import open_steps, steps_to_judge
from monitoring.strategy.services import dismiss_step, judge_step, take_step
from monitoring.strategy.situation import Situation
from monitoring.strategy.wording import put_in_words
from tests.cast import SignIn

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def brand(organization: Organization) -> Brand:
    return create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)


@pytest.fixture
def profile(brand: Brand) -> TrackedProfile:
    return track_profile(brand=brand, link=ProfileLink(platform="bluesky", handle="halden.example"))


def mention(brand: Brand, name: str, *, days_ago: float = 1, **fields: object) -> None:
    facts: dict[str, object] = {"sentiment": Tone.NEUTRAL, "hashtags": [], **fields}
    Mention.objects.create(
        organization_id=brand.organization_id,
        brand=brand,
        platform="bluesky",
        external_id=name,
        published_at=NOW - timedelta(days=days_ago),
        collected_at=NOW,
        author_key=f"bluesky:{name}",
        language="en",
        sentiment_confidence=0.5,
        **facts,
    )


def publish(
    profile: TrackedProfile, number: int, kind: str, *, likes: int = 0, days_ago: int = 5
) -> PublishedPost:
    return PublishedPost.objects.create(
        organization=profile.organization,
        brand=profile.brand,
        profile=profile,
        platform=profile.platform,
        external_id=f"{kind}-{number}",
        guessed_kind=kind,
        likes=likes,
        published_at=NOW - timedelta(days=days_ago),
        refreshed_at=NOW,
    )


def rules(organization: Organization) -> list[str]:
    return [step.rule for step in find_steps(organization=organization, now=NOW)]


def one(organization: Organization, rule: str) -> Step:
    (step,) = (step for step in find_steps(organization=organization, now=NOW) if step.rule == rule)
    return step


def sell(organization: Organization, number: int, **fields: object) -> None:
    report = Report(
        kind=Kind.ORDER,
        origin=Origin.API,
        idempotency_key=f"order-{number}",
        occurred_at=NOW - timedelta(days=3),
        **fields,  # type: ignore[arg-type]  # fields of the report
    )
    record_conversion(organization=organization, report=report)


def test_a_fresh_business_is_asked_for_what_is_missing(organization: Organization) -> None:
    assert rules(organization) == ["set_goal", "add_profiles"]


def test_with_a_goal_and_no_customer_the_counter_comes_first(organization: Organization) -> None:
    set_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(40)))
    assert rules(organization)[0] == "count_customers"


def test_unhappy_people_and_questions_come_with_their_numbers(
    organization: Organization, brand: Brand
) -> None:
    for number in range(3):
        mention(brand, f"angry-{number}", sentiment=Tone.NEGATIVE)
    mention(brand, "asking", is_question=True)
    mention(brand, "long-ago", sentiment=Tone.NEGATIVE, days_ago=20)

    unhappy = one(organization, "answer_unhappy")
    assert unhappy.evidence["number"] == 3
    assert put_in_words(unhappy).finding == "Read 3 unhappy posts"
    assert "tone=negative" in put_in_words(unhappy).address
    assert one(organization, "answer_questions").evidence["number"] == 1


def test_a_step_counts_what_nobody_has_dealt_with_and_leads_to_exactly_these(
    organization: Organization, brand: Brand, owner: User, sign_in: SignIn
) -> None:
    louder = create_brand(organization=organization, name="Halden Roastery", kind=BrandKind.OWN)
    rival = create_brand(organization=organization, name="Bean", kind=BrandKind.COMPETITOR)
    for asked, number in ((brand, 2), (louder, 5), (rival, 9)):
        for each in range(number):
            mention(asked, f"{asked.pk}-{each}", is_question=True)
    done = Mention.objects.filter(brand=louder).order_by("pk").values_list("pk", flat=True)
    change_selected(organization=organization, act=ChangeAct.ANSWER, ids=list(done[:2]), by=owner)
    words = put_in_words(one(organization, "answer_questions"))
    assert words.finding == "Answer 3 questions"
    listed = sign_in(owner).get(words.address).content.decode()
    assert listed.count('<li class="mention') == 3

    everything = Mention.objects.exclude(brand=rival).values_list("pk", flat=True)
    change_selected(organization=organization, act=ChangeAct.ANSWER, ids=list(everything), by=owner)
    assert "answer_questions" not in rules(organization)


def test_posts_without_a_link_ask_for_one(organization: Organization, profile: TrackedProfile) -> None:
    publish(profile, 1, "story")
    assert "make_link" in rules(organization)
    create_link(organization=organization, target="https://example.com", label="Bio", channel=Channel.BLUESKY)
    assert "make_link" not in rules(organization)


def test_the_kind_with_clearly_more_reactions_is_recommended(
    organization: Organization, profile: TrackedProfile
) -> None:
    for number in range(6):
        publish(profile, number, "tip", likes=30)
        publish(profile, number, "story", likes=5)
    step = one(organization, "post_kind")
    assert (step.subject, step.evidence["posts"], step.evidence["of_posts"]) == ("tip", 6, 12)
    assert put_in_words(step).finding.startswith("Post another tip")


def test_orders_say_more_than_reactions(organization: Organization, profile: TrackedProfile) -> None:
    for number in range(6):
        publish(profile, number, "tip", likes=300)
    post = publish(profile, 9, "product")
    link = create_link(
        organization=organization, target="https://example.com", label="P", channel=Channel.BLUESKY
    )
    link.post = post
    link.save()
    for number in range(6):
        sell(organization, number, link=link)
    from_link_to_credit()
    step = one(organization, "post_kind")
    assert (step.subject, step.evidence["orders"], step.evidence["of_orders"]) == ("product", 6, 6)


def test_a_hashtag_that_no_keyword_names_is_suggested(organization: Organization, brand: Brand) -> None:
    create_keyword(brand=brand, query="halden OR #haldencoffee", by=None)
    for number in range(12):
        mention(brand, f"tagged-{number}", hashtags=["haldendecaf", "haldencoffee"])
    step = one(organization, "track_word")
    assert (step.subject, step.evidence["number"]) == ("haldendecaf", 12)
    assert "q=%23haldendecaf" in put_in_words(step).address


def test_a_platform_without_a_visit_is_left_alone_while_another_brings_customers(
    organization: Organization, profile: TrackedProfile
) -> None:
    for number in range(8):
        publish(profile, number, "story")
    link = create_link(
        organization=organization, target="https://example.com", label="P", channel=Channel.INSTAGRAM
    )
    for number in range(6):
        sell(organization, number, link=link)
    from_link_to_credit()
    step = one(organization, "leave_platform")
    assert (step.subject, step.evidence["best"]) == ("bluesky", "instagram")
    assert put_in_words(step).finding == "Leave Bluesky alone until Instagram runs by itself"


def from_link_to_credit() -> None:
    """As the worker does it."""
    find_touches(now=timezone.now())
    credit_due_days(seconds=10)


def test_finding_again_changes_nothing_and_what_is_done_goes(organization: Organization) -> None:
    first = [step.pk for step in find_steps(organization=organization, now=NOW)]
    assert [step.pk for step in find_steps(organization=organization, now=NOW)] == first
    set_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(40)))
    assert "set_goal" not in rules(organization)


def test_what_was_dismissed_is_not_said_again_for_two_months(organization: Organization, owner: User) -> None:
    dismiss_step(step=one(organization, "add_profiles"), by=owner, now=NOW)
    assert "add_profiles" not in rules(organization)
    later = find_steps(organization=organization, now=NOW + timedelta(days=61))
    assert "add_profiles" in [step.rule for step in later]


def test_what_was_taken_is_judged_after_two_weeks(
    organization: Organization, brand: Brand, owner: User
) -> None:
    for number in range(30):
        mention(
            brand, f"before-{number}", days_ago=3, sentiment=Tone.NEGATIVE if number < 15 else Tone.POSITIVE
        )
    step = one(organization, "answer_unhappy")
    take_step(step=step, by=owner, now=NOW)
    step.refresh_from_db()
    assert (step.state, step.before) == ("taken", 0.5)
    assert "answer_unhappy" not in rules(organization)
    assert steps_to_judge(now=NOW) == []

    for number in range(30):
        mention(
            brand, f"after-{number}", days_ago=-5, sentiment=Tone.NEGATIVE if number < 6 else Tone.POSITIVE
        )
    later = NOW + timedelta(days=15)
    assert steps_to_judge(now=later) == [step.pk]
    judge_step(step=step, now=later)
    assert (step.verdict, step.after) == ("helped", 0.2)
    assert steps_to_judge(now=later) == []


def test_steps_are_taken_away_with_their_evidence_and_their_verdict(
    organization: Organization, brand: Brand, owner: User, sign_in: SignIn
) -> None:
    mention(brand, "angry", sentiment=Tone.NEGATIVE)
    step = one(organization, "answer_unhappy")
    take_step(step=step, by=owner, now=NOW)
    judge_step(step=step, now=NOW + timedelta(days=15))
    page = f"/o/{organization.slug}/plan/"
    client = sign_in(owner)

    assert f'href="{page}export.csv"' in client.get(page).content.decode()
    rows = list(csv.DictReader(b"".join(client.get(f"{page}export.csv")).decode("utf-8-sig").splitlines()))
    judged = {row["Step"]: row for row in rows}["Read 1 unhappy post"]
    assert (judged["State"], judged["By"], judged["Before"]) == ("Taken", str(owner), "1.0")
    assert judged["Did it help?"] == "Too little to tell"
    assert judged["Why"].startswith("From the last 7 days, still open.")
    assert {row["State"] for row in rows} == {"Open", "Taken"}


def test_too_few_mentions_judge_nothing(organization: Organization, brand: Brand, owner: User) -> None:
    mention(brand, "angry", sentiment=Tone.NEGATIVE)
    step = one(organization, "answer_unhappy")
    take_step(step=step, by=owner, now=NOW)
    step.refresh_from_db()
    judge_step(step=step, now=NOW + timedelta(days=15))
    assert step.verdict == "too_little"


def test_every_rule_has_words_and_a_measure(organization: Organization, brand: Brand) -> None:
    for slug, rule in RULES.items():
        evidence = {"number": 1, "posts": 2, "of_posts": 3, "times": 2, "brand": 1, "word": "w", "best": "x"}
        step = Step(organization=organization, rule=slug, subject="tip" if slug == "post_kind" else "bluesky")
        step.evidence = evidence
        words = put_in_words(step)
        assert all((words.finding, words.reason, words.act, words.address))
        situation = Situation(organization, NOW)
        assert rule.measure(situation, step.subject, situation.last(14)).value >= 0


def test_at_most_three_are_shown(organization: Organization, brand: Brand, profile: TrackedProfile) -> None:
    mention(brand, "angry", sentiment=Tone.NEGATIVE)
    mention(brand, "asking", is_question=True)
    publish(profile, 1, "story")
    assert len(open_steps(organization=organization, now=NOW)) == 3


class TestThePlanPage:
    ANSWERS: ClassVar = {
        "whom": "People who grind their own beans",
        "where": ["bluesky", "instagram"],
        "kinds": ["tip"],
        "message": "We explain everything",
        "purpose": "Orders from the web shop",
        "minutes_a_week": "90",
    }

    def test_the_answers_are_kept(self, sign_in: SignIn, marketer: User, organization: Organization) -> None:
        client, address = sign_in(marketer), f"/o/{organization.slug}/plan/"
        assert client.post(address, self.ANSWERS).status_code == 302
        shown = client.get(address).content.decode()
        assert "People who grind their own beans" in shown
        assert organization.assumptions.minutes_a_week == 90

    def test_too_many_platforms_are_refused_and_the_rest_is_kept(
        self, sign_in: SignIn, marketer: User, organization: Organization
    ) -> None:
        wrong = {**self.ANSWERS, "where": ["bluesky", "instagram", "x", "tiktok"]}
        answer = sign_in(marketer).post(f"/o/{organization.slug}/plan/", wrong)
        assert answer.status_code == 422
        assert "People who grind their own beans" in answer.content.decode()

    def test_a_step_is_taken_where_it_leads(
        self, sign_in: SignIn, marketer: User, organization: Organization
    ) -> None:
        step = one(organization, "add_profiles")
        answer = sign_in(marketer).post(f"/o/{organization.slug}/plan/steps/{step.pk}/take/")
        assert answer["Location"] == f"/o/{organization.slug}/audience/"
        step.refresh_from_db()
        assert (step.state, step.changed_by) == ("taken", marketer)

    def test_a_viewer_looks_and_a_stranger_does_not(
        self,
        sign_in: SignIn,
        viewer: User,
        stranger: User,
        organization: Organization,
        strangers_organization: Organization,
    ) -> None:
        step = one(organization, "add_profiles")
        looking: Client = sign_in(viewer)
        assert looking.get(f"/o/{organization.slug}/plan/").status_code == 200
        assert looking.post(f"/o/{organization.slug}/plan/", self.ANSWERS).status_code == 403
        assert looking.post(f"/o/{organization.slug}/plan/steps/{step.pk}/take/").status_code == 403
        theirs = f"/o/{strangers_organization.slug}/plan/steps/{step.pk}/dismiss/"
        assert sign_in(stranger).post(theirs).status_code == 404

    def test_words_follow_the_reader(self, organization: Organization) -> None:
        step = one(organization, "add_profiles")
        with override("de"):
            assert put_in_words(step).address.endswith("/audience/")
