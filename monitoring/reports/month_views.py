"""Months to share: making and taking back links, and the page behind them."""

from __future__ import annotations

from typing import TypeVar
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from accounts.form_pages import render_form
from accounts.middleware import for_anybody
from accounts.permissions import Act
from monitoring.lib.charts import TimeAxis, join_tables
from monitoring.lib.exporting import choose_table, export_table, read_format
from monitoring.lib.periods import local_day
from monitoring.reports.forms import ShareMonthForm
from monitoring.reports.models import SharedMonth
from monitoring.reports.months.content import Month
from monitoring.reports.months.exporting import export_shared_months, tables_of_month
from monitoring.reports.months.sharing import find_shared_month, list_shared_months, revoke_month, share_month
from monitoring.reports.months.wording import (
    conversions_label,
    draw_conversions,
    draw_engagement,
    draw_volume,
    list_figures,
    name_month,
    say_answer,
    say_compared,
    say_month_goal,
    title_followers,
    title_volume,
)

Answer = TypeVar("Answer", bound=HttpResponseBase)


@member(to_change=Act.SHARE_MONTHS)
def months(request: MemberRequest) -> HttpResponseBase:
    """The links that work. A new one is shown in the answer to the form that made it, and never again."""
    organization, now = request.organization, timezone.now()
    today = local_day(now, ZoneInfo(organization.time_zone))
    form = ShareMonthForm(request.POST or None, today=today)
    address = ""
    if form.is_valid():
        _shared, address = share_month(
            organization=organization,
            first_day=form.cleaned_data["month"],
            shows_money=form.cleaned_data["shows_money"],
            by=request.user,
            now=now,
            holds_for=form.holds_for,
        )
        form = ShareMonthForm(today=today)
    shared = list_shared_months(organization=organization, now=now)
    page = {"address": address, "shared": [(each, name_month(each.first_day)) for each in shared]}
    response = render_form(request, "reports/months.html", form, page)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """The links that work, as a file: not where they lead, which nobody can read again."""
    wanted_format = read_format(file_format)
    table = export_shared_months(request.organization, timezone.now())
    return send_table(request, table, wanted_format)


@require_POST
@member(Act.SHARE_MONTHS)
def revoke(request: MemberRequest, month_id: int) -> HttpResponseBase:
    shared = get_object_or_404(SharedMonth, organization=request.organization, pk=month_id)
    revoke_month(shared=shared, now=timezone.now())
    messages.success(
        request, _("The link of %(month)s no longer works.") % {"month": name_month(shared.first_day)}
    )
    return redirect("reports:months", request.organization.slug)


@require_GET
@for_anybody
def shared_month(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link reads the month, and nothing else."""
    month, shows_money = _shared(token)
    page = {"token": token, **_page(month, shows_money=shows_money)}
    with timezone.override(month.period.zone):
        return _for_nobody_else(render(request, "reports/month.html", page))


@require_safe
@for_anybody
def export_shared_month(request: HttpRequest, token: str, file_format: str) -> HttpResponseBase:
    """The days of the page behind a link, or with `of=` its followers or posts."""
    wanted_format = read_format(file_format)
    month, shows_money = _shared(token)
    tables = tables_of_month(month, shows_money=shows_money)
    table = choose_table(tables, request.GET.get("of", ""), wanted_format)
    return _for_nobody_else(export_table(table, wanted_format))


def _shared(token: str) -> tuple[Month, bool]:
    """The month of a link that works, and whether it shows money."""
    now = timezone.now()
    shared = find_shared_month(token=token, now=now)
    if shared is None:
        raise Http404
    return Month(shared.organization, shared.first_day, now), shared.shows_money


def _for_nobody_else(response: Answer) -> Answer:
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(month: Month, *, shows_money: bool) -> dict[str, object]:
    axis = TimeAxis(month.period)
    engagement, conversions = (
        draw_engagement(month, axis),
        draw_conversions(month, axis, shows_money=shows_money),
    )
    return {
        "month": month,
        "business": month.organization,
        "name": name_month(month.first_day),
        "answer": say_answer(month, shows_money=shows_money),
        "compared": say_compared(month, shows_money=shows_money),
        "goal_said": say_month_goal(month, shows_money=shows_money),
        "figures": list_figures(month),
        "engagement": engagement,
        "conversions": conversions,
        "conversions_label": conversions_label(month, shows_money=shows_money),
        "main_table": join_tables(engagement, conversions),
        "volume": draw_volume(month, axis),
        "volume_title": title_volume(month),
        "followers_title": title_followers(month),
        "shows_money": shows_money,
    }
