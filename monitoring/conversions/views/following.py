"""The one public page: a tracked link leads on, and is never slower because of us."""

from __future__ import annotations

import logging
from uuid import uuid4

from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounts.middleware import for_anybody
from monitoring.conversions.clicks.storing import FollowedLink
from monitoring.conversions.clicks.targets import Target, find_target
from monitoring.conversions.clicks.visitors import is_robot, visitor_of
from monitoring.conversions.clicks.waiting import note_click

logger = logging.getLogger(__name__)


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
    _count(request, target)
    response = HttpResponseRedirect(target.address)
    response["Cache-Control"] = (
        "private, no-store"  # or a browser would not ask again, and nothing be counted
    )
    response["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response


def _count(request: HttpRequest, target: Target) -> None:
    now = timezone.now()
    click = FollowedLink(
        click_id=uuid4(),
        link_id=target.link_id,
        clicked_at=now,
        visitor=visitor_of(request, at=now),
        is_bot=is_robot(request),
    )
    try:
        note_click(click)
    except DatabaseError:
        # Neither Redis nor the database can take it. The visitor goes on all the same.
        logger.exception("A click was lost.")
