"""What people type about their organization."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import currency_choices, language_choices, time_zone_choices
from accounts.logos import LARGEST_FILE, BadLogo, draw_logo
from accounts.models import Organization, Weekday
from accounts.widgets import LongSelect


class BusinessForm(forms.Form):
    """What a new organization needs to begin."""

    name = forms.CharField(
        label=_("Name of your business"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zone_choices,
        help_text=_("Days begin and end by this clock."),
        widget=LongSelect(attrs={"data-guess-time-zone": ""}),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=currency_choices, initial="EUR", widget=LongSelect
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=language_choices,
        help_text=_("Of reports and mails. Each person may choose another."),
    )


class OrganizationForm(BusinessForm):
    """The organization's settings."""

    week_start = forms.TypedChoiceField(label=_("Week starts on"), choices=Weekday.choices, coerce=int)

    field_order = ("name", "website", "time_zone", "week_start", "currency", "language")

    @classmethod
    def facts_of(cls, organization: Organization) -> dict[str, Any]:
        return {name: getattr(organization, name) for name in cls.field_order}

    def freeze(self) -> None:
        """Show the settings to somebody who may not change them."""
        for field in self.fields.values():
            field.disabled = True


class LogoForm(forms.Form):
    """A picture, which becomes the logo."""

    logo = forms.FileField(
        label=_("Picture"),
        error_messages={"required": _("Choose a picture first."), "empty": _("This file is empty.")},
    )

    def clean_logo(self) -> bytes:
        """The picture as it will be shown."""
        file = self.cleaned_data["logo"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("This file is larger than 2 MB."))
        try:
            return draw_logo(file)
        except BadLogo as error:
            raise ValidationError(str(error)) from error
