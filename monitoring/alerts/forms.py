"""What people type about a saved view and what it sends out."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from monitoring.alerts.models import Appearance, FeedFormat, Rhythm, ViewWidget
from monitoring.alerts.outside.widgets import WidgetChoice
from monitoring.conversions.visits.forms import MOST_HOSTS, read_public_host
from monitoring.listening.models.saved_views import LONGEST_VIEW_NAME

NEVER: Final = "never"
AS_THE_DEVICE: Final = "device"


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_VIEW_NAME,
        widget=forms.TextInput(attrs={"placeholder": _("Complaints"), "autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class NewViewForm(NameForm):
    is_shared = forms.BooleanField(
        label=_("Share it with the team"),
        required=False,
        help_text=_("Everybody in the team sees the tab. Without it, it is yours alone."),
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]


class AlertForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=_("Mail me about new mentions"), choices=[(NEVER, _("Never")), *Rhythm.choices], initial=NEVER
    )

    @property
    def chosen(self) -> Rhythm | None:
        rhythm = self.cleaned_data["rhythm"]
        return None if rhythm == NEVER else Rhythm(rhythm)


class FeedForm(forms.Form):
    reader = forms.CharField(
        label=_("Who reads it?"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("Lea’s feed reader"), "autocomplete": "off"}),
        help_text=_("So that you know later which one to revoke."),
    )
    format = forms.TypedChoiceField(label=_("Format"), choices=FeedFormat.choices, coerce=FeedFormat)


class WidgetForm(forms.Form):
    title = forms.CharField(
        label=_("Title above the mentions"),
        max_length=80,
        required=False,
        help_text=_("Empty: the name of the view."),
    )
    hosts = forms.CharField(
        label=_("Sites that may show it"),
        max_length=4000,
        help_text=_("One a line, such as example.com or shop.example.com. No other site can."),
        widget=forms.Textarea(
            attrs={"rows": 2, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    most = forms.TypedChoiceField(
        label=_("At most"), choices=[(3, "3"), (5, "5"), (10, "10"), (20, "20")], coerce=int, initial=5
    )
    shows_authors = forms.BooleanField(label=_("Show who wrote it"), required=False, initial=True)
    shows_times = forms.BooleanField(label=_("Show when"), required=False, initial=True)
    shows_links = forms.BooleanField(label=_("Link to the post"), required=False, initial=True)
    appearance = forms.ChoiceField(
        label=_("Light or dark"),
        choices=[(value or AS_THE_DEVICE, label) for value, label in Appearance.choices],
        initial=AS_THE_DEVICE,
    )

    @classmethod
    def facts_of(cls, widget: ViewWidget) -> dict[str, Any]:
        names = ("title", "most", "shows_authors", "shows_times", "shows_links")
        facts = {name: getattr(widget, name) for name in names}
        return {**facts, "hosts": "\n".join(widget.hosts), "appearance": widget.appearance or AS_THE_DEVICE}

    def clean_appearance(self) -> str:
        chosen: str = self.cleaned_data["appearance"]
        return "" if chosen == AS_THE_DEVICE else chosen

    def clean_hosts(self) -> list[str]:
        hosts = [read_public_host(line) for line in re.split(r"[\s,;]+", self.cleaned_data["hosts"]) if line]
        if len(hosts) > MOST_HOSTS:
            raise ValidationError(_("At most %(most)s addresses."), code="many", params={"most": MOST_HOSTS})
        return list(dict.fromkeys(hosts))

    @property
    def choice(self) -> WidgetChoice:
        return WidgetChoice(**self.cleaned_data)
