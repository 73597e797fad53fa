"""What people type on the listening side."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.analysis.queries import MAX_LENGTH, QueryError, parse
from monitoring.listening.models import Brand, Keyword, SuggestionKind
from monitoring.platforms.registry import platforms
from monitoring.platforms.types import Capability


class RehearsedForm(forms.Form):
    """Whose keyword is tried out, and which one is edited, if that is known."""

    brand = forms.ModelChoiceField(queryset=Brand.objects.none())
    keyword = forms.ModelChoiceField(queryset=Keyword.objects.none(), required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brands = cast("forms.ModelChoiceField[Brand]", self.fields["brand"])
        brands.queryset = Brand.objects.filter(organization=organization)
        keywords = cast("forms.ModelChoiceField[Keyword]", self.fields["keyword"])
        keywords.queryset = Keyword.objects.filter(organization=organization)


class SuggestionForm(forms.Form):
    """A suggestion that nobody wants to see again."""

    brand = forms.ModelChoiceField(queryset=Brand.objects.none())
    kind = forms.ChoiceField(choices=SuggestionKind.choices, required=False)
    word = forms.CharField(max_length=100, required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brands = cast("forms.ModelChoiceField[Brand]", self.fields["brand"])
        brands.queryset = Brand.objects.filter(organization=organization)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("word") and not cleaned.get("kind"):
            raise forms.ValidationError(_("Say what kind of suggestion it is."))
        return cleaned


FROM_NOW_ON, ALSO_STORED = "later", "stored"


class KeywordForm(forms.Form):
    brand = forms.ModelChoiceField(
        label=_("Who or what is it about?"), queryset=Brand.objects.none(), empty_label=None
    )
    query = forms.CharField(
        label=_("The query as text"),
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_(
            'Words, "exact phrases", #hashtags, @handles. OR for either, - for not, brackets to group.'
        ),
    )
    platforms = forms.MultipleChoiceField(
        label=_("Where?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means everywhere, also on platforms that we learn later."),
    )

    past = forms.ChoiceField(
        label=_("What should the change apply to?"),
        choices=[
            (FROM_NOW_ON, _("To posts from now on")),
            (ALSO_STORED, _("Also to what is stored: first you see what would come and go")),
        ],
        initial=FROM_NOW_ON,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, organization: Organization, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["past"]
        brands = cast("forms.ModelChoiceField[Brand]", self.fields["brand"])
        brands.queryset = Brand.objects.filter(organization=organization)
        where = cast(forms.MultipleChoiceField, self.fields["platforms"])
        where.choices = [
            (platform.slug, platform.name)
            for platform in platforms()
            if Capability.SEARCH_POSTS in platform.capabilities
        ]

    def clean_query(self) -> str:
        text: str = self.cleaned_data["query"]
        try:
            return parse(text).text
        except QueryError as error:
            raise forms.ValidationError(
                _("%(message)s (at character %(position)s: “%(near)s”)"),
                params={
                    "message": error.message,
                    "position": error.position + 1,
                    "near": text[error.position : error.position + 12] or _("the end"),
                },
            ) from error
