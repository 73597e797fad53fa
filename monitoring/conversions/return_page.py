"""The return as pages show it: every figure rounded once, every term with its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.conversions.comparing import round_parts
from monitoring.conversions.models import Kind
from monitoring.conversions.money.exchange import LeftOut, UsedRate, round_money
from monitoring.conversions.parts_behind import ALL_SOCIAL, PartsBehind
from monitoring.conversions.selectors.returns import Return, Row, Terms
from monitoring.lib.figures import UNKNOWN, format_money, format_number, format_share

_ROWS = 12


@dataclass(frozen=True, kw_only=True)
class Line:
    """One term of the sum. `sign`: "+", "−" or "="."""

    sign: str
    label: str
    how: str
    amount: str
    address: str = ""  # of what it is made of, where that is a list


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    label: str
    address: str
    orders: str
    orders_address: str
    sales: str
    sales_address: str
    cost: str
    minutes: str
    returned: str


@dataclass(frozen=True, kw_only=True)
class Group:
    name: str
    title: str
    column: str
    rows: list[ShownRow]
    more: int  # rows that are not shown


@dataclass(frozen=True, kw_only=True)
class ShownReturn:
    """`headline` answers; `why` says what the answer rests on or what is missing for one."""

    headline: str
    why: str
    lines: list[Line]
    groups: list[Group]
    notes: list[str]
    needs_margin: bool
    is_empty: bool


def describe_return(found: Return) -> ShownReturn:
    return ShownReturn(
        headline=_headline(found),
        why=_why(found),
        lines=[] if found.total.is_empty else _lines(found),
        groups=_groups(found),
        notes=_notes(found),
        needs_margin=found.total.margin is None,
        is_empty=found.total.is_empty,
    )


@dataclass(frozen=True, kw_only=True)
class Week:
    said: str
    share: Decimal | None  # of the budget
    is_over: bool


def describe_week(minutes: int, budget: int | None) -> Week:
    if not budget:
        said = ngettext("%(number)s minute this week.", "%(number)s minutes this week.", minutes)
        return Week(said=said % {"number": format_number(minutes)}, share=None, is_over=False)
    said = ngettext(
        "%(number)s of %(budget)s minute this week.", "%(number)s of %(budget)s minutes this week.", budget
    )
    facts = {"number": format_number(minutes), "budget": format_number(budget)}
    return Week(said=said % facts, share=Decimal(minutes) / budget, is_over=minutes > budget)


def say_range(low: Decimal, high: Decimal, currency: str) -> str:
    """One amount, or two where they differ."""
    first, last = (format_money(round_money(amount, currency), currency) for amount in (low, high))
    return first if first == last else _("%(low)s to %(high)s") % {"low": first, "high": last}


def say_return(terms: Terms) -> str:
    """ "+42%", "−10% to +30%", or a dash where none is claimed."""
    if terms.return_low is None or terms.return_high is None:
        return UNKNOWN
    low, high = _signed(terms.return_low), _signed(terms.return_high)
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def _signed(share: Decimal) -> str:
    rounded = share.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{format_share(abs(rounded))}"


def _headline(found: Return) -> str:
    total, currency = found.total, found.currency
    if total.is_empty:
        return _("Nothing to set against each other yet")
    sales = say_range(total.sales_low, total.sales_high, currency)
    facts = {"sales": sales, "cost": _money(total.cost, currency), "returned": say_return(total)}
    if found.claims_return:
        return _("A return of %(returned)s: %(sales)s of sales for a cost of %(cost)s.") % facts
    if total.cost:
        return _("%(sales)s of sales for a cost of %(cost)s.") % facts
    return _("%(sales)s of sales. No cost was entered.") % facts


def _why(found: Return) -> str:
    if found.total.is_empty:
        return _("Sales come by themselves. Enter what you spend, and your margin.")
    if found.total.margin is None:
        return _("Without your margin nobody can say whether that paid off, so no return is claimed.")
    if not found.total.cost:
        return _("Without cost there is no return to compute.")
    if found.total.is_range:
        return _("From what the last touch shows to what customers say: the truth lies somewhere there.")
    return _("(Sales × margin − cost) ÷ cost, by last touch.")


def _lines(found: Return) -> list[Line]:
    total, currency = found.total, found.currency
    address = _behind(found, only_sales=True).address(channel=ALL_SOCIAL)
    return [*_earned(total, currency, address), *_spent(total, currency), *_result(found)]


def _behind(found: Return, *, kind: str = "", only_sales: bool = False) -> PartsBehind:
    return PartsBehind(found.organization, found.first, found.last, kind, only_sales)


def _earned(total: Terms, currency: str, address: str) -> list[Line]:
    said = (
        _("%(last)s by last touch, %(said)s by what customers said.")
        % {"last": _money(total.sales, currency), "said": _money(total.sales_said, currency)}
        if total.sales_said is not None
        else _("Credited by last touch. Nobody was asked how they heard of you.")
    )
    sales = Line(
        sign="",
        label=_("Sales"),
        how=said,
        amount=say_range(total.sales_low, total.sales_high, currency),
        address=address if total.sales else "",
    )
    if total.margin is None or total.earned_low is None or total.earned_high is None:
        return [sales]
    kept = Line(
        sign="+",
        label=_("Left of the sales"),
        how=_("× margin of %(margin)s") % {"margin": _share(total.margin)},
        amount=say_range(total.earned_low, total.earned_high, currency),
    )
    return [sales, kept]


def _spent(total: Terms, currency: str) -> list[Line]:
    minutes = _say_minutes(total.minutes)
    if total.hourly_rate is None:
        how = _("%(minutes)s, not counted: you did not say what an hour costs.") % {"minutes": minutes}
    else:
        rate = format_money(total.hourly_rate, currency)
        how = _("%(minutes)s × %(rate)s an hour") % {"minutes": minutes, "rate": rate}
    terms = (
        (_("Ads, boosts, samples"), _("What was entered for these days."), total.ad_spend),
        (_("Your time"), how, total.staff),
        (
            _("Paid platforms"),
            _("What their programs charged, each month spread over its days."),
            total.api_cost,
        ),
    )
    return [
        Line(sign="−", label=label, how=explained, amount=_money(amount, currency))
        for label, explained, amount in terms
    ]


def _say_minutes(minutes: int) -> str:
    said = ngettext("%(number)s minute", "%(number)s minutes", minutes)
    return said % {"number": format_number(minutes)}


def _result(found: Return) -> list[Line]:
    total = found.total
    if not found.claims_return or total.earned_low is None or total.earned_high is None:
        return []
    gain = say_range(total.earned_low - total.cost, total.earned_high - total.cost, found.currency)
    divided = _("÷ cost of %(cost)s") % {"cost": _money(total.cost, found.currency)}
    return [
        Line(sign="=", label=_("Gain"), how=_("What is left after all cost."), amount=gain),
        Line(sign="=", label=_("Return"), how=divided, amount=say_return(total)),
    ]


def _groups(found: Return) -> list[Group]:
    wanted = (
        ("platforms", _("By platform"), _("Platform"), "channel", found.by_platform),
        ("campaigns", _("By campaign"), _("Campaign"), "campaign", found.by_campaign),
        ("posts", _("By post"), _("Post"), "post", found.by_post),
    )
    return [
        Group(
            name=name,
            title=title,
            column=column,
            rows=[_shown(row, found, target) for row in rows[:_ROWS]],
            more=max(0, len(rows) - _ROWS),
        )
        for name, title, column, target, rows in wanted
        if any(row.key for row in rows)
    ]


def _shown(row: Row, found: Return, target: str) -> ShownRow:
    terms, currency = row.terms, found.currency
    named = {"channel": ALL_SOCIAL, target: row.key}
    return ShownRow(
        label=row.label,
        address=row.address,
        orders=format_number(round_parts(terms.orders)),
        orders_address=_behind(found, kind=Kind.ORDER).address(**named) if terms.orders else "",
        sales=say_range(terms.sales_low, terms.sales_high, currency),
        sales_address=_behind(found, only_sales=True).address(**named) if terms.sales else "",
        cost=_money(terms.cost, currency),
        minutes=format_number(terms.minutes),
        returned=say_return(terms),
    )


def _notes(found: Return) -> list[str]:
    currency = found.currency
    facts = {
        "unattributed": _money(found.unattributed, currency),
        "others": _money(found.other_channels, currency),
        "spend": _money(found.spend_elsewhere, currency),
        "minutes": _say_minutes(found.minutes_elsewhere),
    }
    told = (
        (
            found.unattributed,
            _("%(unattributed)s of sales are credited to nothing: nobody knows what brought them."),
        ),
        (found.other_channels, _("%(others)s of sales came from elsewhere, such as a friend or a flyer.")),
        (found.spend_elsewhere, _("%(spend)s spent elsewhere than on social media is not counted here.")),
        (found.minutes_elsewhere, _("%(minutes)s of work for something else: not counted here.")),
    )
    return [text % facts for amount, text in told if amount] + say_rates(found.rates, found.left_out)


def say_rates(rates: Iterable[UsedRate], left_out: Iterable[LeftOut]) -> list[str]:
    """Which rates a figure was made with, and what no rate was known for."""
    used = [_say_rate(rate) for rate in rates]
    missing = [
        _("%(amount)s is not counted: no rate is known. Enter one under Settings, Money.")
        % {"amount": format_money(each.amount, each.currency)}
        for each in left_out
    ]
    return used + missing


def _say_rate(rate: UsedRate) -> str:
    facts = {
        "currency": rate.currency,
        "first": date_format(rate.first_day),
        "last": date_format(rate.last_day),
        "source": _source(rate),
    }
    if rate.first_day == rate.last_day:
        return _("%(currency)s at the rate of %(first)s (%(source)s).") % facts
    return _("%(currency)s at the rate of each day, %(first)s to %(last)s (%(source)s).") % facts


def _source(rate: UsedRate) -> str:
    if rate.is_own and rate.is_reference:
        return _("yours and the European Central Bank's")
    return _("entered by you") if rate.is_own else _("European Central Bank")


def _money(amount: Decimal | None, currency: str) -> str:
    return UNKNOWN if amount is None else format_money(round_money(amount, currency), currency)


def _share(share: Decimal) -> str:
    """A margin with as many decimals as it was given with."""
    percent = (share * 100).normalize()
    return format_share(share, max(0, -int(percent.as_tuple().exponent)))
