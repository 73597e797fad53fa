"""What to do next: at most three steps. What is broken comes first, then what the rules of the strategy found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import SetupStep
from accounts.permissions import Act, may
from monitoring.dashboard.overview import Overview
from monitoring.lib.figures import format_number
from monitoring.platforms.registry import connector_class
from monitoring.privacy.author_requests import count_waiting_requests
from monitoring.strategy.models import Step
from monitoring.strategy.rules import AddProfiles, SetGoal
from monitoring.strategy.selectors import open_steps
from monitoring.strategy.wording import put_in_words

MOST = 3
PATIENCE = timedelta(days=1)
ASKED_AT_FIRST = {SetGoal.slug, AddProfiles.slug}  # by the first minutes, while they are open


@dataclass(frozen=True)
class NextStep:
    finding: str
    reason: str
    act: str
    address: str
    step: Step | None = None  # found by a rule: it can be put aside, and is judged later


def next_steps(*, overview: Overview, role: str) -> list[NextStep]:
    """For a member with this role: what only others may do is not shown."""
    steps = (
        *_unfinished(overview),
        *(authors_who_ask(overview=overview) if may(role, Act.GUARD_PRIVACY) else ()),
        *what_is_broken(overview=overview),
        *_what_rules_found(overview),
    )
    return list(steps)[:MOST]


def _address(overview: Overview, name: str, query: str = "") -> str:
    return reverse(name, args=[overview.organization.slug]) + query


def authors_who_ask(*, overview: Overview) -> Iterator[NextStep]:
    """People who want to see or erase what is stored about them, and have not been answered."""
    waiting = count_waiting_requests(organization=overview.organization)
    if waiting:
        said = ngettext(
            "%(number)s author asks about their data", "%(number)s authors ask about their data", waiting
        )
        yield NextStep(
            said % {"number": format_number(waiting)},
            _("The law mostly gives you a month to answer."),
            _("Answer"),
            _address(overview, "privacy:authors"),
        )


def _unfinished(overview: Overview) -> Iterator[NextStep]:
    if overview.organization.setup_step != SetupStep.DONE:
        yield NextStep(
            _("Finish setting up"),
            _("A few questions are open. Each can be skipped."),
            _("Go on"),
            _address(overview, "dashboard:resume"),
        )


def what_is_broken(*, overview: Overview) -> Iterator[NextStep]:
    """Platforms of which nothing can be read any more."""
    for health in overview.watch.health():
        heard_of = health.covered_until or overview.organization.created_at
        if health.failing == health.sources and overview.now - heard_of > PATIENCE:
            name = connector_class(health.platform).platform.name
            yield NextStep(
                _("%(platform)s is not being read") % {"platform": name},
                health.error or _("Its charts have a gap until it works again."),
                _("See what is wrong"),
                _address(overview, "listening:sources"),
            )


def _what_rules_found(overview: Overview) -> Iterator[NextStep]:
    is_set_up = overview.organization.setup_step == SetupStep.DONE
    for step in open_steps(organization=overview.organization, now=overview.now):
        if step.rule in ASKED_AT_FIRST and not is_set_up:
            continue
        words = put_in_words(step)
        yield NextStep(words.finding, words.reason, words.act, words.address, step)
