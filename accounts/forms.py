"""What people type about themselves and their organization."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import currency_choices, language_choices, time_zone_choices
from accounts.models import Organization, TokenScope, User, Weekday
from accounts.widgets import LongSelect


class FirstOwnerForm(forms.Form):
    """Who owns this instance."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters. A sentence works well."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        person = User(name=data.get("name", ""), email=data.get("email", ""))
        if "password" in data:
            try:
                validate_password(data["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


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


class PersonForm(forms.Form):
    """A person's own settings."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("As my browser says")), *language_choices()],
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [("", _("That of the organization")), *time_zone_choices()],
        widget=LongSelect,
        required=False,
        help_text=_("Times on pages and in mails. Charts always follow the organization’s days."),
    )
    theme = forms.ChoiceField(
        label=_("Appearance"),
        required=False,
        choices=[("", _("As my device says")), ("light", _("Light")), ("dark", _("Dark"))],
    )


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("Our web shop")}),
    )
    scope = forms.ChoiceField(label=_("It may"), choices=TokenScope.choices)
