"""An edited keyword and what is stored: what would come and go, then how far it is, then what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, member
from accounts.permissions import Act
from monitoring.listening.models import Keyword, Replay
from monitoring.listening.selectors.replays import describe_replay
from monitoring.listening.services.replays import apply_replay, begin_replay, stop_replays
from monitoring.listening.tasks import replay_keyword


@require_http_methods(["GET", "POST"])
@member(to_change=Act.EDIT_KEYWORDS)
def past(request: MemberRequest, keyword_id: int) -> HttpResponse:
    """Sending it has everything counted anew."""
    keyword = _keyword(request, keyword_id)
    if request.method == "POST":
        return look_at_the_past(request, keyword)
    replay = keyword.replays.select_related("version").order_by("-pk").first()
    context: dict[str, object] = {"keyword": keyword, "replay": replay}
    if replay:
        context["told"] = describe_replay(replay=replay, brand=keyword.brand)
    template = "listening/_past.html" if request.htmx else "listening/past.html"
    return render(request, template, context)


@require_POST
@member(Act.EDIT_KEYWORDS)
def apply_to_the_past(request: MemberRequest, keyword_id: int) -> HttpResponse:
    keyword = _keyword(request, keyword_id)
    replay = keyword.replays.filter(state=Replay.State.COUNTED).order_by("-pk").first()
    if replay and apply_replay(replay=replay):
        replay_keyword.delay(replay.pk)
        messages.success(request, _("Being applied. You can leave this page: it goes on."))
    return _to_past(request, keyword)


@require_POST
@member(Act.EDIT_KEYWORDS)
def stop(request: MemberRequest, keyword_id: int) -> HttpResponse:
    keyword = _keyword(request, keyword_id)
    stop_replays(keyword=keyword)
    return _to_past(request, keyword)


def look_at_the_past(request: MemberRequest, keyword: Keyword) -> HttpResponse:
    """Have counted what would come and go, and show it."""
    replay = begin_replay(keyword=keyword, by=request.user)
    replay_keyword.apply_async((replay.pk,), queue="interactive")  # somebody waits for this one
    return _to_past(request, keyword)


def _to_past(request: MemberRequest, keyword: Keyword) -> HttpResponse:
    return redirect("listening:keyword_past", request.organization.slug, keyword.pk)


def _keyword(request: MemberRequest, keyword_id: int) -> Keyword:
    keywords = Keyword.objects.select_related("brand")
    return get_object_or_404(keywords, organization=request.organization, pk=keyword_id)
