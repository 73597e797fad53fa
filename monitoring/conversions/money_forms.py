"""What people type about exchange rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.numbers import NumberFormatError, parse_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import Choices, currency_choices
from accounts.widgets import LongSelect
from monitoring.conversions.money.exchange import BASE
from monitoring.conversions.money.own_rates import (
    MOST_BYTES,
    EnteredRate,
    RateFile,
    check_rate,
    read_rate_file,
)
from monitoring.lib.figures import reader_locale
from monitoring.lib.periods import EARLIEST, LATEST

_SHOWN_LINES: Final = 20


def other_currencies() -> Choices:
    return [(code, name) for code, name in currency_choices() if code != BASE]


def read_rate(text: str) -> Decimal:
    """A rate as people write it, "1.0817" or "1,0817". The last separator is a decimal one."""
    typed = "".join(text.split())
    plain = typed.replace(",", ".") if typed.count(",") == 1 and "." not in typed else typed
    try:
        return check_rate(Decimal(plain) if plain.isascii() else parse_decimal(typed, locale=reader_locale()))
    except (ArithmeticError, ValueError, NumberFormatError):
        raise ValidationError(_("Give a rate above zero, such as 1.0817."), code="rate") from None


class RateForm(forms.Form):
    """What one euro is worth from a day on."""

    currency = forms.ChoiceField(label=_("Currency"), choices=other_currencies, widget=LongSelect)
    per_euro = forms.CharField(
        label=_("One euro is worth"),
        max_length=40,
        help_text=_("In this currency, such as 1.0817."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    day = forms.DateField(
        label=_("From this day on"),
        help_text=_("Until the next rate you enter for this currency."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_per_euro(self) -> Decimal:
        return read_rate(self.cleaned_data["per_euro"])

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not EARLIEST <= day < LATEST:
            raise ValidationError(_("This day is too far away."), code="day")
        return day

    def rate(self) -> EnteredRate:
        data = self.cleaned_data
        return EnteredRate(data["currency"], data["day"], data["per_euro"])


class RateFileForm(forms.Form):
    """A table of rates. `told` holds what was read, bad lines included."""

    table = forms.FileField(
        label=_("CSV file"),
        help_text=_("With the columns currency, day and rate, such as USD,2026-11-20,1.0817."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: RateFile | None = None

    def clean_table(self) -> RateFile:
        sent = self.cleaned_data["table"]
        if sent.size > MOST_BYTES:
            raise ValidationError(_("This file is too large. Give it in parts."), code="too_large")
        self.told = read_rate_file(sent.read())
        if self.told.bad_lines:
            raise ValidationError(_("Nothing was saved: some lines cannot be read."), code="lines")
        return self.told

    @property
    def shown_lines(self) -> list[Any]:
        return self.told.bad_lines[:_SHOWN_LINES] if self.told else []

    @property
    def more_lines(self) -> int:
        return max(0, len(self.told.bad_lines) - _SHOWN_LINES) if self.told else 0
