"""What people type to connect a shop. Secrets are never shown again, not even their length."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from monitoring.conversions.models import ShopConnection
from monitoring.conversions.shops.connector import ShopConnector
from monitoring.platforms.errors import AccessDenied, ConnectorError, NotFound
from monitoring.platforms.forms import PlatformForm, credential_field

ADDRESS = "address"
LONGEST_ADDRESS = 255
_AS_TYPED = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
_plain = RegexValidator(r"^[ -~]*\Z", _("This holds a character that is in no such key. Copy it again."))


class ShopForm(PlatformForm):
    """The fields are those that the shop's connector declares.

    For a shop that is connected already, an empty field leaves what is stored as it is.
    """

    def __init__(
        self,
        *args: Any,
        connector: type[ShopConnector],
        connection: ShopConnection | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.connector = connector
        asked = connector.shop.address_field
        if asked and connection is None:
            self.fields[ADDRESS] = forms.CharField(
                label=asked.label,
                help_text=asked.help_text,
                max_length=LONGEST_ADDRESS,
                widget=forms.TextInput(attrs=_AS_TYPED),
            )
        for wanted in connector.shop.credential_fields:
            self.fields[wanted.name] = credential_field(wanted, keeps=connection is not None)
        self.secrets = tuple(wanted.name for wanted in connector.shop.credential_fields if wanted.secret)

    def clean_address(self) -> str:
        """In its one spelling. A site of one's own must be asked over https: the keys travel along."""
        try:
            address = self.connector.tidy_address(self.cleaned_data[ADDRESS])
        except ValueError as error:
            raise forms.ValidationError(_("This does not look right. %(why)s") % {"why": error}) from None
        if len(address) > LONGEST_ADDRESS:
            raise forms.ValidationError(_("This is too long to keep."))
        if address.startswith("http://") and urlsplit(address).hostname not in settings.PRIVATE_HOSTS_ALLOWED:
            raise forms.ValidationError(_("Your shop needs https: your keys would travel in the open."))
        return address

    @property
    def address(self) -> str:
        return str(self.cleaned_data.get(ADDRESS, ""))

    @property
    def credentials(self) -> dict[str, str]:
        names = (wanted.name for wanted in self.connector.shop.credential_fields)
        return {name: self.cleaned_data[name].strip() for name in names if self.cleaned_data[name]}

    def _place_of(self, error: ConnectorError) -> str | None:
        places: tuple[str, ...] = (ADDRESS,)
        if isinstance(error, AccessDenied):
            places = (*reversed(self.secrets), ADDRESS)
        elif isinstance(error, NotFound):
            places = (ADDRESS, *self.secrets)
        return next((place for place in places if place in self.fields), None)


class WebhookForm(forms.Form):
    """The secret that the shop signs its calls with."""

    secret = forms.CharField(
        label=_("Webhook secret"),
        max_length=500,
        validators=[_plain],
        widget=forms.PasswordInput(attrs={**_AS_TYPED, "autocomplete": "new-password"}),
    )
