"""Settings → Audit log: who did what, when and from where."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member
from accounts.audit_log.choosing import LogChoice
from accounts.audit_log.exporting import export_log
from accounts.audit_log.reading import page_of_events
from accounts.audit_log.wording import SaidEvent
from accounts.downloads import send_table
from accounts.permissions import Act
from monitoring.lib.exporting import read_format


@require_safe
@member(Act.READ_AUDIT_LOG)
def audit_log(request: MemberRequest) -> HttpResponseBase:
    """Newest first, as far as the address does not filter."""
    choice = LogChoice(request.organization, request.GET)
    page = page_of_events(
        organization=request.organization,
        wanted=choice.wanted,
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    context = {
        "choice": choice,
        "rows": [SaidEvent(event) for event in page.events],
        "older": page.older and choice.address(before=page.older),
        "newer": page.newer and choice.address(after=page.newer),
        "looked_until": page.looked_until,
        "kept_days": settings.AUDIT_KEPT_DAYS,
        "export_csv": _export_address(choice, "csv"),
        "export_xlsx": _export_address(choice, "xlsx"),
    }
    return render(request, "accounts/audit_log.html", context)


@require_safe
@member(Act.READ_AUDIT_LOG)
def export_audit_log(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """The whole list that the address filters, as a file."""
    wanted_format = read_format(file_format)
    return send_table(request, export_log(LogChoice(request.organization, request.GET)), wanted_format)


def _export_address(choice: LogChoice, file_format: str) -> str:
    address = reverse("accounts:export_audit_log", args=[choice.organization.slug, file_format])
    return address + choice.address()
