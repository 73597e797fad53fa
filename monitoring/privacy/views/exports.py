"""Take everything away: ask for the file, see how far it is, fetch it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from accounts.downloads import record_download
from accounts.permissions import Act
from monitoring.jobs.exporting import is_offered, read_file
from monitoring.jobs.models import FileExport
from monitoring.privacy.exporting.archive import EXPORTER, ask_for_archive
from monitoring.privacy.tasks import export_everything

_LATEST = 10


@member(Act.EXPORT_EVERYTHING)
def exports(request: MemberRequest) -> HttpResponseBase:
    """The files there were, and the button that asks for another. Asking twice makes one."""
    if request.method == "POST":
        export, is_new = ask_for_archive(organization=request.organization, by=request.user)
        if is_new:
            transaction.on_commit(lambda: export_everything.delay(export.pk))
        return redirect("privacy:export", request.organization.slug, export.pk)
    latest = _of(request).order_by("-created_at", "-pk")[:_LATEST]
    return render(request, "privacy/exports.html", {"exports": latest, "now": timezone.now()})


@require_GET
@never_cache
@member(Act.EXPORT_EVERYTHING)
def export(request: MemberRequest, export_id: int) -> HttpResponseBase:
    """How far it is; the page asks again by itself."""
    found = get_object_or_404(_of(request), pk=export_id)
    template = "privacy/_export_progress.html" if request.htmx else "privacy/export.html"
    return render(request, template, {"export": found, "is_offered": is_offered(found)})


@require_GET
@never_cache
@member(Act.EXPORT_EVERYTHING)
def file(request: MemberRequest, export_id: int) -> HttpResponseBase:
    """The file itself, a piece at a time."""
    found = get_object_or_404(_of(request), pk=export_id)
    if not is_offered(found):
        raise Http404
    record_download(request, name=found.file_name, file_format="zip", rows=found.done)
    response = StreamingHttpResponse(read_file(export=found), content_type="application/zip")
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    return response


def _of(request: MemberRequest) -> QuerySet[FileExport]:
    return FileExport.objects.filter(organization=request.organization, exporter=EXPORTER)
