"""The page that opens every morning: the answer first, and three parts that follow by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.audience.selectors.engagement import sum_by_bucket
from monitoring.conversions.models.conversions import kind_label
from monitoring.dashboard.exporting import names_of_tables, tables_of_overview
from monitoring.dashboard.next_steps import next_steps
from monitoring.dashboard.overview import Overview
from monitoring.dashboard.overview_market import Market
from monitoring.dashboard.overview_people import Speaking
from monitoring.dashboard.overview_wording import (
    figures_of,
    followers_title,
    gap_lines,
    sentences_of,
    volume_title,
)
from monitoring.dashboard.overview_words import Said
from monitoring.lib.charts import Chart, Links, Table
from monitoring.lib.exporting import choose_table, read_format
from monitoring.lib.figures import format_numbers
from monitoring.lib.periods import local_day
from monitoring.listening.models import Brand
from monitoring.listening.selectors.filtering import MentionFilter
from monitoring.listening.selectors.mentions import filter_mentions
from monitoring.listening.selectors.open_questions import RECENT
from monitoring.listening.selectors.rows import mention_rows
from monitoring.listening.showing.choosing import Choice
from monitoring.listening.showing.unread import name_unreached

LATEST: Final = 3
PARTS: Final = (
    ("dashboard:more", gettext_lazy("What was said")),
    ("dashboard:people", gettext_lazy("The people behind it")),
    ("dashboard:market", gettext_lazy("Your market")),
)


@require_GET
@member()
def overview(request: MemberRequest) -> HttpResponse:
    """The answer, its evidence and the next steps. The other parts follow by themselves, or behind links."""
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        return redirect("dashboard:resume", request.organization.slug)
    shown = _overview(choice, choice.brand)
    context = {
        "choice": choice,
        "overview": shown,
        "explaining": shown.explaining,
        "steps": next_steps(overview=shown, role=request.membership.role),
        "figures": figures_of(shown),
        "parts": _parts(choice, choice.brand),
        **_exports(choice),
        "marks": shown.marks,
        "gap_lines": gap_lines(shown),
        "unreached": name_unreached(shown.watch.health()),
        **sentences_of(shown),
        **_charts(shown),
    }
    return render(request, "dashboard/overview.html", context)


@require_GET
@member()
def more(request: MemberRequest) -> HttpResponse:
    """What was said, where and about what."""
    return _part(request, "dashboard:more", _say)


@require_GET
@member()
def people(request: MemberRequest) -> HttpResponse:
    """The four scores, and who speaks."""
    return _part(request, "dashboard:people", lambda shown: {"speaking": Speaking(shown)})


@require_GET
@member()
def market(request: MemberRequest) -> HttpResponse:
    """The brand among others, its followers, and what brought orders."""
    return _part(request, "dashboard:market", _tell_of_market)


@require_GET
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    wanted_format = read_format(file_format)
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        raise Http404
    tables = tables_of_overview(_overview(choice, choice.brand))
    return send_table(request, choose_table(tables, request.GET.get("of", ""), wanted_format), wanted_format)


def _part(request: MemberRequest, name: str, build: Callable[[Overview], dict[str, object]]) -> HttpResponse:
    """A part of the overview, or without JavaScript a page of its own."""
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        return redirect("dashboard:resume", request.organization.slug)
    shown = _overview(choice, choice.brand)
    fragment = f"dashboard/_overview_{name.partition(':')[2]}.html"
    context = {
        "choice": choice,
        "overview": shown,
        "explaining": shown.explaining,
        "fragment": fragment,
        "title": dict(PARTS)[name],
        "parts": _parts(choice, choice.brand),
        **_exports(choice),
        **build(shown),
    }
    answer = render(request, fragment if request.htmx else "dashboard/overview_part.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _parts(choice: Choice, brand: Brand) -> list[tuple[str, object]]:
    """The addresses of the other parts, and what they are called."""
    query = choice.address(brand=str(brand.pk))
    return [(reverse(name, args=[choice.organization.slug]) + query, title) for name, title in PARTS]


def _exports(choice: Choice) -> dict[str, object]:
    """Where the overview's files are: a workbook of all its tables, and each of them."""
    others = names_of_tables().items()
    return {
        **choice.files("dashboard:export"),
        "export_more": [
            (choice.files("dashboard:export", of=name)["export_csv"], label) for name, label in others
        ],
    }


def _overview(choice: Choice, brand: Brand) -> Overview:
    return Overview(choice.organization, brand, choice.brands, choice.period, choice.compared, timezone.now())


def _say(shown: Overview) -> dict[str, object]:
    wanted = filter_mentions(brand=shown.brand, wanted=MentionFilter(period=shown.period))
    latest = list(wanted.defer("search").order_by("-published_at", "-id")[:LATEST])
    said = Said(shown)
    return {
        "said": said,
        "volume": said.draw_volume(),
        "volume_title": volume_title(shown),
        "tones": [
            (name, label, getattr(shown.total, name), shown.rows.mentions(tone=name))
            for name, label in (
                ("positive", _("Positive")),
                ("neutral", _("Neutral")),
                ("negative", _("Negative")),
            )
        ],
        "open_questions": shown.rows.mentions(
            *(local_day(moment, shown.period.zone) for moment in (shown.now - RECENT, shown.now)),
            questions="yes",
            status="open",
        ),
        "all_mentions": shown.rows.mentions(),
        "rows": mention_rows(shown.organization, latest),
    }


def _tell_of_market(shown: Overview) -> dict[str, object]:
    found = Market(shown)
    return {
        "market": found,
        "followers_title": followers_title(found.followers),
        "counted": kind_label(shown.counted.kind),
    }


def _charts(shown: Overview) -> dict[str, object]:
    engagement, conversions = shown.draw_engagement(), shown.draw_conversions()
    return {
        "engagement": engagement,
        "conversions": conversions,
        "main_table": _main_table(shown, engagement, conversions),
        "conversions_label": shown.conversions_label,
    }


def _main_table(shown: Overview, engagement: Chart, conversions: Chart) -> Table:
    """Both charts as rows. Each figure leads to what it counts; engagement lies in two places."""
    unread = engagement.unread[::-1]
    on_posts = sum_by_bucket(shown.period, shown.engagement_on_posts)
    on_mentions = sum_by_bucket(shown.period, shown.engagement_on_mentions)
    brought = [row[1:] for row in reversed(conversions.rows)]
    cells = (
        shown.axis.names,
        _linked(format_numbers(on_posts), shown.rows.audience_of_buckets(), "#posts"),
        _linked(format_numbers(on_mentions), shown.rows.mentions_of_buckets(sort="engagement")),
        _linked((figures[0] for figures in brought), shown.conversions_links),
        *zip(*(figures[1:] for figures in brought), strict=True),
        *([unread] if unread else []),
    )
    columns = [conversions.columns[0], _("On your posts"), _("On mentions"), *conversions.columns[1:]]
    if unread:
        columns.append(engagement.columns[-1])
    return Table(columns=columns, rows=[list(row) for row in zip(*cells, strict=True)][::-1])


def _linked(figures: Iterable[str], links: Links | None, anchor: str = "") -> list[str]:
    """Each figure as a link to its rows. A table has hundreds: what their addresses share is escaped once."""
    if links is None:
        return list(figures)
    before = f'<a class="link" href="{escape(links.base)}&amp;'
    after = f'{anchor}">'
    return [
        mark_safe(f"{before}{escape(span)}{after}{escape(said)}</a>")  # noqa: S308 - each part is escaped
        for span, said in zip(links.spans, figures, strict=True)
    ]
