"""Take a list of mentions away: at once where it is short, as a file that a worker makes where it is long."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.jobs.exporting import TooManyFiles
from monitoring.jobs.tasks import make
from monitoring.lib.exporting import ROWS_OF_A_SHEET, ExportFormat, read_format
from monitoring.listening.files import exporting
from monitoring.listening.files.exporting import ask_for_mentions, export_mentions
from monitoring.listening.models import Brand
from monitoring.listening.selectors.mentions import count_mentions
from monitoring.listening.showing.choosing import Choice

_FORMATS = (
    (ExportFormat.CSV, gettext_lazy("CSV, for spreadsheets and programs")),
    (ExportFormat.XLSX, gettext_lazy("XLSX, a workbook")),
    (ExportFormat.JSON, gettext_lazy("JSON, one array for programs")),
)


@require_GET
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """The whole list that the address filters, as a file; a long one is asked for on a page of its own."""
    wanted_format = read_format(file_format)
    choice = Choice(request.organization, request.GET)
    brand = _brand(choice)
    count = count_mentions(brand=brand, wanted=choice.wanted)
    if count.more or count.number > exporting.SENT_AT_ONCE:
        asking = reverse("listening:ask_for_export", args=[request.organization.slug])
        return redirect(asking + choice.address(format=wanted_format))
    table = export_mentions(brand=brand, wanted=choice.wanted, file_format=wanted_format, sort=choice.sort)
    return send_table(request, table, wanted_format)


@member()
def ask(request: MemberRequest) -> HttpResponseBase:
    """How many rows it would be, in which format; then the page that shows how far the file is."""
    choice = Choice(request.organization, request.GET)
    brand = _brand(choice)
    asked = request.POST.get("format", "")
    if asked in tuple(ExportFormat):
        return _begin(request, choice, brand, ExportFormat(asked))
    is_unclear = request.method == "POST"
    context = {
        "problem": _("Choose one of the formats.") if is_unclear else "",
        "choice": choice,
        "brand": brand,
        "count": count_mentions(brand=brand, wanted=choice.wanted),
        "formats": [(name.value, label, name == request.GET.get("format")) for name, label in _FORMATS],
        "rows_of_a_sheet": ROWS_OF_A_SHEET,
    }
    return render(request, "listening/export.html", context, status=400 if is_unclear else 200)


def _begin(
    request: MemberRequest, choice: Choice, brand: Brand, file_format: ExportFormat
) -> HttpResponseBase:
    try:
        made, is_new = ask_for_mentions(choice=choice, brand=brand, file_format=file_format, by=request.user)
    except TooManyFiles:
        messages.error(request, _("Several files are being made. Ask again when one of them is ready."))
        return redirect("jobs:files", request.organization.slug)
    if is_new:
        transaction.on_commit(lambda: make.delay(made.pk))
    return redirect("jobs:file", request.organization.slug, made.pk)


def _brand(choice: Choice) -> Brand:
    if choice.brand is None:
        raise Http404
    return choice.brand
