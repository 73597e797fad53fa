"""What it cost and what it earned, with figures that anybody may change to try a plan. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from babel.numbers import format_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monitoring.conversions.forms import read_amount, write_amount
from monitoring.conversions.selectors.returns import Terms
from monitoring.lib.figures import UNKNOWN, format_money, format_share, reader_locale

_PERCENT: Final = Decimal(100)
_THREE_DECIMALS: Final = "KWD"  # hours and percentages are read like this currency


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The terms of the return. `margin` is in percent; without it nothing was earned for certain."""

    revenue: Decimal
    margin: Decimal | None
    spent: Decimal
    hours: Decimal
    hour_cost: Decimal
    api_cost: Decimal = Decimal(0)

    @property
    def earned(self) -> Decimal | None:
        return None if self.margin is None else self.revenue * self.margin / _PERCENT

    @property
    def cost(self) -> Decimal:
        return self.spent + self.hours * self.hour_cost + self.api_cost

    @property
    def left(self) -> Decimal | None:
        return None if self.earned is None else self.earned - self.cost

    @property
    def gain(self) -> Decimal | None:
        """The return, as a share of the cost."""
        return None if self.left is None or not self.cost else self.left / self.cost


def say_plan(plan: Plan, currency: str) -> dict[str, str]:
    """Its results in words, as js/plan.js writes them too."""
    left = plan.left
    if left is None:
        return {
            "earned": UNKNOWN,
            "cost": _money(plan.cost, currency),
            "gain": gettext("No margin entered"),
            "left": "",
        }
    texts = gettext("%(money)s left over") if left >= 0 else gettext("%(money)s short")
    gain = plan.gain
    return {
        "earned": _money(plan.earned or Decimal(0), currency),
        "cost": _money(plan.cost, currency),
        "gain": gettext("No cost entered") if gain is None else _signed(gain),
        "left": texts % {"money": _money(abs(left), currency)},
    }


def _signed(gain: Decimal) -> str:
    return ("−" if gain < 0 else "+") + format_share(abs(gain))


def _money(amount: Decimal, currency: str) -> str:
    return format_money(amount.quantize(Decimal(1), ROUND_HALF_UP), currency)


def plan_of(terms: Terms) -> Plan:
    """What was."""
    return Plan(
        revenue=_cents(max(terms.sales, Decimal(0))),
        margin=None if terms.margin is None else terms.margin * _PERCENT,
        spent=_cents(terms.ad_spend),
        hours=(Decimal(terms.minutes) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP),
        hour_cost=terms.hourly_rate or Decimal(0),
        api_cost=_cents(terms.api_cost),
    )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


class PlanForm(forms.Form):
    """Figures as people write them. What is left out is taken from what was."""

    revenue = forms.CharField(label=_("Revenue from social"), max_length=60)
    margin = forms.CharField(label=_("Margin after costs"), max_length=60, required=False)
    spent = forms.CharField(label=_("Ads and samples"), max_length=60)
    hours = forms.CharField(label=_("Hours worked"), max_length=60)
    hour_cost = forms.CharField(label=_("Cost of one hour"), max_length=60)

    def __init__(self, typed: Mapping[str, Any], *, real: Plan, currency: str) -> None:
        self.real, self.currency = real, currency
        names = tuple(self.base_fields)
        self.is_changed = any(name in typed for name in names)
        super().__init__({name: typed.get(name, self._written(name)) for name in names})

    def plan(self) -> Plan:
        """What was typed; what cannot be read is explained and counts as what was."""
        self.is_valid()
        read = {name: self.cleaned_data.get(name, getattr(self.real, name)) for name in self.fields}
        return Plan(**read, api_cost=self.real.api_cost)

    def clean_revenue(self) -> Decimal:
        return self._read("revenue", self.currency)

    def clean_spent(self) -> Decimal:
        return self._read("spent", self.currency)

    def clean_hour_cost(self) -> Decimal:
        return self._read("hour_cost", self.currency)

    def clean_hours(self) -> Decimal:
        return self._read("hours", _THREE_DECIMALS)

    def clean_margin(self) -> Decimal | None:
        if not self.cleaned_data["margin"]:
            return None
        margin = self._read("margin", _THREE_DECIMALS)
        if margin > _PERCENT:
            raise ValidationError(_("A margin is at most 100 percent."))
        return margin

    def _read(self, name: str, currency: str) -> Decimal:
        return read_amount(self.cleaned_data[name], currency)

    def _written(self, name: str) -> str:
        value: Decimal | None = getattr(self.real, name)
        if value is None:
            return ""
        if name in ("margin", "hours"):
            return format_decimal(value, format="0.##", locale=reader_locale())
        return write_amount(value, self.currency)
