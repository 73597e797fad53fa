"""How django-allauth behaves here."""

from __future__ import annotations

import smtplib
from typing import Any, Final

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.mail import explain_failure
from accounts.models import User

_WAYS_TO_CONFIRM: Final = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
_log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Who may sign up says the setting SIGN_UP; a mail that cannot be sent gives nothing away."""

    error_messages = {  # noqa: RUF012 - as the class above has it
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail or the password is not correct."),
        "too_many_login_attempts": _("Too many failed attempts. Wait a few minutes, then try again."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your password."),
        "same_as_current": _("That is the address you have."),
        "email_taken": _("This address cannot be used. Take another one, or sign in."),
        "duplicate_email": _("That is the address you have."),
        "max_email_addresses": _("Cancel the change you asked for first."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGN_UP == "open")

    def save_user(self, request: HttpRequest, user: User, form: forms.BaseForm, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "") or user.name
        super().save_user(request, user, form, commit=False)
        user.email = user.email.lower()
        if commit:
            user.save()
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by the day, too."""
        super().pre_authenticate(request, **credentials)
        self._today = ratelimit.consume(
            request, config=settings.ACCOUNT_RATE_LIMITS, action="login_failed_today"
        )
        if not self._today:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """The password was right, so nothing was guessed."""
        super()._rollback_login_failed_rl_usage()
        if getattr(self, "_today", None):
            self._today.rollback()

    def is_safe_url(self, url: str | None) -> bool:
        """Where somebody asks to be led afterwards: our own paths, and nothing that only looks like one."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method | {"description": _WAYS_TO_CONFIRM[method["id"]]} for method in found]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send now. Where it fails, a known and an unknown address get the same answer all the same."""
        try:
            super().send_mail(template_prefix, email, _at_public_address(context))
        except (smtplib.SMTPException, OSError) as error:
            _log.exception("account_mail_failed", template=template_prefix)
            _tell_who_is_signed_in(error)


def _at_public_address(facts: dict[str, Any]) -> dict[str, Any]:
    """Links lead to the public address, whatever name the request called us by."""
    here = context.request.build_absolute_uri("/")
    return {
        name: f"{settings.PUBLIC_URL}/{fact.removeprefix(here)}"
        if isinstance(fact, str) and fact.startswith(here)
        else fact
        for name, fact in facts.items()
    }


def _tell_who_is_signed_in(error: Exception) -> None:
    if context.request.user.is_authenticated:
        messages.error(context.request, explain_failure(error))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts elsewhere. They open an account here only after their owner connected them, signed in."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = (data.get("name") or " ".join(part for part in parts if part))[:120]
        user.email = user.email.lower()
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: object) -> str:
        return reverse("mfa_index")
