"""All businesses of one person, side by side and never added up: each keeps its own days, goal and currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Organization, SetupStep, User
from accounts.permissions import Act, may
from accounts.second_factor import has_second_factor
from monitoring.conversions.wording import say_goal, say_standing
from monitoring.dashboard.answering import say_business
from monitoring.dashboard.next_steps import authors_who_ask, what_is_broken
from monitoring.dashboard.overview import Overview
from monitoring.lib.figures import format_number
from monitoring.lib.periods import Period, last_days
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.selectors.counts import sum_period
from monitoring.listening.selectors.waiting import WaitingMentions, count_waiting
from monitoring.strategy.selectors import found_steps
from monitoring.strategy.wording import put_in_words

DAYS, RECENT_DAYS = 30, 7


@dataclass(frozen=True)
class Waiting:
    """One thing that somebody should look at, and where."""

    text: str
    address: str
    icon: str
    is_broken: bool = False


@dataclass(frozen=True, kw_only=True)
class Business:
    """One of them. Each figure is read from rollups, once, when it is first asked for."""

    membership: Membership
    brands: Sequence[Brand]  # our own first
    is_closed: bool  # asks for a second factor that this person lacks: nothing of it may be read
    now: datetime

    @property
    def organization(self) -> Organization:
        return self.membership.organization

    def _last(self, days: int) -> Period:
        zone = ZoneInfo(self.organization.time_zone)
        return last_days(days, now=self.now, zone=zone, week_start=self.organization.week_start)

    @cached_property
    def overview(self) -> Overview | None:
        """What its overview says, too; nothing before it was set up."""
        if self.is_closed or not self.brands:
            return None
        period = self._last(DAYS)
        return Overview(
            self.organization, self.brands[0], list(self.brands), period, period.previous(), self.now
        )

    @property
    def _own(self) -> list[Brand]:
        return [brand for brand in self.brands if brand.kind == BrandKind.OWN]

    @cached_property
    def answer(self) -> SafeString | str:
        """The sentence of its overview; where nothing was brought, what was said."""
        if self.overview is None:
            return ""
        return say_business(self.overview) or self._say_nothing_brought(self.overview)

    def _say_nothing_brought(self, overview: Overview) -> SafeString:
        mentions = sum_period(brands=[overview.brand], period=overview.period).mentions
        said = ngettext("%(number)s mention", "%(number)s mentions", mentions)
        return format_html(
            _("Nothing from social media was reported in the last {days} days. {mentions} of {brand}."),
            days=format_number(DAYS),
            mentions=format_html("<em>{}</em>", said % {"number": format_number(mentions)}),
            brand=overview.brand.name,
        )

    @property
    def goal_said(self) -> str:
        return say_goal(self.overview.goal) if self.overview and self.overview.goal else ""

    @property
    def standing_said(self) -> str:
        return say_standing(self.overview.progress) if self.overview and self.overview.progress else ""

    @cached_property
    def waiting(self) -> list[Waiting]:
        """What is broken, who waits for an answer, and what to do next."""
        if self.overview is None:
            return [] if self.is_closed else [self._unfinished]
        unfinished = self.organization.setup_step != SetupStep.DONE
        return [
            *([self._unfinished] if unfinished else []),
            *self._authors(self.overview),
            *self._broken(self.overview),
            *self._voices(),
            *self._next_step(),
        ]

    @property
    def _unfinished(self) -> Waiting:
        return Waiting(_("Finish setting up"), self._address("dashboard:resume"), "list-checks")

    def _authors(self, overview: Overview) -> Iterator[Waiting]:
        if may(self.membership.role, Act.GUARD_PRIVACY):
            for step in authors_who_ask(overview=overview):
                yield Waiting(step.finding, step.address, "user-round-x")

    def _broken(self, overview: Overview) -> Iterator[Waiting]:
        """One platform by its name, several as a number: more would hide everything else."""
        steps = list(what_is_broken(overview=overview))
        for step in steps[:1]:
            text = _("%(number)s platforms are not being read") % {"number": format_number(len(steps))}
            yield Waiting(text if len(steps) > 1 else step.finding, step.address, "unplug", is_broken=True)

    def _voices(self) -> Iterator[Waiting]:
        """What was said of each of our own brands these days, and nobody has dealt with: a list shows one brand's."""
        period = self._last(RECENT_DAYS)
        for brand in self._own:
            recent = count_waiting(brands=[brand], period=period)
            name = f"{brand.name}: " if len(self._own) > 1 else ""
            for voice in self._voices_of(brand, recent, period):
                yield replace(voice, text=name + voice.text)

    def _voices_of(self, brand: Brand, recent: WaitingMentions, period: Period) -> Iterator[Waiting]:
        chosen = f"brand={brand.pk}&from={period.first}&to={period.last}&status=open"
        mentions = f"{self._address('listening:mentions')}?{chosen}"
        if recent.negative:
            text = ngettext(
                "%(number)s unhappy mention in the last %(days)s days",
                "%(number)s unhappy mentions in the last %(days)s days",
                recent.negative,
            )
            yield Waiting(_told(text, recent.negative), f"{mentions}&tone=negative", "frown")
        if recent.questions:
            text = ngettext(
                "%(number)s question in the last %(days)s days",
                "%(number)s questions in the last %(days)s days",
                recent.questions,
            )
            yield Waiting(
                _told(text, recent.questions),
                f"{mentions}&questions=yes",
                "message-circle-question-mark",
            )

    def _next_step(self) -> Iterator[Waiting]:
        for step in found_steps(organization=self.organization, limit=1):
            words = put_in_words(step)
            yield Waiting(words.finding, words.address, "arrow-right")

    def _address(self, name: str) -> str:
        return reverse(name, args=[self.organization.slug])


def read_businesses(*, user: User, memberships: Sequence[Membership], now: datetime) -> list[Business]:
    """These of a person's businesses, in their order; one that is closed to them is not looked at."""
    closed: set[int] = set()
    if any(membership.organization.requires_two_factor for membership in memberships):
        asking = {each.organization_id for each in memberships if each.organization.requires_two_factor}
        closed = set() if has_second_factor(user=user) else asking
    found = [each.organization_id for each in memberships if each.organization_id not in closed]
    brands: defaultdict[int, list[Brand]] = defaultdict(list)
    for brand in Brand.objects.filter(organization__in=found).order_by("pk"):
        brands[brand.organization_id].append(brand)
    return [
        Business(
            membership=each,
            brands=sorted(brands[each.organization_id], key=lambda brand: brand.kind != BrandKind.OWN),
            is_closed=each.organization_id in closed,
            now=now,
        )
        for each in memberships
    ]


def _told(text: str, number: int) -> str:
    return text % {"number": format_number(number), "days": format_number(RECENT_DAYS)}
