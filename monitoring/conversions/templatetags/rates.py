"""How our pages write rates and what one of many cost. `{% load rates %}`."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
from django import template
from django.utils.translation import gettext as _

from monitoring.conversions.money.exchange import Rate, round_money
from monitoring.lib.figures import format_money, format_number, reader_locale

register = template.Library()

_DIGITS = 6


@register.filter
def one_unit(rate: Rate) -> str:
    """What one unit of the foreign currency is worth, to six digits that mean something."""
    return plain_number(rate.exactly(Decimal(1)))


@register.filter
def plain_number(value: Decimal) -> str:
    """As many decimals as tell something, without grouping: a rate."""
    decimals = max(2, _DIGITS - 1 - value.adjusted())
    return format_decimal(value, format=f"0.{'#' * min(decimals, 10)}", locale=reader_locale())


@register.filter
def cost_of_one(amount: Decimal, currency: str) -> str:
    return format_money(round_money(amount, currency), currency)


@register.filter
def about_as_many(difference: int) -> str:
    """An estimated difference in words: "about 130 more", "about 130 fewer"."""
    number = {"number": format_number(abs(difference))}
    if difference > 0:
        return _("about %(number)s more") % number
    return _("about %(number)s fewer") % number if difference else _("about as many")
