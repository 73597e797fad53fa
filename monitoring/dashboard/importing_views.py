"""Import a file: upload or paste it, say which column is which, look at the preview, and let a worker do the rest."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.dashboard.importing import IMPORTERS, NO_TABLE, ColumnsForm, UploadForm
from monitoring.dashboard.tasks import run_import
from monitoring.jobs.importing import begin_import, preview_import, setting_of, upload_file
from monitoring.jobs.models import FileImport
from monitoring.lib.csv_reading import NoTable
from monitoring.lib.exporting import ExportedTable, ExportFormat

_LATEST = 20


@member(Act.IMPORT_FILES)
def imports(request: MemberRequest) -> HttpResponseBase:
    """What can be imported, and what was."""
    form = UploadForm(
        request.POST or None, request.FILES or None, initial={"importer": request.GET.get("of")}
    )
    job = _upload(request, form) if form.is_valid() else None
    if job is not None:
        return redirect("dashboard:import", request.organization.slug, job.pk)
    latest = _of(request).defer("content", "bad_lines").order_by("-created_at", "-pk")[:_LATEST]
    context = {
        "latest": [(job, IMPORTERS[job.importer].title) for job in latest],
        "importers": IMPORTERS.values(),
    }
    return render_form(request, "dashboard/imports.html", form, context)


@member(Act.IMPORT_FILES)
def import_(request: MemberRequest, import_id: int) -> HttpResponseBase:
    """One file: its columns and a preview, then how far it is, then what came of it."""
    job = get_object_or_404(_of(request).defer("content"), pk=import_id)
    context = {"job": job, "importer": IMPORTERS[job.importer]}
    if job.state != FileImport.State.UPLOADED:
        template = "dashboard/_import_progress.html" if request.htmx else "dashboard/import.html"
        return render(request, template, context)
    if not job.content:
        return render(request, "dashboard/import.html", {**context, "is_forgotten": True})
    return _choose(request, job, context)


@require_GET
@member(Act.IMPORT_FILES)
def bad_lines(request: MemberRequest, import_id: int) -> HttpResponseBase:
    """The lines that could not be read, with the reason of each."""
    job = get_object_or_404(_of(request).defer("content"), pk=import_id)
    table = ExportedTable(name=_("bad lines"), columns=[_("Line"), _("What is wrong")], rows=job.bad_lines)
    return send_table(request, table, ExportFormat.CSV)


def _of(request: MemberRequest) -> Any:
    return FileImport.objects.filter(organization=request.organization)


def _upload(request: MemberRequest, form: UploadForm) -> FileImport | None:
    try:
        name, content = form.table()
        return upload_file(
            organization=request.organization,
            importer=IMPORTERS[form.cleaned_data["importer"]],
            file_name=name,
            content=content,
            by=request.user,
        )
    except NoTable as error:
        form.add_error(form.field_of_table, NO_TABLE[error.code])
        return None


def _choose(request: MemberRequest, job: FileImport, context: dict[str, Any]) -> HttpResponseBase:
    importer = IMPORTERS[job.importer]
    form = ColumnsForm(request.POST or None, job=job, importer=importer)
    if form.is_valid():
        job.choices = {**form.cleaned_data, "locale": get_language() or "en"}
        job.save(update_fields=["choices"])
        if "start" in request.POST:
            return _start(request, job)
    preview = preview_import(job=job, importer=importer, setting=setting_of(job=job, importer=importer))
    return render_form(request, "dashboard/import.html", form, {**context, "preview": preview})


def _start(request: MemberRequest, job: FileImport) -> HttpResponseBase:
    """Once: whoever presses twice finds the file waiting already."""
    if begin_import(job=job):
        run_import.delay(job.pk)
        messages.success(request, _("Importing. You can leave this page: it goes on."))
    return redirect("dashboard:import", request.organization.slug, job.pk)
