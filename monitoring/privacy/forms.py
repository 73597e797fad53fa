"""What people type about privacy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from monitoring.listening.forgetting.retention import Retention
from monitoring.platforms.registry import platforms
from monitoring.privacy.models import LONGEST_TEXT, AuthorRequest

_LONGEST_LIMIT = 36_500


def _platform_choices() -> list[tuple[str, str]]:
    return [(platform.slug, platform.name) for platform in platforms()]


class RetentionForm(forms.Form):
    """A number of days for each platform; empty: as long as it allows."""

    def __init__(self, data: QueryDict | None, *, retention: Sequence[Retention]) -> None:
        super().__init__(data, initial={each.platform.slug: each.days for each in retention})
        for each in retention:
            self.fields[each.platform.slug] = forms.IntegerField(
                label=each.platform.name,
                required=False,
                min_value=1,
                max_value=min(each.most_days or _LONGEST_LIMIT, _LONGEST_LIMIT),
                widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
            )


class AuthorForm(forms.Form):
    """Whom somebody looks for."""

    platform = forms.ChoiceField(label=gettext_lazy("Platform"), choices=_platform_choices)
    handle = forms.CharField(
        label=gettext_lazy("Handle or id"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PageForm(forms.Form):
    """The public page."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("Markdown: ## begins a heading, a blank line a paragraph. HTML stays text."),
        widget=forms.Textarea(attrs={"rows": 24}),
    )


class DeletionForm(forms.Form):
    """Type the name, so that it is meant."""

    name = forms.CharField(
        label=gettext_lazy("Name of the business"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organization = organization

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.strip().casefold() != self.organization.name.strip().casefold():
            raise forms.ValidationError(_("That is not its name."))
        return name


class AccountDeletionForm(forms.Form):
    """Type the address, so that it is meant."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() != self.user.email.lower():
            raise forms.ValidationError(_("You sign in with another address."))
        return email


class AuthorRequestForm(forms.Form):
    """What an author asks for. `homepage` is a field that people do not see; programs fill it in."""

    wish = forms.ChoiceField(
        label=gettext_lazy("What do you ask for?"),
        choices=AuthorRequest.Wish.choices,
        widget=forms.RadioSelect,
        initial=AuthorRequest.Wish.SEE,
    )
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), choices=_platform_choices)
    handle = forms.CharField(
        label=gettext_lazy("Your handle there"),
        max_length=200,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail for the answer"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    homepage = forms.CharField(required=False, max_length=2000)

    def clean_handle(self) -> str:
        """In one line: it goes into mails."""
        return " ".join(self.cleaned_data["handle"].split())

    def clean_email(self) -> str:
        """However somebody writes it, it is the mailbox of one."""
        email: str = self.cleaned_data["email"]
        return email.lower()

    @property
    def is_by_a_program(self) -> bool:
        return bool(self.cleaned_data["homepage"])

    @property
    def asked(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "homepage"}
