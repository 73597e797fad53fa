"""The second half of the audience page, which needs what was sold and what was said; and the page as files."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.conversions.selectors.counting import what_counts
from monitoring.conversions.selectors.credits_compared import compare_last_touch
from monitoring.conversions.selectors.goals import find_goal
from monitoring.dashboard.audience_exporting import tables_of_audience
from monitoring.dashboard.audience_people import read_people
from monitoring.dashboard.audience_posts import read_brought_posts
from monitoring.dashboard.audience_quality import read_quality
from monitoring.dashboard.audience_worth import read_worth
from monitoring.lib.exporting import choose_table, read_format
from monitoring.listening.showing.choosing import Choice


@require_GET
@member()
def more(request: MemberRequest) -> HttpResponse:
    """What the audience is worth: a part of the audience page, or without JavaScript a page of its own."""
    organization, choice, now = (
        request.organization,
        Choice(request.organization, request.GET),
        timezone.now(),
    )
    kind = what_counts(find_goal(organization=organization)).kind
    credited = compare_last_touch(organization=organization, period=choice.period, kind=kind)
    context = {
        "choice": choice,
        "worth": read_worth(organization=organization, period=choice.period, kind=kind, credited=credited),
        "brought": read_brought_posts(
            organization=organization, period=choice.period, kind=kind, credited=credited
        ),
        "quality": read_quality(organization=organization, period=choice.period, now=now),
        "people": read_people(choice=choice, now=now),
        "files": {
            name: choice.files("dashboard:export_audience", of=name)
            for name in ("worth", "quality", "stayed", "people", "words", "hours")
        },
    }
    context["words_file"] = [
        (choice.files("dashboard:export_audience", of="words")["export_csv"], _("Their words"))
    ]
    template = "_audience_more" if request.htmx else "audience_more"
    answer = render(request, f"dashboard/{template}.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_GET
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """Followers by day, or with `of=` another of its tables."""
    wanted_format = read_format(file_format)
    tables = tables_of_audience(Choice(request.organization, request.GET), timezone.now())
    return send_table(request, choose_table(tables, request.GET.get("of", ""), wanted_format), wanted_format)
