"""What people type to sign in and up. allauth's forms, with our words and a few checks more."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    _BaseAddWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import parse_authentication_response
from allauth.socialaccount.forms import SignupForm as ConnectedSignupForm
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.encryption import WrongKey

LONGEST_NAME = 120
_LONGEST_PASSKEY_NAME = 60
_GOOD_PASSWORD = _("At least 12 characters. A sentence works well.")
_CANNOT_OPEN = _(
    "This server cannot open what your codes follow from: a key is missing among its ENCRYPTION_KEYS. "
    "Its operator can put it back."
)
# What a browser sends as a passkey may be anything; the library trips over it in many ways.
_MALFORMED: Final = (TypeError, ValueError, KeyError, AttributeError, IndexError)


def _name_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "name"})
    return forms.CharField(label=_("Your name"), max_length=LONGEST_NAME, widget=widget)


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["remember"].label = _("Stay signed in for 30 days")


class SignUpForm(SignupForm):  # type: ignore[misc]
    name = _name_field()
    field_order = ("name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["password1"].help_text = _GOOD_PASSWORD

    def try_save(self, request: HttpRequest) -> Any:
        """An address that has an account is answered like another one, and no sooner."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class _NewPassword:
    """A password is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # of the form beside it
        fields["password1"].label = _("New password")
        fields["password1"].help_text = _GOOD_PASSWORD
        fields["password2"].label = _("New password again")
        if "oldpassword" in fields:
            fields["oldpassword"].label = _("Your password so far")


class OtherPasswordForm(_NewPassword, ChangePasswordForm):  # type: ignore[misc]
    """In place of the one they know."""


class FirstPasswordForm(_NewPassword, SetPasswordForm):  # type: ignore[misc]
    """For somebody whom only another service signed in so far."""


class ForgottenPasswordForm(_NewPassword, ResetPasswordKeyForm):  # type: ignore[misc]
    """In place of a forgotten one, by the link in a mail."""


class AskForLinkForm(ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")


class NewAddressForm(AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New address")

    def clean(self) -> dict[str, Any]:
        if not settings.EMAIL_HOST:
            raise forms.ValidationError(_("This server sends no mail, so a new address cannot be verified."))
        return dict(self.cleaned_data)


class ConnectedSignUpForm(ConnectedSignupForm):  # type: ignore[misc]
    """Somebody comes with an account elsewhere, and has none here."""

    name = _name_field()
    field_order = ("name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = self.sociallogin.user.name
        self.fields["email"].label = _("E-mail")


class _Once:
    """A code of an app counts once: it would work again until the tolerance for slow clocks has passed.

    Six digits are soon guessed, so wrong ones are also counted by the day. Who gets here knows the password: nobody
    else can lock a person out this way.
    """

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        account = {"action": "second_factor", "key": str(self.user.pk)}
        if not ratelimit.consume(context.request, **account):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of the form beside it
        except WrongKey:
            raise forms.ValidationError(_CANNOT_OPEN) from None
        if self.authenticator.type == Authenticator.Type.TOTP and not _use_up(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        ratelimit.clear(context.request, **account)
        return code


def _use_up(user: Any, code: str) -> bool:
    """Remember a code as long as it works. False where it was used before."""
    seconds = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
    return bool(cache.add(f"totp:{user.pk}:{code}", value=True, timeout=seconds))


def _explain_code(form: Any) -> None:
    form.fields["code"].label = _("Code")
    form.fields["code"].widget.attrs.update({"placeholder": "", "inputmode": "numeric"})


class CodeForm(_Once, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _explain_code(self)


class CodeAgainForm(_Once, ReauthenticateForm):  # type: ignore[misc]
    """Before something that concerns the account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _explain_code(self)


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The app shows the right code, so it may be relied on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _explain_code(self)
        self.fields["code"].label = _("The code that your app shows")

    def clean_code(self) -> str:
        """Whoever saw it typed cannot sign in with it."""
        code: str = super().clean_code()
        _use_up(self.user, code)
        return code


class _Passkey:
    """Whatever was sent as a passkey, a wrong one is refused and nothing breaks."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form beside it
        except _MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None


class UsePasskeyForm(_Passkey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class UsePasskeyAgainForm(_Passkey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Before something that concerns the account."""


class PasskeySignInForm(_Passkey, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of a password: then its device must have recognized the person."""

    def clean_credential(self) -> Authenticator:
        answer = self.cleaned_data["credential"]
        authenticator: Authenticator = super().clean_credential()
        if not parse_authentication_response(answer).response.authenticator_data.is_user_verified():
            raise forms.ValidationError(
                _("This passkey did not ask who you are. Sign in with your password, then use it.")
            )
        return authenticator


class AddPasskeyForm(_BaseAddWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=_LONGEST_PASSKEY_NAME,
        help_text=_("So that you know it again: “Phone”, “Key on my key ring”."),
    )

    def clean(self) -> dict[str, Any]:
        try:
            data: dict[str, Any] = super().clean()
        except _MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None
        return data


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Name"), max_length=_LONGEST_PASSKEY_NAME)
