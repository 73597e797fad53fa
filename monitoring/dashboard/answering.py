"""The first sentence of the overview, and what it says about why. With few orders it counts and claims nothing."""

from __future__ import annotations

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.conversions.models.channels import SOCIAL, channel_label
from monitoring.conversions.wording import say_counted
from monitoring.dashboard.overview import Overview
from monitoring.lib.figures import format_money, format_number, format_share
from monitoring.lib.intervals import count_interval, differ
from monitoring.lib.periods import local_day

FEW_ORDERS = 30  # below, no share is told
TOO_FEW = 10  # orders: below, a change is told as a count, and nobody is said to have made it
CLEAR_PART = Decimal("0.5")  # of the change: a channel that made less of it is not its reason


def say_business(overview: Overview) -> SafeString | str:
    """ "Social media brought 42 orders and €1,830 in the last 30 days: 61% of the goal for these days.", or nothing."""
    answer = overview.answer
    if not answer.now.social_number:
        return ""
    brought = say_counted(Decimal(answer.now.social_number), answer.kind)
    parts = {"orders": format_html("<em>{}</em>", brought), "when": _when(overview)}
    money = format_html("<em>{}</em>", format_money(answer.now.social_amount, answer.currency))
    share = overview.goal_share
    if share is not None:
        parts["share"] = format_share(share)
    if answer.now.social_amount:
        parts["money"] = money
    # Translated as whole sentences: the order of the parts differs between languages.
    texts = {
        (True, True): _(
            "Social media brought {orders} and {money} {when}: {share} of the goal for these days."
        ),
        (True, False): _("Social media brought {orders} and {money} {when}."),
        (False, True): _("Social media brought {orders} {when}: {share} of the goal for these days."),
        (False, False): _("Social media brought {orders} {when}."),
    }
    return format_html(texts["money" in parts, "share" in parts], **parts)


def say_share_of_all(overview: Overview) -> str:
    """What that is of everything that was reported: "412 orders in all, 64% of them from social media." """
    now = overview.answer.now
    if not now.social_number or now.number <= now.social_number:
        return ""
    text = _("{orders} in all, social media or not.")
    if now.number >= FEW_ORDERS:
        text = _("{orders} in all, {share} of them from social media.")
    return text.format(
        orders=say_counted(Decimal(now.number), overview.answer.kind),
        share=format_share(now.social_number / now.number),
    )


def _when(overview: Overview) -> str:
    days = overview.period.days
    if overview.period.last == local_day(overview.now, overview.period.zone):
        return ngettext("today", "in the last %(days)s days", days) % {"days": format_number(days)}
    return ngettext("on that day", "in these %(days)s days", days) % {"days": format_number(days)}


def say_change(overview: Overview) -> str:
    """How that compares, and what made the difference, as far as the numbers carry it."""
    now, before = overview.answer.now.social_number, overview.answer.before.social_number
    if local_day(overview.organization.created_at, overview.period.zone) > overview.compared.first:
        return _("Too early to say how that compares: the time to compare with is not known.")
    if min(now, before) < TOO_FEW:
        return _("{before} {compared}: too early to say what changed.").format(
            before=format_number(before), compared=_compared(overview)
        )
    if not differ(count_interval(now), count_interval(before)):
        return _size(overview, now, before)
    return " ".join(sentence for sentence in (_size(overview, now, before), _reason(overview)) if sentence)


def _size(overview: Overview, now: int, before: int) -> str:
    if not differ(count_interval(now), count_interval(before)):
        text = _("As many as {compared}.") if now == before else _("About as many as {compared}: {before}.")
        return text.format(before=format_number(before), compared=_compared(overview))
    text = _("That is {change} less than {compared}.")
    if now > before:
        text = _("That is {change} more than {compared}.")
    return text.format(change=format_share(abs(now - before) / before), compared=_compared(overview))


def _compared(overview: Overview) -> str:
    if overview.compares_years:
        return _("in the same days a year before")
    days = overview.period.days
    return ngettext("on the day before", "in the %(days)s days before", days) % {"days": format_number(days)}


def _reason(overview: Overview) -> str:
    """The channel that made most of the difference, if one did."""
    now, before = overview.answer.now.by_channel, overview.answer.before.by_channel
    changes = {str(channel): now.get(channel, 0) - before.get(channel, 0) for channel in SOCIAL}
    whole = sum(changes.values())
    channel, change = max(changes.items(), key=lambda entry: entry[1] * (1 if whole > 0 else -1))
    if not whole or Decimal(change) / whole < CLEAR_PART:
        return ""
    text = _("{channel} made most of the difference: {number} more.")
    if change < 0:
        text = _("{channel} made most of the difference: {number} fewer.")
    return text.format(channel=channel_label(channel), number=format_number(abs(change)))
