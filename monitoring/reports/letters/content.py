"""What a letter tells, read from rollups; the quotes are the only rows it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from accounts.models import Membership, Organization
from monitoring.conversions.models import Goal
from monitoring.conversions.selectors.counting import Answer, answer_numbers, what_counts
from monitoring.conversions.selectors.goals import Progress, find_goal, read_progress
from monitoring.conversions.selectors.returns import Return, find_assumptions, read_return
from monitoring.lib.periods import Period, local_day
from monitoring.listening.models import Brand, BrandKind, Mention, MentionStatus
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.counts import Volume, sum_period
from monitoring.listening.selectors.coverage import Gap, read_coverage
from monitoring.reports.letters.timing import week_before
from monitoring.strategy.models import Step
from monitoring.strategy.selectors import open_steps

MOST_QUOTES = 3
_UNHAPPY = Q(tone=Tone.NEGATIVE)
_ASKING = Q(is_question=True)


@dataclass(frozen=True)
class LetterContent:
    """One member's week. Each figure is read once, when it is first asked for."""

    membership: Membership
    monday: date
    now: datetime

    @property
    def organization(self) -> Organization:
        return self.membership.organization

    @cached_property
    def week(self) -> Period:
        return week_before(self.monday, self.membership)

    @property
    def is_whole(self) -> bool:
        """East of the business Monday comes sooner: there Sunday may not be over."""
        return self.week.ends_at <= self.now

    @cached_property
    def goal(self) -> Goal | None:
        return find_goal(organization=self.organization)

    @cached_property
    def answer(self) -> Answer:
        return answer_numbers(
            organization=self.organization, period=self.week, kind=what_counts(self.goal).kind
        )

    @cached_property
    def progress(self) -> Progress | None:
        if self.goal is None:
            return None
        return read_progress(organization=self.organization, goal=self.goal, now=self.now)

    @cached_property
    def earned(self) -> Return | None:
        """Only where a margin is set: without one no return is claimed."""
        assumptions = find_assumptions(organization=self.organization)
        if assumptions.margin is None:
            return None
        found = read_return(
            organization=self.organization, period=self.week, now=self.now, assumptions=assumptions
        )
        return found if found.claims_return else None

    @cached_property
    def brands(self) -> list[Brand]:
        own = Brand.objects.filter(organization=self.organization, kind=BrandKind.OWN)
        return list(own.order_by("pk"))

    @cached_property
    def volume(self) -> Volume:
        return sum_period(brands=self.brands, period=self.week)

    @cached_property
    def unhappy_and_asking(self) -> tuple[int, int]:
        """Of those with whom nobody has dealt yet."""
        if not (self.volume.negative or self.volume.questions):
            return 0, 0
        counted = self._waiting.aggregate(
            unhappy=Count("pk", filter=_UNHAPPY), asking=Count("pk", filter=_ASKING)
        )
        return counted["unhappy"], counted["asking"]

    @cached_property
    def waiting(self) -> list[Mention]:
        """The latest who are unhappy or ask something: unhappy people first."""
        if not any(self.unhappy_and_asking):
            return []
        return list(self._waiting.defer("search").order_by("tone", "-published_at", "-pk")[:MOST_QUOTES])

    @property
    def _waiting(self) -> QuerySet[Mention]:
        return Mention.objects.filter(
            _UNHAPPY | _ASKING,
            organization=self.organization,
            brand__in=self.brands,
            published_at__gte=self.week.starts_at,
            published_at__lt=self.week.ends_at,
            status=MentionStatus.OPEN,
            deleted_at=None,
        )

    @cached_property
    def step(self) -> Step | None:
        steps = open_steps(organization=self.organization, now=self.now, limit=1)
        return steps[0] if steps else None

    @cached_property
    def gaps(self) -> list[Gap]:
        """Days that could not be read, but for those before anybody listened: they are no news."""
        if not self.brands:
            return []
        began_on = local_day(min(brand.created_at for brand in self.brands), self.week.zone)
        found = read_coverage(brands=self.brands, now=self.now).gaps(self.week)
        return [gap for gap in found if gap.last >= began_on]

    @property
    def brought(self) -> Decimal:
        return Decimal(self.answer.now.social_number)
