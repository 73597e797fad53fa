"""What lets a program in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import TokenScope


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("Our web shop")}),
    )
    scope = forms.ChoiceField(label=_("It may"), choices=TokenScope.choices)
