"""What people type about what happened."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.conversions.cost_forms import DayField
from monitoring.conversions.models import Incident


class IncidentForm(forms.Form):
    """An incident, new or as it is."""

    name = forms.CharField(
        label=_("What happened"),
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("The grinder broke, closed for two days")}),
    )
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"), required=False, help_text=_("Empty: the same day."))

    @staticmethod
    def facts_of(incident: Incident) -> dict[str, Any]:
        """What the form shows at first."""
        return {name: getattr(incident, name) for name in ("name", "first_day", "last_day")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first: date | None = data.get("first_day")
        data["last_day"] = last = data.get("last_day") or first
        if first and last and last < first:
            self.add_error("last_day", _("It cannot end before it begins."))
        return data
