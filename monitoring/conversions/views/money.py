"""Which exchange rates the figures are made with, and entering one's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.models import OwnRate
from monitoring.conversions.money.fetching import last_failure, latest_reference_day
from monitoring.conversions.money.own_rates import EnteredRate, delete_rate, save_rates
from monitoring.conversions.money_forms import RateFileForm, RateForm
from monitoring.conversions.selectors.currencies import currencies_in_use, page_of_own_rates
from monitoring.conversions.tasks import exchange_rates
from monitoring.lib.periods import local_day


@member(to_change=Act.CHANGE_SETTINGS)
def money(request: MemberRequest) -> HttpResponseBase:
    """The currencies and their rates, and a form for one more."""
    form = RateForm(request.POST or None, initial={"day": _today(request)})
    if form.is_valid():
        return _save(request, [form.rate()])
    return _page(request, form)


@member(Act.CHANGE_SETTINGS)
def upload_rates(request: MemberRequest) -> HttpResponseBase:
    """A table of rates: all of it, or nothing and why."""
    form = RateFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        return _save(request, form.cleaned_data["table"].rates)
    return render_form(request, "conversions/upload_rates.html", form)


@require_POST
@member(Act.CHANGE_SETTINGS)
def fetch_rates(request: MemberRequest) -> HttpResponseBase:
    """Ask the bank at once."""
    exchange_rates.delay(at_once=True)
    messages.success(request, _("The rates are being fetched. Look again in a minute."))
    return redirect("conversions:money", request.organization.slug)


@require_POST
@member(Act.CHANGE_SETTINGS)
def drop_rate(request: MemberRequest, rate_id: int) -> HttpResponseBase:
    rate = get_object_or_404(OwnRate, organization=request.organization, pk=rate_id)
    delete_rate(rate=rate)
    messages.success(request, _("Deleted. Figures use the rate before it, or the bank's."))
    return redirect("conversions:money", request.organization.slug)


def _today(request: MemberRequest) -> date:
    return local_day(timezone.now(), ZoneInfo(request.organization.time_zone))


def _save(request: MemberRequest, rates: list[EnteredRate]) -> HttpResponseBase:
    saved = save_rates(organization=request.organization, rates=rates)
    said = ngettext("%(number)s rate saved.", "%(number)s rates saved.", saved) % {"number": saved}
    messages.success(request, said)
    return redirect("conversions:money", request.organization.slug)


def _page(request: MemberRequest, form: RateForm) -> HttpResponseBase:
    organization = request.organization
    own = page_of_own_rates(organization=organization, before=request.GET.get("before", ""))
    page: Mapping[str, object] = {
        "currencies": currencies_in_use(organization=organization, today=_today(request)),
        "latest": latest_reference_day(),
        "failure": last_failure(),
        "fetches": bool(settings.EXCHANGE_RATES_URL),
        "own": own,
        "older": own.older and f"{reverse('conversions:money', args=[organization.slug])}?before={own.older}",
    }
    return render_form(request, "conversions/money.html", form, page)
