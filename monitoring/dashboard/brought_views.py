"""The pages that say what a mention or a post of ours brought."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member
from monitoring.audience.models import PublishedPost
from monitoring.dashboard.brought import read_brought
from monitoring.listening.models import Mention
from monitoring.listening.models.mentions import STILL_THERE


@require_safe
@member()
def mention(request: MemberRequest, mention_id: int) -> HttpResponseBase:
    """What answering it with a tracked link brought."""
    mine = Mention.objects.filter(STILL_THERE, organization=request.organization).defer("search")
    found = get_object_or_404(mine, pk=mention_id)
    brought = read_brought(organization=request.organization, mention=found)
    name = found.author_name or found.author_handle or _("Somebody")
    said = {"title": _("What answering %(name)s brought") % {"name": name}, "item": found, "mention": found}
    return render(request, "dashboard/brought.html", {"brought": brought, **said})


@require_safe
@member()
def post(request: MemberRequest, post_id: int) -> HttpResponseBase:
    """What the tracked links in a post of ours brought."""
    mine = PublishedPost.objects.filter(organization=request.organization)
    found = get_object_or_404(mine, pk=post_id)
    brought = read_brought(organization=request.organization, post=found)
    said = {"title": _("What your post brought"), "item": found}
    return render(request, "dashboard/brought.html", {"brought": brought, **said})
