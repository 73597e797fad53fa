"""Every page speaks the reader's language, and the next visit begins where the last one ended."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from redis.exceptions import RedisError

LAST_ORGANIZATION = "organization"  # in the session

# Their forms lead to another service, and browsers follow only where the page's policy allows it.
_LEAD_ELSEWHERE = frozenset(
    {"account_login", "account_signup", "google_login", "microsoft_login", "socialaccount_connections"}
)
# Where there is nothing to show or to end before something was set up.
_NEED_A_FACTOR = frozenset({"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"})
_log = structlog.get_logger(__name__)

Respond = Callable[[HttpRequest], HttpResponseBase]
OpenView = Callable[..., HttpResponseBase]


class ReaderMiddleware:
    """Activates the language a person chose, knows them and their theme, and remembers their organization of last.

    LocaleMiddleware found a language for everybody else. The time zone is set by `accounts.access.member` and
    ends with the request. Behind a view marked by `for_anybody` nobody is looked up.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        timezone.deactivate()
        response = self.get_response(request)
        self._remember_organization(request)
        return response

    def process_view(self, request: HttpRequest, view: OpenView, *_arguments: object) -> None:
        if getattr(view, "for_anybody", False):
            return
        language = getattr(request.user, "language", "")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
        # The person's own, where this browser has not chosen another.
        request.theme = getattr(request.user, "theme", "")  # type: ignore[attr-defined]  # read by page_frame
        request.reader = str(request.user.pk or "")  # type: ignore[attr-defined]  # read by page_frame, too

    def _remember_organization(self, request: HttpRequest) -> None:
        organization = getattr(request, "organization", None)
        if organization is not None and request.session.get(LAST_ORGANIZATION) != organization.slug:
            request.session[LAST_ORGANIZATION] = organization.slug


class SignInMiddleware:
    """Around the pages of django-allauth.

    Attempts are counted in Redis. While it is away nobody can sign in or change how, since guesses would be free;
    whoever is signed in goes on working.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        found = request.resolver_match
        if found is not None and found.url_name in _LEAD_ELSEWHERE and settings.SIGN_IN_WITH:
            origins = [provider.origin for provider in settings.SIGN_IN_WITH]
            response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]  # read by django-csp
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        found = request.resolver_match
        if (
            not isinstance(error, RedisError)
            or found is None
            or not found.func.__module__.startswith("allauth.")
        ):
            return None
        _log.error("sign_in_without_redis", error=str(error))
        return render(request, "accounts/sign_in_pauses.html", status=503)


def for_anybody(view: OpenView) -> OpenView:
    """Mark a view that answers without knowing who asks: without the database, too."""
    view.for_anybody = True  # type: ignore[attr-defined]  # read by ReaderMiddleware
    return view
