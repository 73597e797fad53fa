"""The list of conversions, and each one's chain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from accounts.permissions import Act
from monitoring.conversions.chain import find_conversions, name_touch, read_chain
from monitoring.conversions.comparing import compare_models
from monitoring.conversions.exporting.chains import tables_of_chain
from monitoring.conversions.ledger_choice import LedgerChoice, export_ledger, say_entry
from monitoring.conversions.selectors.ledger import filter_entries, page_of_entries
from monitoring.conversions.services.recording import restore_conversion, void_conversion
from monitoring.lib.exporting import choose_table, read_format


@require_safe
@member()
def conversions(request: MemberRequest) -> HttpResponseBase:
    """Everything that was reported, newest first."""
    choice = LedgerChoice(request.organization, request.GET)
    found = filter_entries(organization=request.organization, wanted=choice.ledger)
    page = page_of_entries(
        entries=found, before=request.GET.get("before", ""), after=request.GET.get("after", "")
    )
    context = {
        "choice": choice,
        "rows": [{"entry": entry, "said": say_entry(entry)} for entry in page.entries],
        "compared": compare_models(
            organization=request.organization, period=choice.period, kind=choice.compared_kind
        ),
        "older": page.older and choice.address(before=page.older),
        "newer": page.newer and choice.address(after=page.newer),
        **choice.files("conversions:export_conversions"),
    }
    return render(request, "conversions/conversions.html", context)


@require_safe
@member()
def export_conversions(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """The whole list that the address filters, as a file."""
    wanted_format = read_format(file_format)
    return send_table(request, export_ledger(LedgerChoice(request.organization, request.GET)), wanted_format)


@require_safe
@member()
def conversion(request: MemberRequest, conversion_id: int) -> HttpResponseBase:
    """The chain: what led to it and what came of it."""
    found = get_object_or_404(find_conversions(organization=request.organization), pk=conversion_id)
    chain = read_chain(organization=request.organization, conversion=found)
    shares = [{"name": name_touch(each.touch), "share": each} for each in chain.shares]
    return render(request, "conversions/conversion.html", {"chain": chain, "shares": shares})


@require_safe
@member()
def export_conversion(request: MemberRequest, conversion_id: int, file_format: str) -> HttpResponseBase:
    """The chain step by step, or with `of=shares` what part each touch has in it."""
    wanted_format = read_format(file_format)
    found = get_object_or_404(find_conversions(organization=request.organization), pk=conversion_id)
    chain = read_chain(organization=request.organization, conversion=found)
    tables = tables_of_chain(request.organization, chain)
    return send_table(request, choose_table(tables, request.GET.get("of", ""), wanted_format), wanted_format)


@require_POST
@member(Act.RECORD_CONVERSIONS)
def void(request: MemberRequest, conversion_id: int) -> HttpResponseBase:
    """Take it and what was taken back of it out of the counts, or put them back."""
    found = get_object_or_404(find_conversions(organization=request.organization), pk=conversion_id)
    if "restore" in request.POST:
        restore_conversion(conversion=found)
        messages.success(request, _("Counted again."))
    else:
        void_conversion(conversion=found)
        messages.success(request, _("Taken out of the counts. You can put it back here."))
    return redirect("conversions:conversion", request.organization.slug, found.pk)
