"""The one public page: a tracked link leads on, and is never slower because of us."""

from __future__ import annotations

import logging
import re
from typing import Final
from uuid import uuid4

from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from accounts.middleware import for_anybody
from monitoring.conversions.answer import Answer, Environ
from monitoring.conversions.clicks.answering import Following, answer_from_redis
from monitoring.conversions.clicks.targets import Target, find_target, with_click
from monitoring.conversions.clicks.visitors import is_robot, visitor_of
from monitoring.conversions.clicks.waiting import note_click
from monitoring.conversions.models.links import LONGEST_SLUG

logger = logging.getLogger(__name__)

PLACE: Final = "/l/"
_FOLLOWING: Final = "smedash.following"  # where `follow` finds what `lead_on` noted
_ENDING: Final = re.compile(rf"{PLACE}([A-Za-z0-9_-]{{1,{LONGEST_SLUG}}})", re.ASCII)


def lead_on(environ: Environ) -> Answer | None:
    """The answer in the usual case, ahead of everything that a visitor has no use for; else None.

    Then `follow` answers, with the same click: it may have been noted although nobody said so.
    """
    ending = _ENDING.fullmatch(environ["PATH_INFO"])
    if ending is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    following = _following(environ)
    try:
        target = answer_from_redis(ending[1].lower(), following)
    except RedisError:
        target = None
    address = target.address_at(following.at) if target else ""
    if address:
        return Answer(302, _where_to(address, following))
    environ[_FOLLOWING] = following
    return None


@for_anybody
@csrf_exempt
@require_safe
def follow(request: HttpRequest, ending: str) -> HttpResponseBase:
    """Lead to the link's target and count the click. Only addresses that a member entered are ever led to."""
    try:
        target = find_target(ending.lower())
    except DatabaseError:
        logger.exception("A tracked link could not be looked up.")
        return render(request, "conversions/link_later.html", status=503)
    if target is None:
        raise Http404
    following: Following = request.META.get(_FOLLOWING) or _following(request.META)
    address = target.address_at(following.at)
    if not address:
        return render(request, "conversions/link_ended.html", status=410)
    _count(following, target)
    return HttpResponse(status=302, headers=_where_to(address, following))


def _following(environ: Environ) -> Following:
    now = timezone.now()
    return Following(click_id=uuid4(), at=now, visitor=visitor_of(environ, at=now), is_bot=is_robot(environ))


def _where_to(address: str, following: Following) -> dict[str, str]:
    """A program is not given a click's id: it would hand it to everybody who sees its preview."""
    return {
        "Location": address if following.is_bot else with_click(address, following.click_id),
        "Cache-Control": "private, no-store",  # or a browser would not ask again, and nothing be counted
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }


def _count(following: Following, target: Target) -> None:
    try:
        note_click(following.click_on(target.link_id))
    except DatabaseError:
        # Neither Redis nor the database can take it. The visitor goes on all the same.
        logger.exception("A click was lost.")
