"""A step in the reader's words: what was seen, why it matters, and the one button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.audience.models import PublishedPost
from monitoring.audience.success import name_weekday
from monitoring.conversions.models.channels import channel_label
from monitoring.lib.figures import format_number
from monitoring.platforms.registry import connector_class
from monitoring.strategy.models import Step


@dataclass(frozen=True)
class Words:
    finding: str
    reason: str
    act: str
    address: str


def put_in_words(step: Step) -> Words:
    return _WORDS[step.rule](step, _Facts(step.evidence))


class _Facts(dict[str, Any]):
    """Evidence, its numbers as the reader writes them."""

    @property
    def said(self) -> Mapping[str, str]:
        return {
            name: format_number(value) if isinstance(value, int | float) else value
            for name, value in self.items()
        }


def _to(step: Step, name: str, **query: object) -> str:
    asked = f"?{urlencode(query)}" if query else ""
    return reverse(name, args=[step.organization.slug]) + asked


def _set_goal(step: Step, facts: _Facts) -> Words:
    return Words(
        _("Say what social media should bring"),
        _("With one goal, such as 40 orders a month, every chart shows whether it pays."),
        _("Set a goal"),
        _to(step, "conversions:change_goal"),
    )


def _count_customers(step: Step, facts: _Facts) -> Words:
    return Words(
        _("Count the first customer"),
        _(
            "One tap at the till, or a tracked link in your next post, and this page knows what social brings."
        ),
        _("Open the counter"),
        _to(step, "conversions:counter"),
    )


def _add_profiles(step: Step, facts: _Facts) -> Words:
    return Words(
        _("Add your own profiles"),
        _("Then you see how many follow you and what your posts bring."),
        _("Add a profile"),
        _to(step, "audience:audience"),
    )


def _make_link(step: Step, facts: _Facts) -> Words:
    return Words(
        _("Put a tracked link into your next post"),
        ngettext(
            "You published %(posts)s post in three months, and nobody can tell what it brought.",
            "You published %(posts)s posts in three months, and nobody can tell what they brought.",
            facts["posts"],
        )
        % facts.said,
        _("Make a link"),
        _to(step, "conversions:new_link"),
    )


def _answer_unhappy(step: Step, facts: _Facts) -> Words:
    return Words(
        ngettext("Read %(number)s unhappy post", "Read %(number)s unhappy posts", facts["number"])
        % facts.said,
        _("From the last 7 days, still open. An answer within the day turns most of them around."),
        _("Read them"),
        _to(step, "listening:mentions", brand=facts["brand"], period="7d", tone="negative", status="open"),
    )


def _answer_questions(step: Step, facts: _Facts) -> Words:
    return Words(
        ngettext("Answer %(number)s question", "Answer %(number)s questions", facts["number"]) % facts.said,
        _("Asked in posts about you in the last 7 days, and not marked as answered."),
        _("See the questions"),
        _to(step, "listening:mentions", brand=facts["brand"], period="7d", questions="yes", status="open"),
    )


def _post_kind(step: Step, facts: _Facts) -> Words:
    kind = {"kind": str(PublishedPost.Kind(step.subject).label).lower()}
    said = {**facts.said, **kind}
    if "weekday" in facts:
        finding = _("Post another %(kind)s on %(weekday)s") % {
            **kind,
            "weekday": name_weekday(facts["weekday"]),
        }
    else:
        finding = _("Post another %(kind)s") % kind
    if "orders" in facts:
        reason = _(
            "%(posts)s of your %(of_posts)s posts were of this kind. They brought %(orders)s of %(of_orders)s."
        )
    else:
        reason = _("%(posts)s of your %(of_posts)s posts were. They got %(times)s times the usual reactions.")
    return Words(finding, reason % said, _("See the posts"), _to(step, "audience:audience", period="90d"))


def _track_word(step: Step, facts: _Facts) -> Words:
    tag = "#" + facts["word"]
    return Words(
        _("Track “%(word)s”") % {"word": tag},
        ngettext(
            "%(number)s post about you used it last month, and none of your keywords names it.",
            "%(number)s posts about you used it last month, and none of your keywords names it.",
            facts["number"],
        )
        % facts.said,
        _("Add the keyword"),
        _to(step, "listening:new_keyword", q=tag),
    )


def _leave_platform(step: Step, facts: _Facts) -> Words:
    names = {"platform": connector_class(step.subject).platform.name, "best": channel_label(facts["best"])}
    return Words(
        _("Leave %(platform)s alone until %(best)s runs by itself") % names,
        ngettext(
            "%(posts)s post there in three months brought no visit that we know of. %(best)s brings customers.",
            "%(posts)s posts there in three months brought no visit that we know of. %(best)s brings customers.",
            facts["posts"],
        )
        % {**facts.said, **names},
        _("Compare the platforms"),
        _to(step, "audience:audience", period="90d"),
    )


_WORDS: Mapping[str, Callable[[Step, _Facts], Words]] = {
    "set_goal": _set_goal,
    "count_customers": _count_customers,
    "add_profiles": _add_profiles,
    "make_link": _make_link,
    "answer_unhappy": _answer_unhappy,
    "answer_questions": _answer_questions,
    "post_kind": _post_kind,
    "track_word": _track_word,
    "leave_platform": _leave_platform,
}
