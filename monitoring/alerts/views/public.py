"""What those outside reach: a feed or the widget by its token, and the one click that ends mails."""

from __future__ import annotations

from typing import Final

from csp.constants import NONE, SELF
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import for_anybody
from monitoring.alerts.mails.choosing import choose_rhythm, find_alert, read_off_token
from monitoring.alerts.outside import feeds, widgets
from monitoring.alerts.outside.answers import SECONDS, keep_answer
from monitoring.alerts.outside.rendering import RenderedFeed, render_feed
from monitoring.alerts.outside.widgets import Framed, render_widget
from monitoring.conversions.clicks.visitors import network_of
from monitoring.conversions.limiting import Limit, seconds_to_wait

FEEDS_A_MINUTE: Final = 60  # from one network
WIDGETS_A_MINUTE: Final = 300
_GONE: Final = 410
_TOO_MANY: Final = 429


@for_anybody
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Whoever holds the address reads the feed. A revoked one answers 410, so that readers stop asking."""
    refused = _refuse_flood(request, "feed", FEEDS_A_MINUTE)
    if refused:
        return refused
    digest = feeds.digest_in(token)
    rendered = keep_answer(digest, lambda: _render_feed(digest)) if digest else None
    if rendered is None:
        return _answer_no_feed(digest)
    headers = {
        "ETag": quote_etag(rendered.fingerprint),
        "Last-Modified": http_date(rendered.changed_at.timestamp()),
        "Cache-Control": f"private, max-age={SECONDS}",
        "X-Robots-Tag": "noindex, nofollow",
    }
    response = HttpResponse(rendered.body, content_type=rendered.content_type, headers=headers)
    modified = int(rendered.changed_at.timestamp())
    return get_conditional_response(request, headers["ETag"], modified, response) or response


def _render_feed(digest: str) -> RenderedFeed | None:
    found = feeds.find_feed(digest=digest)
    if found is None or found.revoked_at is not None:
        return None
    now = timezone.now()
    if feeds.revoke_if_orphaned(feed=found, now=now):
        return None
    feeds.note_use(feed=found, now=now)
    return render_feed(feed=found, now=now)


def _answer_no_feed(digest: str) -> HttpResponse:
    if digest and feeds.find_feed(digest=digest):
        return HttpResponse(_("This feed was revoked."), status=_GONE, content_type="text/plain")
    raise Http404


@for_anybody
@require_safe
def widget(request: HttpRequest, token: str) -> HttpResponseBase:
    """A page without scripts, for a frame on one of the listed hosts and nowhere else."""
    refused = _refuse_flood(request, "widget", WIDGETS_A_MINUTE)
    if refused:
        return refused
    digest = widgets.digest_in(token)
    framed = keep_answer(digest, lambda: render_widget(digest=digest)) if digest else None
    if framed is None:
        raise Http404
    return _frame(framed)


def _frame(framed: Framed) -> HttpResponse:
    response = HttpResponse(framed.html)
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    response["Content-Language"] = framed.language
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    # Without a scheme a host holds for the scheme of this very page: no http page frames an https one.
    ancestors = [name for host in framed.hosts for name in (host, f"www.{host}")]
    response._csp_config = {  # type: ignore[attr-defined]  # read by django-csp
        "default-src": [NONE],
        "style-src": [SELF],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": ancestors,
    }
    response.xframe_options_exempt = True  # that header knows no list of hosts
    return response


@csrf_exempt  # mail programs send the click themselves (RFC 8058): the token is all they have, and enough
@never_cache
@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, because mail servers follow links; sending the form does."""
    found = read_off_token(token)
    if found is None:
        raise Http404
    view, membership = found
    if request.method == "POST":
        choose_rhythm(view=view, membership=membership, rhythm=None, now=timezone.now())
    is_off = find_alert(view=view, membership=membership) is None
    context = {"view": view, "business": membership.organization, "is_off": is_off}
    return render(request, "alerts/off.html", context)


def _refuse_flood(request: HttpRequest, what: str, a_minute: int) -> HttpResponse | None:
    wait = seconds_to_wait(Limit(f"{what}:{network_of(request, at=timezone.now())}", a_minute))
    if not wait:
        return None
    said = _("Too many requests. Ask again in a minute.")
    return HttpResponse(said, status=_TOO_MANY, content_type="text/plain", headers={"Retry-After": str(wait)})
