"""The five questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Channel
from monitoring.conversions.models.channels import SOCIAL
from monitoring.strategy.services import Answers

MOST_CHANNELS = 3


class PlanForm(forms.Form):
    """Each may stay open. Few answers are better than many."""

    whom = forms.CharField(
        label=_("Whom do you want to reach?"),
        max_length=500,
        required=False,
        help_text=_("One sentence about one kind of customer."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    where = forms.MultipleChoiceField(
        label=_("Where are they?"),
        choices=[(channel, Channel(channel).label) for channel in SOCIAL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Three at most. One that works is better than five that do not."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What do you say there?"),
        choices=PublishedPost.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(
        label=_("What should people remember?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    purpose = forms.CharField(
        label=_("What is it for?"),
        max_length=500,
        required=False,
        help_text=_("In your words. Your goal says it in figures."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    minutes_a_week = forms.IntegerField(
        label=_("How many minutes a week do you have for it?"),
        required=False,
        min_value=1,
        max_value=7 * 24 * 60,
    )

    @classmethod
    def showing(cls, answers: Answers) -> dict[str, Any]:
        return {name: getattr(answers, name) for name in cls.base_fields}

    def clean_where(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["where"]
        if len(chosen) > MOST_CHANNELS:
            raise forms.ValidationError(_("Choose three at most. The others can wait until these work."))
        return chosen

    def answers(self) -> Answers:
        return Answers(**self.cleaned_data)
