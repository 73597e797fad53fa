"""Making tracked links and changing them, printing them, putting them aside."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import record_download, send_table
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.link_forms import LinkForm
from monitoring.conversions.models import TrackedLink
from monitoring.conversions.selectors.links import (
    SHOWN,
    LinkFigures,
    list_links,
    short_address,
)
from monitoring.conversions.services.links import (
    SlugTaken,
    archive_link,
    change_link,
    create_link,
    restore_link,
)
from monitoring.conversions.services.words import add_word, keep_words
from monitoring.lib.exporting import ExportedTable, read_format

_CODE_SIZES = {"small": 6, "medium": 12, "large": 24}  # pixels a module
_CHUNK = 500


@member(Act.EDIT_CAMPAIGNS)
def new_link(request: MemberRequest) -> HttpResponseBase:
    """Make a link. The address may say for which campaign, post or mention."""
    keep_words(organization=request.organization)
    given = {name: request.GET[name] for name in ("campaign", "post", "mention") if name in request.GET}
    form = LinkForm(request.POST or None, organization=request.organization, initial=given)
    if form.is_valid():
        try:
            link = create_link(organization=request.organization, by=request.user, **form.facts())
        except SlugTaken:
            form.add_error("slug", _("Another link ends like this already."))
        else:
            _keep_new_words(request, form)
            messages.success(request, _("Ready to share: %(address)s") % {"address": short_address(link)})
            return _to_list(request, link)
    return render_form(request, "conversions/new_link.html", form, _form_context(form))


@member(Act.EDIT_CAMPAIGNS)
def edit_link(request: MemberRequest, link_id: int) -> HttpResponseBase:
    """Change everything but the ending."""
    keep_words(organization=request.organization)
    link = _find(request, link_id)
    form = LinkForm(request.POST or None, organization=request.organization, link=link)
    if form.is_valid():
        change_link(link=link, **form.facts())
        _keep_new_words(request, form)
        messages.success(
            request,
            _("Changed. Whoever follows %(address)s is led there now.") % {"address": short_address(link)},
        )
        return _to_list(request, link)
    context = {**_form_context(form), "link": link, "address": short_address(link)}
    return render_form(request, "conversions/edit_link.html", form, context)


@require_safe
@member()
def archived_links(request: MemberRequest) -> HttpResponseBase:
    return render(request, "conversions/archived_links.html", page_of_links(request, archived=True))


@require_POST
@member(Act.EDIT_CAMPAIGNS)
def put_aside(request: MemberRequest, link_id: int) -> HttpResponseBase:
    """Archive a link, or bring it back."""
    link = _find(request, link_id)
    if "restore" in request.POST:
        restore_link(link=link)
        messages.success(request, _("“%(name)s” is back on the list.") % {"name": link.label})
    else:
        archive_link(link=link)
        messages.success(request, _("“%(name)s” is archived. It goes on working.") % {"name": link.label})
    return _to_list(request, link)


@require_safe
@member()
def code(request: MemberRequest, link_id: int, file_format: str) -> HttpResponseBase:
    """The link as a QR code to print. A picture of dots comes in three sizes."""
    link = _find(request, link_id)
    options: dict[str, Any] = {"kind": "svg", "scale": 10}
    if file_format == "png":
        size = request.GET.get("size", "medium")
        options = {"kind": "png", "scale": _CODE_SIZES.get(size, _CODE_SIZES["medium"])}
    elif file_format != "svg":
        raise Http404
    drawing = io.BytesIO()
    segno.make(short_address(link), error="m", micro=False).save(drawing, light="white", **options)
    record_download(request, name=link.label, file_format=file_format)
    kind = "image/png" if file_format == "png" else "image/svg+xml"
    response = HttpResponse(drawing.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{link.slug}.{file_format}"'
    return response


@require_safe
@member()
def export_links(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """Every link that is not archived, with its short address."""
    columns = [
        _("Name"),
        _("Short address"),
        _("Leads to"),
        _("Put on"),
        _("Campaign"),
        _("Visits"),
        _("Again"),
        _("Programs"),
        _("Made"),
    ]
    table = ExportedTable(name=_("links"), columns=columns, rows=_exported(request))
    return send_table(request, table, read_format(file_format))


def page_of_links(request: MemberRequest, **choice: Any) -> dict[str, Any]:
    """Links from the newest down, a page of them, as templates need them."""
    found = list_links(
        organization=request.organization, before=_read_cursor(request), limit=SHOWN + 1, **choice
    )
    older = f"?before={found[SHOWN - 1].link.pk}" if len(found) > SHOWN else ""
    newer = request.path if "before" in request.GET else ""
    return {"links": found[:SHOWN], "older": older, "newer": newer}


def _exported(request: MemberRequest) -> Iterator[list[Any]]:
    before: int | None = None
    while found := list_links(organization=request.organization, before=before, limit=_CHUNK):
        yield from map(_row, found)
        before = found[-1].link.pk


def _row(each: LinkFigures) -> list[Any]:
    link = each.link
    campaign = link.campaign.name if link.campaign else ""
    facts = [link.label, each.address, link.target, link.get_channel_display(), campaign]
    return [*facts, each.visits, each.repeats, each.bots, link.created_at.date()]


def _read_cursor(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _find(request: MemberRequest, link_id: int) -> TrackedLink:
    links = TrackedLink.objects.select_related("organization", "campaign")
    return get_object_or_404(links, organization=request.organization, pk=link_id)


def _form_context(form: LinkForm) -> dict[str, Any]:
    is_open = form.is_bound or any(form.initial.get(name) for name in form.FOLDED)
    return {"folded": [form[name] for name in form.FOLDED], "is_open": is_open}


def _keep_new_words(request: MemberRequest, form: LinkForm) -> None:
    if form.cleaned_data["add_words"]:
        for field, word in form.new_words():
            add_word(
                organization=request.organization,
                field=field,
                word=word,
                channel=form.cleaned_data["channel"],
            )


def _to_list(request: MemberRequest, link: TrackedLink) -> HttpResponseBase:
    if link.campaign_id:
        return redirect("conversions:campaign", request.organization.slug, link.campaign_id)
    return redirect("conversions:campaigns", request.organization.slug)
