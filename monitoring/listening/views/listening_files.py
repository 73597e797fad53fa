"""What is listened for, and how that goes, as files."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.lib.exporting import read_format
from monitoring.listening.files.listening_tables import export_keywords, export_ledger


@require_safe
@member()
def keywords(request: MemberRequest, file_format: str) -> HttpResponseBase:
    return send_table(request, export_keywords(request.organization), read_format(file_format))


@require_safe
@member()
def ledger(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """Every attempt to read a source."""
    return send_table(request, export_ledger(request.organization), read_format(file_format))
