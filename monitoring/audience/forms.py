"""Which profile to follow, and whose it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.listening.models import Brand, BrandKind
from monitoring.platforms.opening import recognize
from monitoring.platforms.registry import connector_class, platforms
from monitoring.platforms.types import Capability, Platform, ProfileLink

OURSELVES = "ourselves"
SOMEBODY_NEW = "new"
_FOLLOWABLE = {Capability.READ_PROFILE, Capability.LIST_POSTS}


class ProfileForm(forms.Form):
    """A pasted link or handle. A competitor that is not among the brands yet is named here."""

    pasted = forms.CharField(
        label=_("Link or handle"),
        max_length=500,
        help_text=format_lazy(
            "{} bsky.app/profile/…, @name@server, x.com/…", _("As you would paste it, for example")
        ),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    brand = forms.ChoiceField(label=_("Whose is it?"))
    competitor = forms.CharField(label=_("Name of the new competitor"), max_length=120, required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.brands = {
            str(brand.pk): brand
            for brand in Brand.objects.filter(
                organization=organization, kind__in=(BrandKind.OWN, BrandKind.COMPETITOR)
            ).order_by("-kind", "pk")
        }
        field = self.fields["brand"]
        field.choices = self._choices()  # type: ignore[attr-defined]  # stubs know only the base class here

    def _choices(self) -> list[tuple[str, str]]:
        known = [(key, _named(brand)) for key, brand in self.brands.items()]
        has_own = any(brand.kind == BrandKind.OWN for brand in self.brands.values())
        ourselves = (
            [] if has_own else [(OURSELVES, gettext("%(name)s (you)") % {"name": self.organization.name})]
        )
        return [*ourselves, *known, (SOMEBODY_NEW, gettext("A new competitor"))]

    def clean_pasted(self) -> ProfileLink:
        link = recognize(self.cleaned_data["pasted"])
        if link is None:
            raise forms.ValidationError(
                _("We do not recognize this. Paste the address of a profile on one of these: %(names)s."),
                params={"names": followable_names()},
            )
        platform = connector_class(link.platform).platform
        if not can_be_followed(platform):
            raise forms.ValidationError(
                _("%(platform)s tells us nothing about profiles."), params={"platform": platform.name}
            )
        return link

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (
            data.get("brand") == SOMEBODY_NEW
            and "competitor" not in self.errors
            and not data.get("competitor")
        ):
            self.add_error("competitor", _("Which competitor? Give it a name."))
        return data


def _named(brand: Brand) -> str:
    own = brand.kind == BrandKind.OWN
    return gettext("%(name)s (you)") % {"name": brand.name} if own else brand.name


def followable_names() -> str:
    return ", ".join(platform.name for platform in platforms() if can_be_followed(platform))


def can_be_followed(platform: Platform) -> bool:
    return not _FOLLOWABLE.isdisjoint({*platform.capabilities, *platform.with_credentials})
