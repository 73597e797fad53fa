"""`POST /api/events?site=KEY`: pages of an organization's own site tell what happened. docs/api.md explains it.

A page sends text/plain and no cookie, so that no browser asks beforehand; the answer says which origin may read it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.middleware import for_anybody
from monitoring.conversions.clicks.visitors import is_robot, network_of, visitor_of
from monitoring.conversions.limiting import Limit, seconds_to_wait
from monitoring.conversions.models import Kind
from monitoring.conversions.visits.asking import describe_question
from monitoring.conversions.visits.events import Converted, Event, Visited
from monitoring.conversions.visits.reading import Arrival, NotUnderstood, read_arrival
from monitoring.conversions.visits.refusals import note_refusal
from monitoring.conversions.visits.sites import KnownSite, find_site, is_site_key
from monitoring.conversions.visits.waiting import EVENTS

logger = logging.getLogger(__name__)

LARGEST_BODY = 8 * 1024
A_MINUTE_FROM_AN_ADDRESS = 240
A_MINUTE_FROM_A_SITE = 12_000
_SHOWN = 100  # characters of a refused origin


class _Refused(Exception):
    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers or {}


@for_anybody
@csrf_exempt  # nothing here depends on who is signed in
def events(request: HttpRequest) -> HttpResponseBase:
    """Take down one event: 204, or 200 with the question to ask; what is refused says why."""
    origin = request.headers.get("Origin", "")
    site = None
    try:
        if request.method not in ("POST", "OPTIONS"):
            raise _Refused(405, "method_not_allowed", "Send a POST request.", {"Allow": "POST, OPTIONS"})
        site = _site_of(request)
        response = _preflight() if request.method == "OPTIONS" else _take(request, site, origin)
    except _Refused as refusal:
        told = {"error": refusal.code, "message": str(refusal)}
        response = JsonResponse(told, status=refusal.status, headers=refusal.headers)
    except DatabaseError:
        logger.exception("An event was lost: neither Redis nor the database can take it.")
        response = HttpResponse(status=503)
    response["Vary"] = "Origin"
    response["Cache-Control"] = "no-store"
    if site is not None and site.allows(origin):
        response["Access-Control-Allow-Origin"] = origin
    return response


def _site_of(request: HttpRequest) -> KnownSite:
    key = request.GET.get("site", "")
    if is_site_key(key):
        _check_flood(request, key)
        site = find_site(key)
        if site is not None:
            return site
    raise _Refused(404, "unknown_site", "No site has this key. It stands in the snippet.")


def _check_flood(request: HttpRequest, key: str) -> None:
    wait = seconds_to_wait(
        Limit(f"events:from:{network_of(request, at=timezone.now())}", A_MINUTE_FROM_AN_ADDRESS),
        Limit(f"events:site:{key}", A_MINUTE_FROM_A_SITE),
    )
    if wait:
        raise _Refused(429, "too_many_requests", "Too many events this minute.", {"Retry-After": str(wait)})


def _preflight() -> HttpResponse:
    """Our snippet causes none; whoever sends JSON as such does."""
    allowed = {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=allowed)


def _take(request: HttpRequest, site: KnownSite, origin: str) -> HttpResponse:
    if not site.allows(origin):
        note_refusal(site, "unknown_origin", origin[:_SHOWN])
        raise _Refused(403, "unknown_origin", "Pages of this address may not report to this site.")
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise _Refused(413, "too_large", f"Send at most {LARGEST_BODY} bytes: one event a request.")
    if request.headers.get("Sec-GPC") == "1" or request.headers.get("DNT") == "1":
        return HttpResponse(status=204)
    return _note(request, site, body)


def _note(request: HttpRequest, site: KnownSite, body: bytes) -> HttpResponse:
    now = timezone.now()
    arrival = Arrival(site, now, visitor_of(request, at=now), is_robot(request))
    try:
        event = read_arrival(body, arrival)
    except NotUnderstood as wrong:
        note_refusal(site, "invalid", str(wrong))
        raise _Refused(400, "invalid", str(wrong)) from None
    # A robot that walks through a shop orders nothing.
    if isinstance(event, Visited) or not arrival.is_bot:
        EVENTS.note(event)
    return _answer(site, event)


def _answer(site: KnownSite, event: Event) -> HttpResponse:
    if site.asks_how_heard and isinstance(event, Converted) and event.kind == Kind.ORDER:
        return JsonResponse(describe_question(site, event.idempotency_key))
    return HttpResponse(status=204)
