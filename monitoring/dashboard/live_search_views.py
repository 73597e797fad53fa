"""The public page that searches the platforms, where the operator switched it on."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from monitoring.conversions.clicks.visitors import network_of
from monitoring.conversions.limiting import Limit, seconds_to_wait
from monitoring.dashboard.live_search import LONGEST_NAME, LiveSearch, query_of
from monitoring.listening.rehearsing.asking import plan_rehearsal, read_rehearsal
from monitoring.listening.tasks import rehearse

WRONG, TOO_MANY = 422, 429
A_MINUTE_EACH, A_MINUTE_ALL = 5, 60


@never_cache
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """A form; with a name in the address the answers, as far as they have come."""
    _refuse_where_off()
    name = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_NAME]
    if not name:
        return render(request, "dashboard/search.html", {"name": ""})
    query = query_of(name)
    if query is None:
        problem = _("We cannot search for “%(name)s”. Type a name of letters or numbers.") % {"name": name}
        return render(request, "dashboard/search.html", {"name": name, "problem": problem}, status=WRONG)
    waiting = _seconds_to_wait(request)
    if waiting:
        return _too_many(request, name, waiting)
    rehearsal, begun = plan_rehearsal(organization=None, query=query)
    for needs in begun:
        rehearse.delay(rehearsal.key, query.text, [asdict(need) for need in needs])
    found = LiveSearch(name, rehearsal, timezone.now())
    return render(request, "dashboard/search.html", _page(request, found))


@never_cache
@require_GET
def answers(request: HttpRequest, key: str) -> HttpResponse:
    """The answers so far, for the page that waits for them."""
    _refuse_where_off()
    rehearsal = read_rehearsal(organization=None, key=key)
    if rehearsal is None:
        raise Http404
    name = request.GET.get("q", "").replace("\0", "")[:LONGEST_NAME]
    return render(
        request, "dashboard/_search_answers.html", _page(request, LiveSearch(name, rehearsal, timezone.now()))
    )


def _refuse_where_off() -> None:
    if not settings.PUBLIC_SEARCH:
        raise Http404


def _page(request: HttpRequest, found: LiveSearch) -> dict[str, object]:
    return {"name": found.name, "found": found, "watch": _way_to_watch(request, found.name)}


def _way_to_watch(request: HttpRequest, name: str) -> str:
    """Where "keep watching this" leads: to a new business of that name, by way of signing up or in."""
    start = reverse("dashboard:start") + "?" + urlencode({"name": name})
    if request.user.is_authenticated:
        return start
    door = "account_signup" if settings.SIGN_UP == "open" else "account_login"
    return reverse(door) + "?" + urlencode({"next": start})


def _seconds_to_wait(request: HttpRequest) -> int:
    asking = network_of(request, at=timezone.now())
    return seconds_to_wait(Limit(f"search:{asking}", A_MINUTE_EACH), Limit("search", A_MINUTE_ALL))


def _too_many(request: HttpRequest, name: str, seconds: int) -> HttpResponse:
    problem = _("Many searches are under way. Try again in a minute.")
    response = render(request, "dashboard/search.html", {"name": name, "problem": problem}, status=TOO_MANY)
    response["Retry-After"] = str(seconds)
    return response
