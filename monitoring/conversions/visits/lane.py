"""The usual event, answered ahead of Django: of a site that Redis knows, from an address of its own.

Everything else goes the ordinary way, to `endpoint.events`, which says what is wrong: what cannot be understood, an
order after which a question is asked, a site that has to be looked up in the database.
"""

from __future__ import annotations

import re
from typing import Final

from django.db import Error as DatabaseError
from django.utils import timezone

from monitoring.conversions.answer import Answer, Environ, put_body_back, take_body
from monitoring.conversions.visits import endpoint
from monitoring.conversions.visits.asking import question_after
from monitoring.conversions.visits.reading import NotUnderstood, read_arrival
from monitoring.conversions.visits.sites import KnownSite, known_site
from monitoring.conversions.visits.waiting import EVENTS

PLACE: Final = "/api/events"
_QUERY: Final = re.compile(r"site=([0-9a-z]{1,24})", re.ASCII)


def take_ahead(environ: Environ) -> Answer | None:
    """None where the ordinary way has to answer. Then nothing was noted, or what was noted counts once all the same."""
    asked = _QUERY.fullmatch(environ["QUERY_STRING"])
    if asked is None or environ["PATH_INFO"] != PLACE or environ["REQUEST_METHOD"] != "POST":
        return None
    site, origin = known_site(asked[1]), environ.get("HTTP_ORIGIN", "")
    if site is None or not site.allows(origin):
        return None
    body = take_body(environ, endpoint.LARGEST_BODY)
    if body is None:
        return None
    answer = _take(environ, asked[1], site, body)
    if answer is None:
        put_body_back(environ, body)
        return None
    said = {**answer.headers, **endpoint.SAID_TO_ALL, "Access-Control-Allow-Origin": origin}
    return Answer(answer.status, said, answer.body)


_TAKEN: Final = Answer(204)


def _take(environ: Environ, key: str, site: KnownSite, body: bytes) -> Answer | None:
    if endpoint.wants_no_trace(environ):
        return _TAKEN
    now = timezone.now()
    arrival = endpoint.arrival_of(environ, site, now)
    try:
        event = read_arrival(body, arrival)
        if question_after(site, event):
            return None
        if endpoint.is_made_up(arrival, event):
            return _TAKEN
        wait = EVENTS.note_within(endpoint.limits_of(environ, key, now), event)
    except (NotUnderstood, DatabaseError):
        return None
    return Answer.of(endpoint.too_many(wait)) if wait else _TAKEN
