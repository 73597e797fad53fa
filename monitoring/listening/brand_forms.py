"""What people type about a brand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.listening.models import Brand, BrandKind


class BrandForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=BrandKind.choices,
        help_text=_(
            "Our own and competitors are held beside each other, products among themselves, topics, too."
        ),
    )

    def __init__(
        self, *args: Any, organization: Organization, brand: Brand | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organization, self.brand = organization, brand

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Brand.objects.filter(organization=self.organization, name=name)
        if self.brand is not None:
            others = others.exclude(pk=self.brand.pk)
        if others.exists():
            raise forms.ValidationError(_("You have a brand of this name already."))
        return name

    def clean_kind(self) -> BrandKind:
        return BrandKind(self.cleaned_data["kind"])


class DeleteBrandForm(forms.Form):
    """Its name, typed: whoever deletes a brand with all its mentions should know which."""

    name = forms.CharField(label=_("Type its name to go on"), max_length=120)

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.casefold() != self.brand.name.casefold():
            raise forms.ValidationError(_("That is not its name."))
        return name
