"""What to do next: at most three steps, the most useful first. Each has a finding, a reason and one way on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import SetupStep
from monitoring.dashboard.overview import Overview
from monitoring.lib.figures import format_number
from monitoring.listening.selectors.coverage import platform_health
from monitoring.platforms.registry import connector_class

MOST = 3
PATIENCE = timedelta(days=1)


@dataclass(frozen=True)
class NextStep:
    finding: str
    reason: str
    act: str
    address: str


def next_steps(*, overview: Overview) -> list[NextStep]:
    steps = (
        *_unfinished(overview),
        *_what_is_broken(overview),
        *_who_waits(overview),
        *_what_is_missing(overview),
    )
    return list(steps)[:MOST]


def _address(overview: Overview, name: str, query: str = "") -> str:
    return reverse(name, args=[overview.organization.slug]) + query


def _unfinished(overview: Overview) -> Iterator[NextStep]:
    if overview.organization.setup_step != SetupStep.DONE:
        yield NextStep(
            _("Finish setting up"),
            _("A few questions are open. Each can be skipped."),
            _("Go on"),
            _address(overview, "dashboard:resume"),
        )


def _what_is_broken(overview: Overview) -> Iterator[NextStep]:
    for health in platform_health(organization=overview.organization):
        silent_for = overview.now - health.covered_until if health.covered_until else PATIENCE
        if health.failing == health.sources and silent_for > PATIENCE:
            name = connector_class(health.platform).platform.name
            yield NextStep(
                _("%(platform)s is not being read") % {"platform": name},
                health.error or _("Its charts have a gap until it works again."),
                _("See what is wrong"),
                _address(overview, "listening:sources"),
            )


def _who_waits(overview: Overview) -> Iterator[NextStep]:
    recent = overview.last_week
    brand = f"?brand={overview.brand.pk}&period=7d"
    if recent.negative:
        yield NextStep(
            ngettext("Read %(number)s unhappy post", "Read %(number)s unhappy posts", recent.negative)
            % {"number": format_number(recent.negative)},
            _("From the last 7 days. An answer within the day turns most of them around."),
            _("Read them"),
            _address(overview, "listening:mentions", f"{brand}&tone=negative"),
        )
    if recent.questions:
        yield NextStep(
            ngettext("Look at %(number)s question", "Look at %(number)s questions", recent.questions)
            % {"number": format_number(recent.questions)},
            _("People asked something in posts about %(brand)s in the last 7 days.")
            % {"brand": overview.brand.name},
            _("See the questions"),
            _address(overview, "listening:mentions", f"{brand}&questions=yes"),
        )


def _what_is_missing(overview: Overview) -> Iterator[NextStep]:
    if overview.goal is None:
        yield NextStep(
            _("Say what social media should bring"),
            _("With one goal, such as 40 orders a month, every chart shows whether it pays."),
            _("Set a goal"),
            _address(overview, "conversions:change_goal"),
        )
    elif not overview.answer.now.number:
        yield NextStep(
            _("Count the first customer"),
            _(
                "One tap at the till, or a tracked link in your next post, and this page knows what social brings."
            ),
            _("Open the counter"),
            _address(overview, "conversions:counter"),
        )
    if not overview.own_profiles:
        yield NextStep(
            _("Add your own profiles"),
            _("Then you see how many follow you and what your posts bring."),
            _("Add a profile"),
            _address(overview, "audience:audience"),
        )
