"""Answers ahead of Django, for addresses that are asked often and by nobody we know.

No session, language, log or address book is needed to count a click. What the web server hands over (PEP 3333) goes to
a lane, which answers from memory and Redis; what it does not answer goes the ordinary way, to the view in the address
book. Its answers are counted where they belong, and are not worth a line in the log as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware

from monitoring.conversions.answer import Answer, Environ
from monitoring.conversions.views import following
from monitoring.conversions.visits import lane
from smedash.browser_policy import BrowserPolicyMiddleware

Lane = Callable[[Environ], Answer | None]
Application = Callable[[Environ, Callable[..., Any]], Any]  # Django's answers with a response

# By how the address begins.
LANES: Final[Mapping[str, Lane]] = {
    following.PLACE: following.lead_on,
    lane.PLACE: lane.take_ahead,
}
_STATUS: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class FastLane:
    """Around Django's own application. What browsers are told of every answer, its answers say as well."""

    def __init__(self, application: Application, lanes: Mapping[str, Lane] = LANES) -> None:
        self.application, self.lanes = application, lanes
        self.policy = _policy()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        for beginning, ask in self.lanes.items():
            if path.startswith(beginning):
                answer = ask(environ) if _is_safe(environ) else None
                if answer is None:
                    break
                start_response(_STATUS[answer.status], [*{**self.policy, **answer.headers}.items()])
                return [answer.body]
        return self.application(environ, start_response)


def _is_safe(environ: Environ) -> bool:
    """Not what is to be led to https first: the ordinary way does that."""
    if not settings.SECURE_SSL_REDIRECT:
        return True
    if settings.SECURE_PROXY_SSL_HEADER:
        header, value = settings.SECURE_PROXY_SSL_HEADER
        return bool(environ.get(header) == value)
    return bool(environ["wsgi.url_scheme"] == "https")


def _policy() -> dict[str, str]:
    """What the outermost middleware adds to an answer over https that says nothing itself."""
    asked = {"REQUEST_METHOD": "GET", "wsgi.url_scheme": "https", "wsgi.input": BytesIO()}
    if settings.SECURE_PROXY_SSL_HEADER:
        asked.update([settings.SECURE_PROXY_SSL_HEADER])
    request, response = WSGIRequest(asked), HttpResponse()
    SecurityMiddleware(lambda _request: response).process_response(request, response)
    said = dict(BrowserPolicyMiddleware(lambda _request: response)(request).headers.items())
    return {name: value for name, value in said.items() if name != "Content-Type"}
