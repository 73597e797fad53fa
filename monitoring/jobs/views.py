"""Files that a worker made or is making: how far each is, until when it can be fetched, and the file itself."""

from __future__ import annotations

from pathlib import PurePath

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from accounts.downloads import record_download
from monitoring.jobs.exporters import EXPORTERS, allowed_exporters
from monitoring.jobs.exporting import is_offered, read_file
from monitoring.jobs.models import FileExport
from monitoring.lib.exporting import CONTENT_TYPES, ExportFormat

_LATEST = 20
_CONTENT_TYPES = {".zip": "application/zip"} | {
    f".{file_format}": CONTENT_TYPES[file_format] for file_format in ExportFormat
}


@require_GET
@member()
def files(request: MemberRequest) -> HttpResponseBase:
    """The last ones, of those that this member may fetch."""
    latest = _of(request).select_related("created_by").order_by("-created_at", "-pk")[:_LATEST]
    return render(request, "jobs/files.html", {"exports": latest, "now": timezone.now()})


@require_GET
@never_cache
@member()
def file(request: MemberRequest, export_id: int) -> HttpResponseBase:
    """How far it is; the page asks again by itself."""
    found = get_object_or_404(_of(request), pk=export_id)
    template = "jobs/_file.html" if request.htmx else "jobs/file.html"
    note = EXPORTERS[found.exporter].note
    return render(request, template, {"export": found, "note": note, "is_offered": is_offered(found)})


@require_GET
@never_cache
@member()
def fetch(request: MemberRequest, export_id: int) -> HttpResponseBase:
    """The file itself, a piece at a time."""
    found = get_object_or_404(_of(request), pk=export_id)
    if not is_offered(found):
        raise Http404
    ending = PurePath(found.file_name).suffix
    record_download(request, name=found.file_name, file_format=ending.removeprefix("."), rows=found.done)
    response = StreamingHttpResponse(read_file(export=found), content_type=_CONTENT_TYPES[ending])
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    return response


def _of(request: MemberRequest) -> QuerySet[FileExport]:
    allowed = allowed_exporters(request.membership)
    return FileExport.objects.filter(organization=request.organization, exporter__in=allowed)
