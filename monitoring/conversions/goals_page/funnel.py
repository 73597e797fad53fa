"""From people who saw a post to what they did: only the steps that somebody can know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.conversions.models import Kind
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.selectors.attention import Attention
from monitoring.lib.figures import format_number, format_share, roughly

ENOUGH_FOR_RATES = 30


@dataclass(frozen=True, kw_only=True)
class Step:
    """`length` is that of its bar, on a logarithmic scale. `rate` tells about the step before."""

    label: str
    note: str
    number: int | None
    length: float
    is_estimate: bool = False
    is_ours: bool = False
    rate: str = ""


@dataclass(frozen=True)
class Funnel:
    """Visits and what they led to come from social channels' links and tags: the last step lies within the one before.
    Engagement stands above as a line of its own: nobody knows which visitors had liked something.
    """

    attention: Attention
    visits: int
    ordered: Decimal  # whatever is counted, by last touch
    kind: str

    @property
    def rate(self) -> Decimal | None:
        """How many of the visits led to it; None where there are too few to tell."""
        if self.visits < ENOUGH_FOR_RATES or not 0 < self.ordered <= self.visits:
            return None
        return self.ordered / self.visits

    @property
    def title(self) -> str:
        if self.rate is None or self.kind != Kind.ORDER:
            return _("From people who saw a post to what they did")
        return _("One of %(number)s visitors ordered") % {"number": format_number(round(1 / self.rate))}

    @property
    def steps(self) -> list[Step]:
        seen, ordered = self.attention, int(self.ordered)
        length = _scale([seen.reached, seen.interactions, self.visits, ordered])
        rate = _("%(share)s of visits") % {"share": format_share(self.rate, 1)} if self.rate else ""
        return [
            Step(
                label=_("People reached"),
                note=_say_posts(seen),
                number=roughly(seen.reached) if seen.reached else None,
                length=length(seen.reached),
                is_estimate=True,
            ),
            Step(
                label=_("Engagement"),
                note=_say_interactions(seen),
                number=seen.interactions,
                length=length(seen.interactions),
            ),
            Step(
                label=_("Visits"),
                note=_("with a tracked link or a tag"),
                number=self.visits,
                length=length(self.visits),
            ),
            Step(
                label=kind_label(self.kind),
                note=_("by a link, a tag or a coupon"),
                number=ordered,
                length=length(ordered),
                is_ours=True,
                rate=rate,
            ),
        ]


def _scale(numbers: Sequence[int | None]) -> Callable[[int | None], float]:
    most = max((number for number in numbers if number), default=1)
    return lambda number: log(1 + max(0, number or 0)) / log(1 + most)


def _say_posts(seen: Attention) -> str:
    mentions = ngettext("%(number)s mention", "%(number)s mentions", seen.mentions)
    posts = ngettext("%(number)s post of yours", "%(number)s posts of yours", seen.posts)
    return _("by %(mentions)s and %(posts)s") % {
        "mentions": mentions % {"number": format_number(seen.mentions)},
        "posts": posts % {"number": format_number(seen.posts)},
    }


def _say_interactions(seen: Attention) -> str:
    if not seen.unknown_days:
        return _("likes, replies, shares, quotes")
    return ngettext(
        "likes, replies, shares, quotes; your posts were not read on %(days)s day",
        "likes, replies, shares, quotes; your posts were not read on %(days)s days",
        seen.unknown_days,
    ) % {"days": format_number(seen.unknown_days)}
