"""What people type about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import language_choices, time_zone_choices
from accounts.models import User
from accounts.widgets import LongSelect


class NewPersonForm(forms.Form):
    """Somebody whose address is known makes an account."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. A sentence works well."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        person = User(name=data.get("name", ""), email=data.get("email", self.initial.get("email", "")))
        if "password" in data:
            try:
                validate_password(data["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class FirstOwnerForm(NewPersonForm):
    """Who owns this instance."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    field_order = ("name", "email", "password")


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
    mail_about_team = forms.BooleanField(
        label=_("Mail me when somebody joins or leaves a team I manage"), required=False
    )
