"""The pages that say what a mention or a post of ours brought."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.audience.models import PublishedPost
from monitoring.dashboard.brought import Brought, read_brought
from monitoring.dashboard.brought_exporting import tables_of_brought
from monitoring.lib.exporting import choose_table, read_format
from monitoring.listening.models import Mention
from monitoring.listening.models.mentions import STILL_THERE


@require_safe
@member()
def mention(request: MemberRequest, mention_id: int) -> HttpResponseBase:
    """What answering it with a tracked link brought."""
    found = _find_mention(request, mention_id)
    brought = read_brought(organization=request.organization, mention=found)
    said = {"title": _name(found), "item": found, "mention": found}
    return render(request, "dashboard/brought.html", {"brought": brought, **said})


@require_safe
@member()
def post(request: MemberRequest, post_id: int) -> HttpResponseBase:
    """What the tracked links in a post of ours brought."""
    found = _find_post(request, post_id)
    brought = read_brought(organization=request.organization, post=found)
    said = {"title": _("What your post brought"), "item": found}
    return render(request, "dashboard/brought.html", {"brought": brought, **said})


@require_safe
@member()
def export_mention(request: MemberRequest, mention_id: int, file_format: str) -> HttpResponseBase:
    found = _find_mention(request, mention_id)
    return _send(
        request, read_brought(organization=request.organization, mention=found), _name(found), file_format
    )


@require_safe
@member()
def export_post(request: MemberRequest, post_id: int, file_format: str) -> HttpResponseBase:
    brought = read_brought(organization=request.organization, post=_find_post(request, post_id))
    return _send(request, brought, _("What your post brought"), file_format)


def _send(request: MemberRequest, brought: Brought, name: str, file_format: str) -> HttpResponseBase:
    """What its links are credited with, or with `of=links` the links."""
    wanted_format = read_format(file_format)
    tables = tables_of_brought(request.organization, brought, name)
    return send_table(request, choose_table(tables, request.GET.get("of", ""), wanted_format), wanted_format)


def _find_mention(request: MemberRequest, mention_id: int) -> Mention:
    mine = Mention.objects.filter(STILL_THERE, organization=request.organization).defer("search")
    return get_object_or_404(mine, pk=mention_id)


def _find_post(request: MemberRequest, post_id: int) -> PublishedPost:
    return get_object_or_404(PublishedPost, organization=request.organization, pk=post_id)


def _name(mention: Mention) -> str:
    return _("What answering %(name)s brought") % {"name": mention.author_said}
