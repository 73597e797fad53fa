"""Goals and their standing in sentences."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.conversions.models import Cadence, Goal, Kind
from monitoring.conversions.selectors.goals import Progress, Standing
from monitoring.lib.figures import format_money, format_number


def say_amount(value: Decimal, goal: Goal | None) -> str:
    """A bare figure: "12" or "€1,830". Shares of a conversion, as in a pace, keep one decimal."""
    if goal is not None and goal.is_money:
        return format_money(value.quantize(Decimal("0.01"), ROUND_HALF_UP), goal.currency)
    return format_number(value.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize())


def say_counted(number: Decimal, kind: str) -> str:
    """A number with its noun: "1 order", "42 orders"."""
    whole = int(number)
    texts: dict[str, str] = {
        Kind.ORDER: ngettext("%(number)s order", "%(number)s orders", whole),
        Kind.LEAD: ngettext("%(number)s lead", "%(number)s leads", whole),
        Kind.VISIT: ngettext("%(number)s visit", "%(number)s visits", whole),
        Kind.SIGNUP: ngettext("%(number)s sign-up", "%(number)s sign-ups", whole),
        Kind.CALL: ngettext("%(number)s call", "%(number)s calls", whole),
        Kind.BOOKING: ngettext("%(number)s booking", "%(number)s bookings", whole),
        Kind.STORE_VISIT: ngettext("%(number)s store visit", "%(number)s store visits", whole),
    }
    return texts.get(kind, "%(number)s × %(kind)s") % {"number": format_number(whole), "kind": kind}


def say_reached(value: Decimal, goal: Goal) -> str:
    """ "42 orders", "€1,830 of sales"."""
    if not goal.is_money:
        return say_counted(value, goal.counts)
    texts: dict[str, str] = {
        Kind.ORDER: _("%(money)s of sales"),
        Kind.LEAD: _("leads worth %(money)s"),
        Kind.BOOKING: _("bookings worth %(money)s"),
    }
    said = texts.get(goal.counts, _("%(kind)s worth %(money)s"))
    return said % {"money": say_amount(value, goal), "kind": goal.counts}


def say_goal(goal: Goal) -> str:
    """ "40 orders every month, from social media only"."""
    texts = {
        (Cadence.QUARTER, False): _("%(target)s every quarter"),
        (Cadence.QUARTER, True): _("%(target)s every quarter, from social media only"),
        (Cadence.ONCE, False): _("%(target)s from %(first)s to %(last)s"),
        (Cadence.ONCE, True): _("%(target)s from %(first)s to %(last)s, from social media only"),
        (Cadence.WEEK, False): _("%(target)s every week"),
        (Cadence.WEEK, True): _("%(target)s every week, from social media only"),
        (Cadence.MONTH, False): _("%(target)s every month"),
        (Cadence.MONTH, True): _("%(target)s every month, from social media only"),
    }
    facts = {
        "target": say_reached(goal.target, goal),
        "first": date_format(goal.first_day) if goal.first_day else "",
        "last": date_format(goal.last_day) if goal.last_day else "",
    }
    return texts[Cadence(goal.cadence), bool(goal.channels)] % facts


def name_standing(standing: Standing) -> str:
    """The finding above the chart."""
    texts = {
        Standing.REACHED: _("Your goal is reached"),
        Standing.TOO_EARLY: _("Too early to say"),
        Standing.AHEAD: _("Ahead of an even pace"),
        Standing.BEHIND: _("Behind an even pace"),
    }
    return texts[standing]


def say_standing(progress: Progress) -> str:
    """How it goes and what is needed, in one or two sentences."""
    goal = progress.goal
    left = ngettext(
        "%(days)s day left, today included.", "%(days)s days left, today included.", progress.days_left
    )
    facts = {
        "days": format_number(progress.days_left),
        "gap": say_reached(
            abs(progress.reached - progress.expected).quantize(Decimal(1), ROUND_HALF_UP), goal
        ),
        "needed": say_amount(progress.needed_a_day, goal),
    }
    texts = {
        Standing.REACHED: _("You reached your goal."),
        Standing.TOO_EARLY: _("The period has only begun: too early to say.") + " " + left,
        Standing.AHEAD: _("%(gap)s ahead of an even pace.") + " " + left,
        Standing.BEHIND: _("%(gap)s behind an even pace. %(needed)s a day would still do it.") + " " + left,
    }
    return texts[progress.standing] % facts
