"""`POST /api/events?site=KEY`: pages of an organization's own site tell what happened. docs/api.md explains it.

A page sends text/plain and no cookie, so that no browser asks beforehand; the answer says which origin may read it.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from accounts.middleware import for_anybody
from monitoring.conversions.answer import Environ
from monitoring.conversions.clicks.visitors import is_robot, network_in, visitor_of
from monitoring.conversions.limiting import Limit, seconds_to_wait
from monitoring.conversions.visits.asking import describe_question, question_after
from monitoring.conversions.visits.events import Event, Visited
from monitoring.conversions.visits.reading import Arrival, NotUnderstood, read_arrival
from monitoring.conversions.visits.refusals import note_refusal
from monitoring.conversions.visits.sites import KnownSite, find_site, found_lately, is_site_key
from monitoring.conversions.visits.waiting import EVENTS

logger = logging.getLogger(__name__)

LARGEST_BODY = 8 * 1024
A_MINUTE_FROM_AN_ADDRESS = 240
A_MINUTE_FROM_A_SITE = 12_000
# What every answer says: it is asked by pages of other sites only, and each time anew.
SAID_TO_ALL: Final = {
    "Vary": "Origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
SHOWN: Final = ("unknown_origin", "invalid")  # the others are no fault of the site's pages
# Our snippet causes no preflight; whoever sends JSON as such does.
_ALLOWED: Final = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}


Limits = tuple[Limit, ...]


class _Refused(Exception):
    """`note` is what those who set the site up should see of it."""

    def __init__(self, status: int, code: str, message: str, *, note: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.note = status, code, note

    def as_response(self) -> JsonResponse:
        return JsonResponse({"error": self.code, "message": str(self)}, status=self.status)


@for_anybody
@csrf_exempt  # nothing here depends on who is signed in
def events(request: HttpRequest) -> HttpResponseBase:
    """Take down one event: 204, or 200 with the question to ask; what is refused says why."""
    now = timezone.now()
    key, origin = request.GET.get("site", ""), request.META.get("HTTP_ORIGIN", "")
    limits = limits_of(request.META, key, now)
    site = None
    try:
        site = _find_site(key, limits)
        response = _take(request, site, limits, now)
    except _Refused as refusal:
        response = _refuse(refusal, site, limits)
    except DatabaseError:
        logger.exception("An event was lost: neither Redis nor the database can take it.")
        response = HttpResponse(status=503)
    for name, value in SAID_TO_ALL.items():
        response[name] = value
    if site is not None and site.allows(origin):
        response["Access-Control-Allow-Origin"] = origin
    return response


def limits_of(environ: Environ, key: str, now: datetime) -> Limits:
    network = Limit(f"events:from:{network_in(environ, at=now)}", A_MINUTE_FROM_AN_ADDRESS)
    return (network, Limit(f"events:site:{key}", A_MINUTE_FROM_A_SITE)) if is_site_key(key) else (network,)


def _find_site(key: str, limits: Limits) -> KnownSite:
    """Whoever guesses keys is stopped before anything is looked up for them."""
    site = found_lately(key)
    asked = Limit(f"{limits[0].name}:asked", A_MINUTE_FROM_AN_ADDRESS)
    if site is None and is_site_key(key) and not seconds_to_wait(asked):
        site = find_site(key)
    if site is None:
        raise _Refused(404, "unknown_site", "No site has this key. It stands in the snippet.")
    return site


def _refuse(refusal: _Refused, site: KnownSite | None, limits: Limits) -> HttpResponse:
    wait = seconds_to_wait(*limits)
    if wait:
        return too_many(wait)
    if site is not None and refusal.code in SHOWN:
        note_refusal(site, refusal.code, refusal.note)
    response = refusal.as_response()
    if refusal.status == 405:
        response["Allow"] = "POST, OPTIONS"
    return response


def too_many(wait: int) -> HttpResponse:
    response = _Refused(429, "too_many_requests", "Too many events this minute.").as_response()
    response["Retry-After"] = str(wait)
    return response


def _take(request: HttpRequest, site: KnownSite, limits: Limits, now: datetime) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_ALLOWED)
    if request.method != "POST":
        raise _Refused(405, "method_not_allowed", "Send a POST request.")
    origin = request.META.get("HTTP_ORIGIN", "")
    if not site.allows(origin):
        message = "Pages of this address may not report to this site."
        raise _Refused(403, "unknown_origin", message, note=origin[:100])
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise _Refused(413, "too_large", f"Send at most {LARGEST_BODY} bytes: one event a request.")
    if wants_no_trace(request.META):
        return HttpResponse(status=204)
    return _note(request, arrival_of(request.META, site, now), body, limits)


def wants_no_trace(environ: Environ) -> bool:
    return environ.get("HTTP_SEC_GPC") == "1" or environ.get("HTTP_DNT") == "1"


def arrival_of(environ: Environ, site: KnownSite, now: datetime) -> Arrival:
    return Arrival(site, now, visitor_of(environ, at=now), is_robot(environ))


def _note(request: HttpRequest, arrival: Arrival, body: bytes, limits: Limits) -> HttpResponse:
    try:
        event = read_arrival(body, arrival)
    except NotUnderstood as wrong:
        raise _Refused(400, "invalid", str(wrong), note=str(wrong)) from None
    if is_made_up(arrival, event):
        return HttpResponse(status=204)
    wait = EVENTS.note_within(limits, event)
    return too_many(wait) if wait else _answer(request, arrival.site, event)


def is_made_up(arrival: Arrival, event: Event) -> bool:
    """A robot that walks through a shop orders nothing."""
    return arrival.is_bot and not isinstance(event, Visited)


def _answer(request: HttpRequest, site: KnownSite, event: Event) -> HttpResponse:
    asked = question_after(site, event)
    if asked is None:
        return HttpResponse(status=204)
    with translation.override(translation.get_language_from_request(request)):
        return JsonResponse(describe_question(site, asked.idempotency_key))
