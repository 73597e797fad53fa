"""Every page speaks the reader's language, and the next visit begins where the last one ended."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

LAST_ORGANIZATION = "organization"  # in the session

Respond = Callable[[HttpRequest], HttpResponseBase]


class ReaderMiddleware:
    """Activates the language a person chose and remembers the organization they looked at.

    LocaleMiddleware found a language for everybody else. The time zone is set by `accounts.access.member` and
    ends with the request.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        timezone.deactivate()
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
        response = self.get_response(request)
        self._remember_organization(request)
        return response

    def _remember_organization(self, request: HttpRequest) -> None:
        organization = getattr(request, "organization", None)
        if organization is not None and request.session.get(LAST_ORGANIZATION) != organization.slug:
            request.session[LAST_ORGANIZATION] = organization.slug
