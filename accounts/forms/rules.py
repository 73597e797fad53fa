"""The house rules as somebody writes them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 20_000


class RulesForm(forms.Form):
    text = forms.CharField(
        label=_("Rules"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_("## begins a heading, - a point of a list, **bold**. Links work, HTML does not."),
    )
    after_version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Browsers send line ends as of old; two versions differ by more than that."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n").strip()
