"""Making tracked links, printing them, putting them aside."""

from __future__ import annotations

import io

import segno
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.models import Role
from monitoring.conversions.forms import LinkForm
from monitoring.conversions.models import TrackedLink
from monitoring.conversions.selectors.links import list_links, short_address
from monitoring.conversions.services.links import SlugTaken, archive_link, create_link, restore_link


@member(Role.MARKETER)
def new_link(request: MemberRequest) -> HttpResponseBase:
    """Make a link."""
    form = LinkForm(request.POST or None)
    if form.is_valid():
        try:
            link = create_link(organization=request.organization, by=request.user, **form.cleaned_data)
        except SlugTaken:
            form.add_error("slug", _("Another link ends like this already."))
        else:
            messages.success(request, _("Ready to share: %(address)s") % {"address": short_address(link)})
            return redirect("conversions:goal", request.organization.slug)
    return render_form(request, "conversions/new_link.html", form)


@require_safe
@member()
def archived_links(request: MemberRequest) -> HttpResponseBase:
    links = list_links(organization=request.organization, archived=True)
    return render(request, "conversions/archived_links.html", {"links": links})


@require_POST
@member(Role.MARKETER)
def put_aside(request: MemberRequest, link_id: int) -> HttpResponseBase:
    """Archive a link, or bring it back."""
    link = get_object_or_404(TrackedLink, organization=request.organization, pk=link_id)
    if "restore" in request.POST:
        restore_link(link=link)
        messages.success(request, _("“%(name)s” is back on the list.") % {"name": link.label})
    else:
        archive_link(link=link)
        messages.success(request, _("“%(name)s” is archived. It goes on working.") % {"name": link.label})
    return redirect("conversions:goal", request.organization.slug)


@require_safe
@member()
def code(request: MemberRequest, link_id: int) -> HttpResponseBase:
    """The link as a QR code to print."""
    link = get_object_or_404(TrackedLink, organization=request.organization, pk=link_id)
    drawing = io.BytesIO()
    segno.make(short_address(link), error="m", micro=False).save(drawing, kind="svg", scale=10, light="white")
    response = HttpResponse(drawing.getvalue(), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="{link.slug}.svg"'
    return response
