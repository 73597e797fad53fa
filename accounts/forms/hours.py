"""What people type about the hours in which somebody is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.opening_hours import NotHours, Span, format_spans, parse_spans


class SpansField(forms.CharField):
    """The spans of one day."""

    def to_python(self, value: Any) -> Any:
        try:
            return parse_spans(super().to_python(value) or "")
        except NotHours as error:
            raise ValidationError(str(error)) from error

    def validate(self, value: Any) -> None:
        """An empty day is closed."""

    def run_validators(self, value: Any) -> None:
        """They would look at a text."""


class WeekForm(forms.Form):
    """The hours of a week, which begins as the organization's does."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organization: Organization,
        week: Mapping[int, list[Span]],
    ) -> None:
        super().__init__(data)
        first = organization.week_start
        for day in [*range(first, 8), *range(1, first)]:
            self.fields[f"day_{day}"] = SpansField(
                label=WEEKDAYS[day - 1],
                required=False,
                initial=format_spans(week[day]),
                widget=forms.TextInput(attrs={"placeholder": _("closed"), "maxlength": 120}),
            )

    def week(self) -> dict[int, tuple[Span, ...]]:
        return {int(name.removeprefix("day_")): spans for name, spans in self.cleaned_data.items()}


class HolidayForm(forms.Form):
    """Days on which nobody is there."""

    name = forms.CharField(label=_("What for"), max_length=80)
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: one day."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        data["last_day"] = last or first
        if first and last and last < first:
            self.add_error("last_day", _("This is before the first day."))
        return data
