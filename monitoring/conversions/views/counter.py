"""The counter, made for the phone at the till: works without JavaScript, and with it without network."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import WRONG, render_form
from accounts.permissions import Act
from monitoring.conversions.forms import EntryForm
from monitoring.conversions.models import Channel, Kind, Origin
from monitoring.conversions.models.channels import ASKED_FIRST
from monitoring.conversions.models.conversions import ONE_OF_A_KIND
from monitoring.conversions.selectors.entries import count_of_day, find_counter_entry, find_last_counter_entry
from monitoring.conversions.selectors.goals import kinds_of_goals, list_goals
from monitoring.conversions.services.recording import KeyReused, Report, record_conversion, void_conversion
from monitoring.conversions.wording import say_counted
from monitoring.lib.periods import local_day

_ALWAYS_OFFERED = (Kind.STORE_VISIT, Kind.ORDER)


@never_cache
@member(Act.RECORD_CONVERSIONS)
def counter(request: MemberRequest) -> HttpResponseBase:
    """Enter visits and orders, each with one tap."""
    form = EntryForm(
        request.POST or None,
        currency=request.organization.currency,
        own_kinds=kinds_of_goals(organization=request.organization),
    )
    if form.is_valid() and _record(request, form):
        return _answer(request)
    if form.errors and _asked_by_script(request):
        return JsonResponse(
            {"errors": [str(error) for errors in form.errors.values() for error in errors]}, status=WRONG
        )
    return _page(request, form)


@never_cache
@require_POST
@member(Act.RECORD_CONVERSIONS)
def undo(request: MemberRequest) -> HttpResponseBase:
    """Take back an own entry of today: the one with this key."""
    entry = find_counter_entry(
        organization=request.organization, by=request.user, key=request.POST.get("idempotency_key", "")
    )
    if entry is not None:
        void_conversion(conversion=entry)
    return _answer(request)


def _record(request: MemberRequest, form: EntryForm) -> bool:
    data, organization = form.cleaned_data, request.organization
    report = Report(
        kind=data["kind"],
        origin=Origin.COUNTER,
        idempotency_key=data["idempotency_key"],
        occurred_at=form.occurred_at(timezone.now()),
        amount=data["amount"],
        currency="" if data["amount"] is None else organization.currency,
        heard_of_us_from=data["heard_of_us_from"],
    )
    try:
        record_conversion(organization=organization, report=report, by=request.user)
    except KeyReused:
        form.add_error(None, _("The entry before this one was counted. Tap once more for the new one."))
        return False
    return True


def _answer(request: MemberRequest) -> HttpResponse:
    """For a script the part of the page that changed, otherwise the page anew."""
    if _asked_by_script(request):
        return JsonResponse(
            {"state": render_to_string("conversions/_counter_state.html", _state(request), request)}
        )
    return redirect("conversions:counter", request.organization.slug)


def _page(request: MemberRequest, form: EntryForm) -> HttpResponse:
    page = _state(request) | {
        "typed_amount": form["amount"].value() or "",
        "chosen": form["heard_of_us_from"].value() or "",
        "kinds": _offered_kinds(request),
        "asked_first": ASKED_FIRST,
        "asked_else": [channel for channel in Channel if channel not in ASKED_FIRST],
        "new_key": uuid4().hex,
        "todays_files": _todays_files(request),
    }
    return render_form(request, "conversions/counter.html", form, page)


def _todays_files(request: MemberRequest) -> list[str]:
    """What was entered at the counter today, as CSV and as XLSX: files of the list of conversions."""
    today = local_day(timezone.now(), ZoneInfo(request.organization.time_zone))
    asked = urlencode({"origin": Origin.COUNTER.value, "from": today, "to": today})
    names = ((request.organization.slug, ending) for ending in ("csv", "xlsx"))
    return [f"{reverse('conversions:export_conversions', args=name)}?{asked}" for name in names]


def _offered_kinds(request: MemberRequest) -> list[tuple[str, str]]:
    """A visit and an order, and what the goals count if that is something else. Visits to the site count themselves."""
    wanted = [goal.counts for goal in list_goals(organization=request.organization)]
    kinds = dict.fromkeys([*_ALWAYS_OFFERED, *(kind for kind in wanted if kind != Kind.VISIT)])
    return [(str(kind), str(ONE_OF_A_KIND.get(kind, kind))) for kind in kinds]


def _state(request: MemberRequest) -> dict[str, Any]:
    organization = request.organization
    today = local_day(timezone.now(), ZoneInfo(organization.time_zone))
    counts = count_of_day(organization=organization, day=today)
    return {
        "organization": organization,
        "today": [say_counted(Decimal(number), kind) for kind, number in sorted(counts.items()) if number],
        "last": find_last_counter_entry(organization=organization, by=request.user, day=today),
    }


def _asked_by_script(request: MemberRequest) -> bool:
    return request.headers.get("Accept") == "application/json"
