"""What people type to connect an account or to name a server. Secrets are never shown again, not even their length."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monitoring.lib.figures import format_money
from monitoring.platforms.errors import AccessDenied, ConnectorError, NotFound
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.opening import normalized_server
from monitoring.platforms.selectors import is_paid
from monitoring.platforms.services import LONGEST_SERVER
from monitoring.platforms.spending import SpendLimitReached
from monitoring.platforms.types import CredentialField, Platform

SERVER, LIMIT, RECHECKS = "server", "monthly_spend_limit", "rechecks_posts"
_AS_TYPED = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
# Tokens travel in headers, which hold nothing else; something else came along when copying.
_plain = RegexValidator(r"^[ -~]*\Z", _("This holds a character that is in no such key. Copy it again."))


class ServerField(forms.CharField):
    """An address in its one spelling; a bare host name will do."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "url", **_AS_TYPED}
        super().__init__(max_length=LONGEST_SERVER, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            address = normalized_server(typed)
            parts = urlsplit(address)
            readable = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
        except ValueError:
            readable = False
        if not readable or any(letter.isspace() for letter in address):
            raise forms.ValidationError(_("This is not the address of a server, such as example.com."))
        return address


class PlatformForm(forms.Form):
    """A form whose answers a platform has the last word on."""

    secrets: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # what says whose account it is

    def blame(self, error: ConnectorError) -> None:
        """Show what the platform answered at the field that can change it."""
        self.add_error(self._place_of(error), str(error))

    def _place_of(self, error: ConnectorError) -> str | None:
        places: tuple[str, ...] = (SERVER,)
        if isinstance(error, SpendLimitReached):
            places = (LIMIT,)
        elif isinstance(error, AccessDenied):
            places = (*reversed(self.secrets), SERVER)
        elif isinstance(error, NotFound):
            places = (SERVER, *self.names)
        return next((place for place in places if place in self.fields), None)


class AccountForm(PlatformForm):
    """An account of one platform: the fields are those that its connector declares.

    For an account that is connected already, an empty field leaves what is stored as it is.
    """

    def __init__(
        self, *args: Any, platform: Platform, account: ConnectedAccount | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.platform = platform
        if platform.many_servers and account is None:
            home = next(iter(platform.default_servers), "")
            self.fields[SERVER] = ServerField(label=_("Server"), initial=home)
        if account:
            self.fields["connected_as"] = _who(account)
        for wanted in sorted(platform.credential_fields, key=lambda each: each.secret):
            self.fields[wanted.name] = credential_field(wanted, keeps=account is not None)
        self.secrets = tuple(wanted.name for wanted in platform.credential_fields if wanted.secret)
        self.names = tuple(wanted.name for wanted in platform.credential_fields if not wanted.secret)
        if is_paid(platform):
            self.fields[LIMIT] = _limit_field(account)
            self.fields[RECHECKS] = _rechecks_field(platform, account)

    @property
    def credentials(self) -> dict[str, str]:
        typed = {wanted.name: self.cleaned_data[wanted.name] for wanted in self.platform.credential_fields}
        return {name: value for name, value in typed.items() if value}

    @property
    def server(self) -> str:
        return str(self.cleaned_data.get(SERVER, ""))

    @property
    def monthly_spend_limit(self) -> Decimal | None:
        return self.cleaned_data.get(LIMIT)

    @property
    def rechecks_posts(self) -> bool:
        return bool(self.cleaned_data.get(RECHECKS))


class ServerForm(PlatformForm):
    """A further server of a platform, or a feed."""

    def __init__(self, *args: Any, platform: Platform, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if platform.servers_are_read_whole:
            label, note = (
                _("Address"),
                _("Of a feed, a blog, a news site, a Google Alert or a YouTube channel."),
            )
        else:
            label, note = _("Server"), _("Its name is enough: example.social")
        self.fields[SERVER] = ServerField(label=label, help_text=note)


def _who(account: ConnectedAccount) -> forms.CharField:
    """Says which account this is, to people and to their password managers."""
    return forms.CharField(
        label=_("Account"),
        initial=account.handle,
        disabled=True,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


def credential_field(wanted: CredentialField, *, keeps: bool) -> forms.CharField:
    """The widget never gives a secret back, so a form that comes back asks for it again."""
    attributes = {**_AS_TYPED, **({"autocomplete": "new-password"} if wanted.secret else {})}
    kept = gettext("Leave it empty to keep the one we have.")
    return forms.CharField(
        label=wanted.label,
        help_text=f"{wanted.help_text} {kept}".strip() if keeps else wanted.help_text,
        required=not keeps,
        max_length=2000,
        validators=[_plain] if wanted.secret else [],
        widget=forms.PasswordInput(attrs=attributes) if wanted.secret else forms.TextInput(attrs=attributes),
    )


def _limit_field(account: ConnectedAccount | None) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Limit per month, in US dollars"),
        help_text=_("Nothing more is read once it is reached, until the next month begins."),
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=2,
        initial=account.monthly_spend_limit if account else None,
    )


def _rechecks_field(platform: Platform, account: ConnectedAccount | None) -> forms.BooleanField:
    price = format_money(platform.price_per_post * 1000, "USD")
    return forms.BooleanField(
        label=_("Look every month whether the posts you keep still exist"),
        help_text=gettext("A look at 1,000 posts costs %(price)s, within the limit.") % {"price": price},
        required=False,
        initial=account.rechecks_posts if account else False,
    )
