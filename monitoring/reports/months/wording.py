"""A month in sentences and charts. Without money no amount, no number of orders and no target is said, drawn or sent:
what remains are shares, and what anybody could count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_skeleton
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.audience.selectors.engagement import count_posts
from monitoring.conversions.charts import say_in
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.wording import say_goal
from monitoring.lib.charts import Chart, Series, TimeAxis, draw_chart
from monitoring.lib.figures import UNKNOWN, Number, format_number, format_share, reader_locale
from monitoring.listening.selectors.counts import FEW_MENTIONS
from monitoring.reports.months.content import Month
from monitoring.reports.naming import name_brought

FEW_ORDERS = 10  # below, a change is not told as a share
_STEP = Decimal(10)  # shares of the best day are rounded to tens, or they would tell how many it had


@dataclass(frozen=True, kw_only=True)
class Figure:
    label: str
    value: int | None
    change: float | None = None
    note: str


def name_month(first_day: date) -> str:
    return format_skeleton("yMMMM", first_day, locale=reader_locale())


def say_answer(month: Month, *, shows_money: bool) -> str:
    """The one sentence at the top."""
    answer, name = month.answer, name_month(month.first_day)
    if shows_money and not answer.now.social_number:
        return _("In %(month)s nothing is known to have come from social media.") % {"month": name}
    if shows_money:
        brought = name_brought(answer, answer.now)
        return _("In %(month)s social media brought %(brought)s.") % {"month": name, "brought": brought}
    if month.goal_share is not None:
        facts = {"month": name, "share": format_share(month.goal_share)}
        return _("In %(month)s %(share)s of the goal was reached.") % facts
    mentions = month.counts.total.mentions
    said = ngettext(
        "In %(month)s %(number)s post spoke about %(business)s.",
        "In %(month)s %(number)s posts spoke about %(business)s.",
        mentions,
    )
    facts = {"month": name, "number": format_number(mentions), "business": month.organization.name}
    return said % facts


def say_compared(month: Month, *, shows_money: bool) -> str:
    """Against the month before, once the month is over."""
    if not month.is_over:
        return _("The month is not over: these are its figures until %(day)s.") % {
            "day": date_format(month.today)
        }
    now, before = month.answer.now.social_number, month.answer.before.social_number
    facts = {
        "month": name_month(month.before.first),
        "before": name_brought(month.answer, month.answer.before),
    }
    if min(now, before) >= FEW_ORDERS:
        facts["change"] = format_share(abs(now - before) / before)
        return _size(now, before) % facts
    return _("%(month)s: %(before)s.") % facts if shows_money else ""


def _size(now: int, before: int) -> str:
    if now == before:
        return _("Social media brought as much as in %(month)s.")
    if now > before:
        return _("Social media brought %(change)s more than in %(month)s.")
    return _("Social media brought %(change)s less than in %(month)s.")


def say_month_goal(month: Month, *, shows_money: bool) -> str:
    if month.goal is None:
        return ""
    return _("of the goal: %(goal)s") % {"goal": say_goal(month.goal)} if shows_money else _("of the goal")


def list_figures(month: Month) -> list[Figure]:
    total, before = month.counts.total, month.volume_before.mentions
    enough = month.is_over and min(total.mentions, before) >= FEW_MENTIONS
    known = [value for _day, value in month.engagement if value is not None]
    return [
        Figure(
            label=_("Mentions"),
            value=total.mentions,
            change=(total.mentions - before) / before if enough else None,
            note=_("posts about us"),
        ),
        Figure(
            label=_("Engagement"),
            value=sum(known) if known else None,
            note=_("likes, replies, shares, quotes"),
        ),
        Figure(label=_("New followers"), value=month.new_followers, note=_("on our own profiles")),
        Figure(
            label=_("Posts"),
            value=count_posts(organization=month.organization, period=month.period),
            note=_("published by us"),
        ),
    ]


def draw_engagement(month: Month, axis: TimeAxis) -> Chart:
    values = [value for _day, value in month.engagement]
    series = Series(label=_("Engagement"), values=values, kind="line", color="text-2", fill=True)
    return draw_chart(axis, [series], hide_x=True)


def draw_conversions(month: Month, axis: TimeAxis, *, shows_money: bool) -> Chart:
    label = conversions_label(month, shows_money=shows_money)
    values = brought_by_day(month, shows_money=shows_money)
    if shows_money:
        return draw_chart(axis, [Series(label=label, values=values)], say=say_in(month.goal))
    summary = _("%(label)s: each day beside the best one, rounded to tens.") % {"label": label}
    return draw_chart(axis, [Series(label=label, values=values)], say=_say_percent(), summary=summary)


def brought_by_day(month: Month, *, shows_money: bool) -> Sequence[Number | None]:
    """What the goal counts, or without money each day's share of the best one, in percent."""
    values = [None if day in month.days_to_come else value for day, value in month.brought.items()]
    return values if shows_money else _shares_of_best(values)


def conversions_label(month: Month, *, shows_money: bool) -> str:
    goal = month.goal
    counted = kind_label(goal.counts) if goal else _("Orders")
    if not shows_money:
        return _("%(counted)s, the best day is 100%%") % {"counted": counted}
    if goal is None or not goal.is_money:
        return counted
    return _("%(counted)s in %(currency)s") % {"counted": counted, "currency": goal.currency}


def _shares_of_best(values: list[Decimal | None]) -> list[Number | None]:
    best = max((value for value in values if value is not None), default=Decimal(0))
    if best <= 0:
        return [None if value is None else 0 for value in values]
    return [
        None
        if value is None
        else int((value * 100 / best / _STEP).quantize(Decimal(1), ROUND_HALF_UP) * _STEP)
        for value in values
    ]


def _say_percent() -> Callable[[Number | None], str]:
    return lambda value: UNKNOWN if value is None else format_share(value / 100)


def draw_volume(month: Month, axis: TimeAxis) -> Chart:
    series = [
        Series(label=label, values=tone_by_day(month, name), color=f"{color}-fill")
        for name, label, color in name_tones()
    ]
    return draw_chart(axis, series, stacked=True)


def name_tones() -> list[tuple[str, str, str]]:
    """Each with its label and its color."""
    return [
        ("positive", _("Positive"), "pos"),
        ("neutral", _("Neutral"), "neu"),
        ("negative", _("Negative"), "neg"),
    ]


def tone_by_day(month: Month, name: str) -> list[int | None]:
    days = {day: getattr(volume, name) for day, volume in month.counts.days.items()}
    return [days.get(day, None if day in month.unknown_days else 0) for day in month.period.each_day()]


def title_volume(month: Month) -> str:
    total = month.counts.total
    if not total.mentions:
        return _("Nobody was heard speaking about us")
    said = ngettext("%(number)s post about us", "%(number)s posts about us", total.mentions)
    said %= {"number": format_number(total.mentions)}
    if total.mentions < FEW_MENTIONS:
        return said
    facts = {"posts": said, "share": format_share(total.positive / total.mentions)}
    return _("%(posts)s, %(share)s of them positive") % facts


def title_followers(month: Month) -> str:
    gained = month.new_followers
    if gained is None or gained <= 0:
        return _("Who follows us")
    said = ngettext("%(number)s new follower", "%(number)s new followers", gained)
    return said % {"number": format_number(gained)}
