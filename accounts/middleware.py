"""Every page speaks the reader's language, and the next visit begins where the last one ended."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

LAST_ORGANIZATION = "organization"  # in the session

Respond = Callable[[HttpRequest], HttpResponseBase]
OpenView = Callable[..., HttpResponseBase]


class ReaderMiddleware:
    """Activates the language a person chose and remembers the organization they looked at.

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
        language = "" if getattr(view, "for_anybody", False) else getattr(request.user, "language", "")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)

    def _remember_organization(self, request: HttpRequest) -> None:
        organization = getattr(request, "organization", None)
        if organization is not None and request.session.get(LAST_ORGANIZATION) != organization.slug:
            request.session[LAST_ORGANIZATION] = organization.slug


def for_anybody(view: OpenView) -> OpenView:
    """Mark a view that answers without knowing who asks: without the database, too."""
    view.for_anybody = True  # type: ignore[attr-defined]  # read by ReaderMiddleware
    return view
