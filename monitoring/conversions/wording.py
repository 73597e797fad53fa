"""Goals and their standing in sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_skeleton
from babel.lists import format_list
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.conversions.models import Cadence, Goal, Kind
from monitoring.conversions.models.channels import SOCIAL, channel_label
from monitoring.conversions.selectors.forecast import Prospect
from monitoring.conversions.selectors.goals import Progress, Standing
from monitoring.lib.figures import format_money, format_number, reader_locale

_COUNTED: Final[dict[str, Callable[[int], str]]] = {
    Kind.ORDER: lambda whole: ngettext("%(number)s order", "%(number)s orders", whole),
    Kind.LEAD: lambda whole: ngettext("%(number)s lead", "%(number)s leads", whole),
    Kind.VISIT: lambda whole: ngettext("%(number)s visit", "%(number)s visits", whole),
    Kind.SIGNUP: lambda whole: ngettext("%(number)s sign-up", "%(number)s sign-ups", whole),
    Kind.CALL: lambda whole: ngettext("%(number)s call", "%(number)s calls", whole),
    Kind.BOOKING: lambda whole: ngettext("%(number)s booking", "%(number)s bookings", whole),
    Kind.STORE_VISIT: lambda whole: ngettext("%(number)s store visit", "%(number)s store visits", whole),
}
# Looked up in the reader's language one by one, for of each table a sentence takes one.
_WORTH: Final = {
    Kind.ORDER: gettext_lazy("%(money)s of sales"),
    Kind.LEAD: gettext_lazy("leads worth %(money)s"),
    Kind.BOOKING: gettext_lazy("bookings worth %(money)s"),
}
_EVERY: Final = {
    Cadence.WEEK: gettext_lazy("%(target)s every week"),
    Cadence.MONTH: gettext_lazy("%(target)s every month"),
    Cadence.QUARTER: gettext_lazy("%(target)s every quarter"),
    Cadence.ONCE: gettext_lazy("%(target)s from %(first)s to %(last)s"),
}
_PROSPECTS: Final = {
    Prospect.LIKELY: gettext_lazy("Your goal is likely."),
    Prospect.OPEN: gettext_lazy("It may go either way."),
    Prospect.UNLIKELY: gettext_lazy("Your goal is unlikely at this pace."),
}
_STANDING_TITLES: Final = {
    Standing.REACHED: gettext_lazy("Your goal is reached"),
    Standing.TOO_EARLY: gettext_lazy("Too early to say"),
    Standing.AHEAD: gettext_lazy("Ahead of an even pace"),
    Standing.BEHIND: gettext_lazy("Behind an even pace"),
    Standing.NOT_BEGUN: gettext_lazy("Not begun yet"),
    Standing.MISSED: gettext_lazy("Not reached"),
}
_STANDINGS: Final = {
    Standing.REACHED: gettext_lazy("You reached your goal."),
    Standing.TOO_EARLY: gettext_lazy("The period has only begun: too early to say."),
    Standing.NOT_BEGUN: gettext_lazy("It begins on %(first)s."),
    Standing.MISSED: gettext_lazy("The time is over, %(to_go)s short."),
    Standing.AHEAD: gettext_lazy("%(gap)s ahead of an even pace."),
    Standing.BEHIND: gettext_lazy("%(gap)s behind an even pace. %(needed)s a day would still do it."),
}
_GOES_ON: Final = {Standing.TOO_EARLY, Standing.AHEAD, Standing.BEHIND}


def say_amount(value: Decimal, goal: Goal | None) -> str:
    """A bare figure: "12" or "€1,830". Shares of a conversion, as in a pace, keep one decimal."""
    if goal is not None and goal.is_money:
        return format_money(value.quantize(Decimal("0.01"), ROUND_HALF_UP), goal.currency)
    return format_number(value.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize())


def say_counted(number: Decimal, kind: str) -> str:
    """A number with its noun: "1 order", "42 orders"."""
    whole = int(number)
    said = _COUNTED[kind](whole) if kind in _COUNTED else "%(number)s × %(kind)s"
    return said % {"number": format_number(whole), "kind": kind}


def say_reached(value: Decimal, goal: Goal) -> str:
    """ "42 orders", "€1,830 of sales"."""
    if not goal.is_money:
        return say_counted(value, goal.counts)
    said = _WORTH[Kind(goal.counts)] if goal.counts in _WORTH else _("%(kind)s worth %(money)s")
    return said % {"money": say_amount(value, goal), "kind": goal.counts}


def say_goal(goal: Goal) -> str:
    """ "40 orders every month, from social media only"."""
    said = _EVERY[Cadence(goal.cadence)] % {
        "target": say_reached(goal.target, goal),
        "first": date_format(goal.first_day) if goal.first_day else "",
        "last": date_format(goal.last_day) if goal.last_day else "",
    }
    if not goal.channels:
        return said
    if set(goal.channels) == set(SOCIAL):
        return _("%(goal)s, from social media only") % {"goal": said}
    labels = format_list([channel_label(channel) for channel in goal.channels], locale=reader_locale())
    return _("%(goal)s, from %(channels)s only") % {"goal": said, "channels": labels}


def name_period(goal: Goal, first: date, last: date) -> str:
    """The goal's period in the reader's words: "June 2026", "Q2 2026", "Week from 1 June"."""
    if goal.cadence == Cadence.WEEK:
        return _("Week from %(day)s") % {"day": _name_dates("MMMd", first, reader_locale())}
    if goal.cadence == Cadence.ONCE:
        return f"{date_format(first)} – {date_format(last)}"
    skeleton = "yQQQ" if goal.cadence == Cadence.QUARTER else "yMMMM"
    return _name_dates(skeleton, first, reader_locale())


@lru_cache(maxsize=1024)
def _name_dates(skeleton: str, day: date, locale: str) -> str:
    return format_skeleton(skeleton, day, locale=locale)


def say_forecast(progress: Progress) -> str:
    """An estimate looks like one: "~46 orders by the end, between 41 and 52 in eight cases of ten. …"."""
    goal, forecast = progress.goal, progress.forecast
    if forecast is None:
        return _("Where it will end: too early to say.") if progress.days_left else ""
    if forecast.low == forecast.high:
        return ""
    estimate = _("~%(likely)s by the end; in eight cases of ten between %(low)s and %(high)s.") % {
        "likely": say_reached(forecast.likely, goal),
        "low": say_amount(forecast.low, goal),
        "high": say_amount(forecast.high, goal),
    }
    if progress.standing == Standing.REACHED:
        return estimate
    return f"{estimate} {_PROSPECTS[forecast.prospect(goal.target)]}"


def name_standing(standing: Standing) -> str:
    """The finding above the chart."""
    return str(_STANDING_TITLES[standing])


def say_standing(progress: Progress) -> str:
    """How it goes and what is needed, in one or two sentences."""
    said = str(_STANDINGS[progress.standing])
    if progress.standing in _GOES_ON:
        said += " " + ngettext(
            "%(days)s day left, today included.", "%(days)s days left, today included.", progress.days_left
        )
    return said % _Facts(progress)


class _Facts(dict[str, str]):
    """What a sentence about a standing may name, put in words when it does."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def __missing__(self, name: str) -> str:
        progress, goal = self._progress, self._progress.goal
        match name:
            case "days":
                return format_number(progress.days_left)
            case "gap":
                gap = abs(progress.reached - progress.expected)
                return say_reached(gap.quantize(Decimal(1), ROUND_HALF_UP), goal)
            case "needed":
                return say_amount(progress.needed_a_day, goal)
            case "first":
                return date_format(progress.period.first)
            case "to_go":
                return say_reached(progress.to_go, goal)
        raise KeyError(name)
