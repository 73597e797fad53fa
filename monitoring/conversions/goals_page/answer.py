"""The page's sentence: what each amount put in brought back, or what social media brought."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from monitoring.conversions.selectors.counting import Answer
from monitoring.conversions.selectors.earned import Earned
from monitoring.conversions.wording import say_counted
from monitoring.lib.figures import format_money, format_number
from monitoring.lib.money import decimals_of
from monitoring.lib.periods import Period


def say_return(found: Earned) -> str:
    """Only where a margin and a cost are known: see Terms.claims_return."""
    unit = Decimal(1) if decimals_of(found.currency) else Decimal(100)
    low, high = (
        format_money(_cents(unit * (1 + (gain or 0))), found.currency)
        for gain in (found.total.return_low, found.total.return_high)
    )
    facts = {"unit": format_money(unit, found.currency), "low": low, "high": high}
    if low == high:
        return _("Every %(unit)s you put in came back as %(high)s.") % facts
    return _("Every %(unit)s you put in came back as %(low)s to %(high)s.") % facts


def say_terms(found: Earned) -> str:
    """What the return is made of."""
    total = found.total
    facts = {
        "sales": _between(total.sales_low, total.sales_high, found.currency),
        "earned": _between(total.earned_low, total.earned_high, found.currency),
        "spent": format_money(whole(total.ad_spend + total.api_cost), found.currency),
        "hours": format_number((Decimal(total.minutes) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)),
    }
    left = _("%(sales)s of sales left %(earned)s after the cost of goods.") % facts
    if not total.minutes:
        return f"{left} " + _("You spent %(spent)s.") % facts
    return f"{left} " + _("You spent %(spent)s and %(hours)s hours of work.") % facts


def say_brought(answer: Answer, period: Period) -> str:
    now = answer.now
    facts = {
        "orders": say_counted(Decimal(now.social_number), answer.kind),
        "money": format_money(whole(now.social_amount), answer.currency),
        "days": format_number(period.days),
    }
    if not now.social_number and not now.social_amount:
        return _("Nothing is known to have come from social media in these %(days)s days.") % facts
    if not now.social_amount:
        return _("Social media brought %(orders)s in %(days)s days.") % facts
    return _("Social media brought %(orders)s and %(money)s in %(days)s days.") % facts


def say_why_no_return(found: Earned) -> str:
    if found.total.margin is None:
        return _(
            "Say what part of a sale is left after the cost of goods, and this page tells what each amount you put "
            "in brought back."
        )
    return _("No spending and no working time is on record, so there is no return to tell.")


def whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _between(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    said = [format_money(whole(amount or Decimal(0)), currency) for amount in (low, high)]
    if said[0] == said[1]:
        return said[0]
    return _("%(low)s to %(high)s") % {"low": said[0], "high": said[1]}
