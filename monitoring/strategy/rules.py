"""The rules that find what to do next. Each can be read, each says what it saw, and none of them guesses.

A rule's `measure` is the figure that its step should move; two weeks after a step was taken the same figure is read
again (`judging`). Its sample says whether there was enough to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Final, Protocol

from monitoring.audience.models import PublishedPost
from monitoring.audience.selectors.posting import (
    ENOUGH_POSTS,
    Tally,
    best_cell,
    group_posts,
    hours_of,
    tally,
    tally_by,
)
from monitoring.conversions.models.channels import is_social
from monitoring.conversions.selectors.counting import answer_numbers
from monitoring.conversions.selectors.return_terms import channel_of_platform
from monitoring.lib.periods import Period
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.counts import sum_period
from monitoring.strategy.situation import QUARTER, Situation

# The usual order of things, from what is missing altogether to what could be better.
NO_GOAL, UNHAPPY, NO_CUSTOMER, NO_PROFILE, ASKED, NO_LINK, BETTER_POSTS, UNTRACKED, LEAVE = range(
    900, 0, -100
)
Evidence = str | int | float
ENOUGH_ORDERS: Final = 5
CLEARLY_BETTER: Final = 1.3  # times the average
ENOUGH_HASHTAGS: Final = 10
ENOUGH_TO_LEAVE: Final = 8  # posts without a single visit
ENOUGH_MENTIONS: Final = 20


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something to do, why, and how urgent it is."""

    weight: int
    subject: str = ""
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """A figure of a period. `enough` says whether it stands on more than a few rows."""

    value: float
    enough: bool


class Rule(Protocol):
    @property
    def slug(self) -> str: ...

    @property
    def less_is_better(self) -> bool: ...

    def find(self, situation: Situation) -> Iterator[Finding]: ...

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure: ...


def _brought(situation: Situation, period: Period) -> Measure:
    """What social media brought."""
    kind = situation.goal.counts if situation.goal else "order"
    answer = answer_numbers(organization=situation.organization, period=period, kind=kind)
    number = answer.now.social_number
    return Measure(number, number + answer.before.social_number >= ENOUGH_ORDERS)


class SetGoal:
    slug = "set_goal"
    less_is_better = False

    def find(self, situation: Situation) -> Iterator[Finding]:
        if situation.goal is None:
            yield Finding(weight=NO_GOAL)

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure:
        return _brought(situation, period)


class CountCustomers:
    """Nothing was reported for three months: without that no chart can say anything about business."""

    slug = "count_customers"
    less_is_better = False

    def find(self, situation: Situation) -> Iterator[Finding]:
        if situation.goal and not situation.has_customers:
            yield Finding(weight=NO_CUSTOMER)

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure:
        return _brought(situation, period)


class AddProfiles:
    slug = "add_profiles"
    less_is_better = False

    def find(self, situation: Situation) -> Iterator[Finding]:
        if not situation.profiles:
            yield Finding(weight=NO_PROFILE)

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure:
        return _posts(situation, period)


class MakeFirstLink:
    """Posts go out and nobody can tell what they bring."""

    slug = "make_link"
    less_is_better = False

    def find(self, situation: Situation) -> Iterator[Finding]:
        posts = sum(group.posts for group in situation.recent_posts)
        if posts and not situation.has_links:
            yield Finding(weight=NO_LINK, evidence={"posts": posts})

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure:
        return _brought(situation, period)


class AnswerUnhappy:
    slug = "answer_unhappy"
    less_is_better = True

    def find(self, situation: Situation) -> Iterator[Finding]:
        if waiting := situation.waiting(tones=(Tone.NEGATIVE,)):
            yield Finding(weight=UNHAPPY + min(waiting.number, 50), evidence=waiting.evidence)

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure:
        """The share of unhappy mentions."""
        volume = sum_period(brands=situation.own_brands, period=period)
        share = volume.negative / volume.mentions if volume.mentions else 0
        return Measure(share, volume.mentions >= ENOUGH_MENTIONS)


class AnswerQuestions:
    slug = "answer_questions"
    less_is_better = False

    def find(self, situation: Situation) -> Iterator[Finding]:
        if waiting := situation.waiting(only_questions=True):
            yield Finding(weight=ASKED + min(waiting.number, 50), evidence=waiting.evidence)

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure:
        return _brought(situation, period)


class PostWhatWorks:
    """The kind of post that brings the most orders, or as long as there are few, the most reactions."""

    slug = "post_kind"
    less_is_better = False

    def find(self, situation: Situation) -> Iterator[Finding]:
        posts = {kind: counted.posts for kind, counted in self._tallies(situation).items() if counted.posts}
        brought = situation.orders_by_kind
        total = sum(brought.values(), Decimal(0))
        best = max(brought, key=lambda kind: brought[kind] / max(1, posts.get(kind, 0)), default="")
        if total >= ENOUGH_ORDERS and brought.get(best) and posts.get(best):
            evidence = {
                "orders": round(brought[best]),
                "of_orders": round(total),
                **self._about(situation, best),
            }
            yield Finding(weight=BETTER_POSTS, subject=best, evidence=evidence)
        elif found := self._most_reactions(situation):
            kind, times = found
            evidence = {"times": round(times, 1), **self._about(situation, kind)}
            yield Finding(weight=BETTER_POSTS, subject=kind, evidence=evidence)

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure:
        """Interactions a post, over all posts."""
        return _posts(situation, period)

    def _tallies(self, situation: Situation) -> dict[str, Tally]:
        return tally_by(situation.recent_posts, lambda group: group.kind)

    def _most_reactions(self, situation: Situation) -> tuple[str, float] | None:
        average = tally(situation.recent_posts).per_post
        rates = {
            kind: counted.per_post for kind, counted in self._tallies(situation).items() if counted.per_post
        }
        best = max(rates, key=lambda kind: rates[kind], default=None)
        if best is None or not average or rates[best] < CLEARLY_BETTER * average:
            return None
        return best, rates[best] / average

    def _about(self, situation: Situation, kind: str) -> dict[str, Evidence]:
        """How often it was posted, and on which weekday posts do best, if that can be said."""
        posts = sum(group.posts for group in situation.recent_posts if group.kind == kind)
        about: dict[str, Evidence] = {
            "posts": posts,
            "of_posts": sum(group.posts for group in situation.recent_posts),
        }
        cell = best_cell(hours_of(situation.recent_posts, week_start=1))
        return about | ({"weekday": cell.weekday} if cell else {})


class TrackWord:
    """A hashtag that people use beside us and no keyword catches."""

    slug = "track_word"
    less_is_better = False

    def find(self, situation: Situation) -> Iterator[Finding]:
        often = [(brand, share) for brand, share in situation.hashtags if share.mentions >= ENOUGH_HASHTAGS]
        for brand, share in sorted(often, key=lambda found: -found[1].mentions)[:1]:
            evidence: dict[str, Evidence] = {"word": share.name, "number": share.mentions, "brand": brand.pk}
            yield Finding(weight=UNTRACKED, subject=share.name[:200], evidence=evidence)

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure:
        mentions = sum_period(brands=situation.own_brands, period=period).mentions
        return Measure(mentions, mentions >= ENOUGH_MENTIONS)


class LeavePlatform:
    """Many posts, not one visit, while another platform brings customers."""

    slug = "leave_platform"
    less_is_better = False

    def find(self, situation: Situation) -> Iterator[Finding]:
        brought = {str(row.key): row for row in situation.channels if is_social(str(row.key))}
        best = max(brought.values(), key=lambda row: row.number, default=None)
        if best is None or best.number < ENOUGH_ORDERS:
            return
        platforms = {profile.pk: profile.platform for profile in situation.profiles}
        posts = tally_by(situation.recent_posts, lambda group: platforms.get(group.profile_id, ""))
        for platform, counted in posts.items():
            row = brought.get(channel_of_platform(platform))
            is_silent = row is None or not (row.number or row.visits)
            if (
                platform
                and counted.posts >= ENOUGH_TO_LEAVE
                and is_silent
                and channel_of_platform(platform) != best.key
            ):
                evidence: dict[str, Evidence] = {
                    "posts": counted.posts,
                    "best": str(best.key),
                    "days": QUARTER,
                }
                yield Finding(weight=LEAVE, subject=platform, evidence=evidence)

    def measure(self, situation: Situation, subject: str, period: Period) -> Measure:
        return _brought(situation, period)


def _posts(situation: Situation, period: Period) -> Measure:
    brands = [brand.pk for brand in situation.own_brands]
    groups = group_posts(organization=situation.organization, brand_ids=brands, period=period)
    counted = tally(group for group in groups if group.is_now and group.kind != PublishedPost.Kind.ANSWER)
    return Measure(counted.per_post or 0, counted.posts >= ENOUGH_POSTS)


RULES: Final[Mapping[str, Rule]] = {
    rule.slug: rule
    for rule in (
        SetGoal(),
        AnswerUnhappy(),
        CountCustomers(),
        AddProfiles(),
        AnswerQuestions(),
        MakeFirstLink(),
        PostWhatWorks(),
        TrackWord(),
        LeavePlatform(),
    )
}
JUDGED_AFTER: Final = timedelta(days=14)
