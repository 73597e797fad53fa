"""All parts of the goals page. Each is read once, when it is first asked for, from rollups only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Organization
from monitoring.conversions.charts import draw_days, draw_progress
from monitoring.conversions.comparing import Comparison, compare_models
from monitoring.conversions.goals_page.answer import say_brought, say_return, say_terms, say_why_no_return
from monitoring.conversions.goals_page.cards import GoalCard, read_cards
from monitoring.conversions.goals_page.funnel import ENOUGH_FOR_RATES, Funnel
from monitoring.conversions.goals_page.sources import GROUPINGS, Sources
from monitoring.conversions.models import Assumptions, CreditModel, Goal, Kind
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.parts_behind import PartsBehind
from monitoring.conversions.planning import PlanForm, plan_of
from monitoring.conversions.selectors.attention import read_attention
from monitoring.conversions.selectors.counting import Answer, answer_numbers, conversions_per_day, what_counts
from monitoring.conversions.selectors.credits import credits_by
from monitoring.conversions.selectors.earned import Earned, read_earned
from monitoring.conversions.selectors.ledger import NOT_KNOWN
from monitoring.conversions.selectors.returns import Return, find_assumptions, read_return
from monitoring.lib.charts import Chart
from monitoring.lib.periods import Period
from monitoring.listening.models import BrandKind
from monitoring.listening.showing.choosing import Choice


@dataclass(frozen=True)
class GoalsPage:
    choice: Choice
    now: datetime
    model: CreditModel = CreditModel.LAST
    grouping: str = "platform"

    @property
    def organization(self) -> Organization:
        return self.choice.organization

    @property
    def period(self) -> Period:
        return self.choice.period

    @cached_property
    def cards(self) -> list[GoalCard]:
        return read_cards(organization=self.organization, now=self.now)

    @property
    def main(self) -> GoalCard | None:
        return next((card for card in self.cards if card.goal.is_main), None)

    @property
    def goal(self) -> Goal | None:
        return self.main.goal if self.main else None

    @property
    def kind(self) -> str:
        return what_counts(self.goal).kind

    @property
    def kind_said(self) -> str:
        return kind_label(self.kind)

    @cached_property
    def answer(self) -> Answer:
        return answer_numbers(
            organization=self.organization, period=self.period, kind=self.kind, before=self.choice.compared
        )

    @cached_property
    def earned(self) -> Earned:
        return read_earned(
            organization=self.organization,
            period=self.period,
            kind=self.kind,
            now=self.now,
            assumptions=self._assumptions,
        )

    @cached_property
    def _returned(self) -> Return:
        """The same with the rows it is made of."""
        return read_return(
            organization=self.organization, period=self.period, now=self.now, assumptions=self._assumptions
        )

    @cached_property
    def _assumptions(self) -> Assumptions:
        return find_assumptions(organization=self.organization)

    @cached_property
    def compared(self) -> Comparison:
        """What each model says brought it."""
        return compare_models(
            organization=self.organization,
            period=self.period,
            kind=self.kind,
            assumptions=self._assumptions,
        )

    @property
    def headline(self) -> str:
        return (
            say_return(self.earned)
            if self.earned.total.claims_return
            else say_brought(self.answer, self.period)
        )

    @property
    def reason(self) -> str:
        return say_terms(self.earned) if self.earned.total.claims_return else say_why_no_return(self.earned)

    @cached_property
    def plan_form(self) -> PlanForm:
        return PlanForm(
            self.choice.parameters, real=plan_of(self.earned.total), currency=self.organization.currency
        )

    @cached_property
    def funnel(self) -> Funnel:
        own = [brand for brand in self.choice.brands if brand.kind == BrandKind.OWN]
        seen = read_attention(organization=self.organization, brands=own, period=self.period, now=self.now)
        return Funnel(seen, self.earned.visits, self.earned.led_to, self.kind)

    @cached_property
    def sources(self) -> Sources:
        credited = credits_by(
            organization=self.organization,
            period=self.period,
            model=self.model,
            by=GROUPINGS[self.grouping],
            kind=self.kind,
        )
        return Sources(
            self.organization,
            credited,
            self._returned,
            self.model,
            self.grouping,
            PartsBehind.of(self.organization, self.period, self.kind),
        )

    @property
    def days_query(self) -> str:
        """What the address of their file ends with."""
        return self.choice.address(more=None)

    @property
    def funnel_query(self) -> str:
        return self.choice.address(of="funnel", more=None)

    @property
    def sources_query(self) -> str:
        return self.choice.address(of="sources", more=None)

    @property
    def models_query(self) -> str:
        return self.choice.address(of="models", more=None)

    @property
    def channels_query(self) -> str:
        return self.choice.address(of="channels", more=None)

    @property
    def progress_chart(self) -> Chart | None:
        return draw_progress(self.main.progress) if self.main else None

    @cached_property
    def days_chart(self) -> Chart:
        counted, spans = what_counts(self.goal), (self.period, self.choice.compared)
        now, before = (
            conversions_per_day(organization=self.organization, period=span, counted=counted)
            for span in spans
        )
        return draw_days(self.goal, self.period, now, list(before.values()))

    @cached_property
    def channels(self) -> list[dict[str, object]]:
        """How many each channel brought, most first, not asked last."""
        numbers = {channel: number for channel, number in self.answer.now.by_channel.items() if number > 0}
        total, most = sum(numbers.values()), max(numbers.values(), default=1)
        ranked = sorted(numbers.items(), key=lambda entry: (entry[0] == "", -entry[1], entry[0]))
        return [
            {
                "label": channel_label(channel),
                "number": number,
                "before": self.answer.before.by_channel.get(channel, 0),
                "share": Decimal(number) / total if total >= ENOUGH_FOR_RATES else None,
                "bar": number / most,
                "address": self._rows_of(channel),
            }
            for channel, number in ranked
        ]

    def _rows_of(self, channel: str) -> str:
        """What was counted under a channel in the period, each of them; visits are counted, and listed nowhere."""
        if self.kind == Kind.VISIT:
            return ""
        days = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        wanted = {"kind": self.kind, "channel": channel or NOT_KNOWN, "voided": "no"}
        address = reverse("conversions:conversions", args=[self.organization.slug])
        return f"{address}?{urlencode(days | wanted)}"
