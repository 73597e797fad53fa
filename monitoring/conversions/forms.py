"""What people type about single conversions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from monitoring.conversions.models import Channel
from monitoring.conversions.models.conversions import ONE_OF_A_KIND, WORTH_NO_MONEY
from monitoring.lib.figures import reader_locale
from monitoring.lib.money import InvalidAmount, decimals_of, parse_amount

AMOUNT_ERRORS = {
    "empty": _("Give an amount, such as 12.50."),
    "not_a_number": _("This is no amount we can read. Write it like 12.50 or 12,50."),
    "negative": _("An amount is never below zero. To take something back, void its entry."),
    "decimals": _("This amount has more decimals than the currency."),
    "too_large": _("This amount is too large to be true."),
}
_OLDEST_ENTRY = timedelta(days=31)


def read_amount(text: str, currency: str) -> Decimal:
    """The amount somebody typed, or a ValidationError in plain words."""
    try:
        return parse_amount(text, currency=currency, locale=reader_locale())
    except InvalidAmount as error:
        raise ValidationError(AMOUNT_ERRORS[error.code], code=error.code) from None


def write_amount(amount: Decimal, currency: str) -> str:
    """The amount for an input, as the reader types it: without grouping."""
    decimals = 0 if amount == amount.to_integral_value() else decimals_of(currency)
    return format_decimal(amount, format="0." + "0" * decimals if decimals else "0", locale=reader_locale())


class EntryForm(forms.Form):
    """One tap at the counter."""

    kind = forms.ChoiceField(
        label=_("What happened"), choices=[(str(kind), name) for kind, name in ONE_OF_A_KIND.items()]
    )
    amount = forms.CharField(
        label=_("Amount"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "enterkeyhint": "done"}),
    )
    heard_of_us_from = forms.ChoiceField(
        label=_("How did you hear of us?"), required=False, choices=[("", _("Not asked")), *Channel.choices]
    )
    idempotency_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput())
    # How long ago the tap was, by the phone's own clock: right even where that clock is wrong.
    seconds_ago = forms.IntegerField(
        required=False, min_value=0, max_value=int(_OLDEST_ENTRY.total_seconds()), widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, currency: str, own_kinds: Iterable[str] = (), **kwargs: Any) -> None:
        """`own_kinds` are the events that the organization named itself."""
        super().__init__(*args, **kwargs)
        self.currency = currency
        own = [(kind, kind) for kind in own_kinds if kind not in ONE_OF_A_KIND]
        self.fields["kind"] = forms.ChoiceField(choices=[*self.base_fields["kind"].choices, *own])  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = data.get("amount", "").strip()
        # A visit has no amount, whatever was left in the field.
        data["amount"] = None
        if typed and data.get("kind") not in WORTH_NO_MONEY:
            try:
                data["amount"] = read_amount(typed, self.currency)
            except ValidationError as error:
                self.add_error("amount", error)
        return data

    def occurred_at(self, now: datetime) -> datetime | None:
        """When the tap was, if it is being sent late."""
        seconds = self.cleaned_data.get("seconds_ago")
        return now - timedelta(seconds=seconds) if seconds else None
