"""What lets a program in."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import TokenScope


class Lifetime(models.TextChoices):
    """For how long a token works."""

    MONTH = "30", _("30 days")
    QUARTER = "90", _("90 days")
    YEAR = "365", _("A year")
    NEVER = "never", _("Until it is revoked")


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("Our web shop")}),
    )
    scope = forms.ChoiceField(label=_("It may"), choices=TokenScope.choices)
    lifetime = forms.ChoiceField(
        label=_("It works for"),
        choices=Lifetime.choices,
        initial=Lifetime.YEAR,
        help_text=_("Afterwards what uses it is refused until you give it a new one."),
    )

    def clean_lifetime(self) -> timedelta | None:
        chosen = self.cleaned_data["lifetime"]
        return None if chosen == Lifetime.NEVER else timedelta(days=int(chosen))
