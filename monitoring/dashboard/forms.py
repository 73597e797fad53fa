"""What a new business is asked in its first minutes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from monitoring.audience.forms import can_be_followed, followable_names
from monitoring.listening.keywords.first_keywords import Suggestion
from monitoring.listening.models import BrandKind
from monitoring.platforms.opening import recognize
from monitoring.platforms.registry import connector_class
from monitoring.platforms.types import ProfileLink

MOST_LINES = 10
LONGEST_LINE = 120


def _lines(text: str) -> list[str]:
    """Each once, however it is written."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        found.setdefault(line.casefold(), line)
    return list(found.values())


def _text_area(placeholder: str) -> forms.Textarea:
    return forms.Textarea(
        attrs={"rows": 3, "placeholder": placeholder, "spellcheck": "false", "autocapitalize": "none"}
    )


class ProfilesForm(forms.Form):
    links = forms.CharField(
        label=_("Links to your profiles, one on each line"),
        required=False,
        max_length=4000,
        widget=_text_area("https://bsky.app/profile/…\n@name@server"),
        help_text=_("Paste them as they are: a link or a handle. A feed of your site is welcome too."),
    )

    def clean_links(self) -> list[ProfileLink]:
        lines = _lines(self.cleaned_data["links"])
        if len(lines) > MOST_LINES:
            raise ValidationError(
                _("At most %(most)s for now; add the others later."), params={"most": MOST_LINES}
            )
        found = {line: _followable(line) for line in lines}
        unknown = [line for line, link in found.items() if link is None]
        if unknown:
            raise ValidationError(
                _(
                    "We cannot follow this: %(lines)s. Correct it or take it out; the others are understood. "
                    "Profiles can be followed on: %(names)s."
                ),
                params={"lines": ", ".join(unknown), "names": followable_names()},
            )
        return [link for link in found.values() if link is not None]


def _followable(line: str) -> ProfileLink | None:
    link = recognize(line)
    return link if link and can_be_followed(connector_class(link.platform).platform) else None


class OthersForm(forms.Form):
    competitors = forms.CharField(
        label=_("Competitors"), required=False, max_length=2000, widget=_text_area("Bright Bean Co.")
    )
    products = forms.CharField(
        label=_("Products of yours"), required=False, max_length=2000, widget=_text_area("Winter Blend")
    )
    topics = forms.CharField(
        label=_("Topics your customers talk about"),
        required=False,
        max_length=2000,
        widget=_text_area("home brewing"),
        help_text=_("One on each line, everywhere. All of it can wait."),
    )

    KINDS: ClassVar = {
        "competitors": BrandKind.COMPETITOR,
        "products": BrandKind.PRODUCT,
        "topics": BrandKind.TOPIC,
    }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.KINDS:
            lines = _lines(data.get(name, ""))
            if len(lines) > MOST_LINES:
                self.add_error(name, _("At most 10 for now; add the others later."))
            elif any(len(line) > LONGEST_LINE for line in lines):
                self.add_error(name, _("A name has at most 120 characters."))
            data[name] = lines
        return data


class SuggestionsForm(forms.Form):
    """The suggested keywords that somebody wants. The suggestions are the choices: nothing else gets through."""

    chosen = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, suggestions: Iterable[Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By its brand, which has one: its place in the list changes once another one is listened for.
        self._by_brand = {str(suggestion.brand.pk): suggestion for suggestion in suggestions}
        self.fields["chosen"].choices = [(brand, "") for brand in self._by_brand]  # type: ignore[attr-defined]

    def clean_chosen(self) -> list[Suggestion]:
        return [self._by_brand[brand] for brand in self.cleaned_data["chosen"]]
