"""The list of mentions."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from monitoring.analysis.queries import write_author
from monitoring.listening.models import Brand
from monitoring.listening.selectors.counts import PeriodCounts, count_period
from monitoring.listening.selectors.coverage import platform_health
from monitoring.listening.selectors.facet_parts import read_parts
from monitoring.listening.selectors.finding import Finding, Place, find_mentions
from monitoring.listening.selectors.naming import queries_of_brand
from monitoring.listening.selectors.rows import mention_rows
from monitoring.listening.selectors.searching import as_query, search_error
from monitoring.listening.showing.active_filters import FilterForm, active_filters, error_place, sort_links
from monitoring.listening.showing.choosing import Choice
from monitoring.listening.showing.rail import Rail
from monitoring.listening.showing.unread import Unreached, name_unreached


@require_GET
@member()
def mentions(request: MemberRequest) -> HttpResponse:
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        return render(request, "listening/no_brand.html")
    if handle := request.GET.get("by", "").strip():
        return redirect(request.path + choice.address(q=_by_author(choice.wanted.search, handle), by=None))
    error = search_error(choice.wanted.search)
    counts = count_period(brands=[choice.brand], period=choice.period)
    place = Place(choice.sort, request.GET.get("before", ""), request.GET.get("after", ""), back=choice.back)
    finding = find_mentions(
        brand=choice.brand, wanted=choice.wanted, period=choice.period, place=place, days=counts.days
    )
    queries = queries_of_brand(brand=choice.brand)
    known = {version: query for version, (_keyword, query) in queries.items()}
    rows = mention_rows(request.organization, finding.page.mentions, known)
    context = {
        "choice": choice,
        "brand": choice.brand,
        "rows": rows,
        "finding": finding,
        "count": finding.count,
        "looked": _looked(choice, finding),
        "unreached": None if rows or choice.is_filtered else _unreached(request),
        "rail": _rail(choice, choice.brand, counts, finding, queries),
        "form": FilterForm(choice),
        "filters_on": active_filters(choice, queries),
        "sorts": sort_links(choice),
        "search_error": error,
        "search_place": error and error_place(choice.wanted.search, error),
        **_ways(choice, finding),
    }
    return render(request, "listening/mentions.html", context)


def _unreached(request: MemberRequest) -> Unreached | None:
    return name_unreached(platform_health(organization=request.organization))


def _by_author(search: str, name: str) -> str:
    """The same search for what one author wrote, as the search box says it: an author is no other kind of filter."""
    query = as_query(search)
    within = f"({query})" if " OR " in query else query
    return f"{within} {write_author(name.lstrip('@'))}".strip()


def _rail(
    choice: Choice,
    brand: Brand,
    counts: PeriodCounts,
    finding: Finding,
    queries: Mapping[int, tuple[int, str]],
) -> Rail:
    parts = read_parts(
        brand=brand,
        wanted=choice.wanted,
        counts=counts,
        listed=finding.facets,
        days=finding.look.days,
        from_days=choice.back is None,
    )
    found = inf if finding.count.more and not finding.is_all else finding.count.number
    return Rail(choice, counts, finding.facets, parts, queries, found)


def _looked(choice: Choice, finding: Finding) -> str:
    """Which days the number and the order are of, where these are not all of the period."""
    look, count, counted = finding.look, finding.count, finding.facets.number
    if look.is_whole and not choice.back:
        return ""
    days = [date_format(day, "SHORT_DATE_FORMAT") for day in (look.days.first, look.days.last)]
    between = {"first": days[0], "last": days[1]}
    if choice.sort != "time":
        return _("in order: those from %(first)s to %(last)s") % between
    if not choice.back and (count.more or count.number > counted):
        return ""  # the number is of the whole period
    return _("looked at: %(first)s to %(last)s") % between


def _ways(choice: Choice, finding: Finding) -> dict[str, str | None]:
    """Where the list can be left for: other pages of it, days further back, a file."""
    page, look, back = finding.page, finding.look, choice.parameters.get("back")
    further = None if look.is_whole or page.older else choice.address(back=look.days.first.isoformat())
    return {
        "older": page.older and choice.address(before=page.older, back=back),
        "newer": page.newer and choice.address(after=page.newer, back=back),
        "further": further,
        "newest": choice.address() if choice.back else None,
        **{f"export_{name}": _export_address(choice, name) for name in ("csv", "xlsx", "json")},
    }


def _export_address(choice: Choice, file_format: str) -> str:
    address = reverse("listening:export_mentions", args=[choice.organization.slug, file_format])
    return address + choice.address()
