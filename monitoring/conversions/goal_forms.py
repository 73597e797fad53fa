"""What people type about goals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import currency_choices
from monitoring.conversions.forms import read_amount, write_amount
from monitoring.conversions.models import Cadence, Channel, Goal, Kind, Measure
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.models.conversions import LONGEST_KIND, WORTH_NO_MONEY, is_kind, kind_label
from monitoring.conversions.services.goals import Aim
from monitoring.lib.periods import EARLIEST, LATEST, LONGEST_DAYS, ONE_DAY

_TYPED: Final = "_typed"  # no kind begins like this
_RECURRING = [choice for choice in Cadence.choices if choice[0] != Cadence.ONCE]
_SOCIAL = tuple(map(str, SOCIAL))


class GoalForm(forms.Form):
    """A goal in five questions: the first one of a business."""

    counts = forms.ChoiceField(label=_("What counts"), choices=Kind.choices, initial=Kind.ORDER)
    measure = forms.ChoiceField(
        label=_("Measured as"),
        choices=Measure.choices,
        initial=Measure.NUMBER,
        help_text=_("Money is kept for orders, leads, bookings and your own events."),
    )
    target = forms.CharField(
        label=_("Target"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=currency_choices,
        help_text=_("Only for a goal in money. Sales in other currencies are listed, not converted."),
    )
    cadence = forms.ChoiceField(label=_("It begins anew"), choices=_RECURRING, initial=Cadence.MONTH)
    scope = forms.ChoiceField(
        label=_("From where"),
        choices=[("all", _("From anywhere")), ("social", _("From social media only"))],
        initial="all",
        help_text=_("By what customers say at the counter, or by the link they followed."),
    )

    @classmethod
    def facts_of(cls, goal: Goal | None, currency: str) -> dict[str, Any]:
        """What the form shows at first."""
        if goal is None:
            return {"currency": currency}
        return {
            "name": goal.name,
            "counts": goal.counts,
            "measure": goal.measure,
            "target": write_amount(goal.target, goal.currency or "EUR"),
            "currency": goal.currency or currency,
            "cadence": goal.cadence,
            "first_day": goal.first_day,
            "last_day": goal.last_day,
            "scope": _scope_of(goal.channels),
            "channels": goal.channels,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("measure") == Measure.AMOUNT and data.get("counts") in WORTH_NO_MONEY:
            self.add_error("measure", _("These are counted, not measured in money."))
        elif "target" in data and "measure" in data:
            try:
                data["target"] = self._read_target(data)
            except ValidationError as error:
                self.add_error("target", error)
        return data

    def _read_target(self, data: dict[str, Any]) -> Decimal:
        # A number of orders is read like a currency without decimals.
        currency = data.get("currency", "") if data["measure"] == Measure.AMOUNT else "JPY"
        try:
            target = read_amount(data["target"], currency)
        except ValidationError as error:
            if error.code == "decimals" and data["measure"] == Measure.NUMBER:
                raise ValidationError(_("Give a whole number."), code="decimals") from None
            raise
        if target == 0:
            raise ValidationError(_("A target is above zero."), code="zero")
        return target

    def aim(self) -> Aim:
        data = self.cleaned_data
        comes_once = data["cadence"] == Cadence.ONCE
        return Aim(
            name=data.get("name", ""),
            counts=data["counts"],
            measure=data["measure"],
            target=data["target"],
            currency=data["currency"] if data["measure"] == Measure.AMOUNT else "",
            cadence=data["cadence"],
            first_day=data["first_day"] if comes_once else None,
            last_day=data["last_day"] if comes_once else None,
            channels=_channels(data),
        )


def _day_field(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, **more)


class FullGoalForm(GoalForm):
    """Any goal: events of one's own, chosen channels, fixed dates."""

    event = forms.CharField(
        label=_("Name of your own event"),
        required=False,
        max_length=LONGEST_KIND,
        help_text=_("As your site or shop reports it, such as newsletter or table_reserved."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    first_day = _day_field(_("First day"), help_text=_("Only for a goal that comes once."))
    last_day = _day_field(_("Last day"))
    channels = forms.MultipleChoiceField(
        label=_("Chosen channels"),
        required=False,
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=120,
        help_text=_("If you like. Otherwise it is called by what it says."),
    )
    is_main = forms.BooleanField(
        label=_("This is the main goal"), required=False, help_text=_("The overview shows the main one.")
    )
    field_order = (
        "counts", "event", "measure", "target", "currency", "cadence", "first_day", "last_day", "scope", "channels",
        "name", "is_main",
    )  # fmt: skip

    def __init__(
        self, *args: Any, kinds: Iterable[str] = (), may_be_main: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own = [(kind, kind_label(kind)) for kind in kinds if kind not in Kind.values]
        self._choose("counts", [*Kind.choices, *own, (_TYPED, _("An event of your own"))])
        self._choose("cadence", Cadence.choices)
        self._choose(
            "scope",
            [*GoalForm.base_fields["scope"].choices, ("chosen", _("From the channels I choose"))],  # type: ignore[attr-defined]  # a ChoiceField
        )
        if not may_be_main:
            del self.fields["is_main"]

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_event(self) -> str:
        """As people write a name: spaces become _, and capitals small."""
        typed = re.sub(r"\s+", "_", self.cleaned_data["event"].strip().lower())
        if typed and not is_kind(typed):
            raise ValidationError(_("Letters a to z first, then also digits, - and _."))
        return str(typed)

    def clean(self) -> dict[str, Any]:
        self._name_event(self.cleaned_data)
        data = super().clean()
        if data.get("cadence") == Cadence.ONCE:
            self._check_days(data)
        if data.get("scope") == "chosen" and "channels" in data and not data["channels"]:
            self.add_error("channels", _("Choose at least one."))
        return data

    def _name_event(self, data: dict[str, Any]) -> None:
        if data.get("counts") == _TYPED and "event" in data:
            data["counts"] = data["event"]
            if not data["event"]:
                self.add_error("event", _("Give the event's name."))

    def _check_days(self, data: dict[str, Any]) -> None:
        for name in ("first_day", "last_day"):
            day: date | None = data.get(name)
            if name in data and day is None:
                self.add_error(name, _("A goal that comes once needs both its days."))
            elif day and not EARLIEST <= day < LATEST:
                self.add_error(name, _("This day is too far away."))
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and not first <= last < first + ONE_DAY * LONGEST_DAYS:
            self.add_error("last_day", _("The last day comes after the first, within ten years."))


def _scope_of(channels: list[str]) -> str:
    if not channels:
        return "all"
    return "social" if set(channels) == set(_SOCIAL) else "chosen"


def _channels(data: dict[str, Any]) -> tuple[str, ...]:
    if data["scope"] == "chosen":
        return tuple(data["channels"])
    return _SOCIAL if data["scope"] == "social" else ()
