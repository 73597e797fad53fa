"""Take everything away: ask for the file. How far it is, and the file itself: monitoring/jobs/views.py."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import MemberRequest, member
from accounts.permissions import Act
from monitoring.jobs.exporting import TooManyFiles
from monitoring.jobs.models import FileExport
from monitoring.jobs.tasks import make
from monitoring.privacy.exporting.archive import EXPORTER, ask_for_archive

_LATEST = 10


@member(Act.EXPORT_EVERYTHING)
def exports(request: MemberRequest) -> HttpResponseBase:
    """The files there were, and the button that asks for another. Asking twice makes one."""
    if request.method == "POST":
        return _ask(request)
    mine = FileExport.objects.filter(organization=request.organization, exporter=EXPORTER)
    latest = mine.select_related("created_by").order_by("-created_at", "-pk")[:_LATEST]
    return render(request, "privacy/exports.html", {"exports": latest, "now": timezone.now()})


def _ask(request: MemberRequest) -> HttpResponseBase:
    try:
        export, is_new = ask_for_archive(organization=request.organization, by=request.user)
    except TooManyFiles:
        messages.error(request, _("Several files are being made. Ask again when one of them is ready."))
        return redirect("jobs:files", request.organization.slug)
    if is_new:
        transaction.on_commit(lambda: make.delay(export.pk))
    return redirect("jobs:file", request.organization.slug, export.pk)
