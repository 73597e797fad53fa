"""The list of those who speak about the market and whose word may have weight. Nobody is contacted by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.lib.exporting import Cell, ExportedTable, read_format
from monitoring.listening.authors.influence import Influence
from monitoring.listening.authors.ranking import DAYS
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.selectors.influencers import (
    Influencer,
    Wanted,
    every_influencer,
    page_of_influencers,
    ranked_at,
    read_wanted,
)
from monitoring.listening.selectors.rows import WEB
from monitoring.listening.showing.choosing import Choice, StrOrPromise, ViewLink
from monitoring.platforms.registry import CONNECTORS, platforms

_DAYS_SAID: Final = {
    30: gettext_lazy("30 days"),
    90: gettext_lazy("90 days"),
    365: gettext_lazy("12 months"),
}

_NOBODY: Final = Influence(followers=0, mentions=0, interactions=0)  # whose parts say what each may give


@require_GET
@member()
def influencers(request: MemberRequest) -> HttpResponse:
    wanted = _wanted(request)
    brands = Choice(request.organization, request.GET).brands
    page = page_of_influencers(
        organization=request.organization,
        names=_names(brands),
        wanted=wanted,
        after=request.GET.get("after", ""),
    )
    context = {
        "wanted": wanted,
        "influencers": page.influencers,
        "older": page.next_cursor and _address(wanted, after=page.next_cursor),
        "is_later_page": "after" in request.GET,
        "first_page": _address(wanted),
        "ranked_at": ranked_at(organization=request.organization),
        "days_links": [
            ViewLink(_DAYS_SAID[days], _address(wanted, days=str(days)), days == wanted.days) for days in DAYS
        ],
        "kind_links": _kind_links(wanted, brands),
        "platforms": platforms(),
        "definition": _NOBODY,
        "export_csv": _export_address(request, wanted, "csv"),
        "export_xlsx": _export_address(request, wanted, "xlsx"),
    }
    return render(request, "listening/influencers.html", context)


@require_GET
@member()
def export_influencers(request: MemberRequest, file_format: str) -> HttpResponseBase:
    wanted_format = read_format(file_format)
    names = _names(Choice(request.organization, request.GET).brands)
    found = every_influencer(organization=request.organization, names=names, wanted=_wanted(request))
    return send_table(request, _table(found), wanted_format)


def _table(found: Iterator[Influencer]) -> ExportedTable:
    return ExportedTable(
        name="influencers",
        columns=[
            _("Author"), _("Handle"), _("Platform"), _("Influence"), _("Followers"), _("Mentions"), _("Positive"),
            _("Neutral"), _("Negative"), _("Reactions"), _("About"), _("Profile"),
        ],
        rows=map(_line, found),
    )  # fmt: skip


def _line(each: Influencer) -> list[Cell]:
    ranked = each.ranked
    profile = ranked.mention.author_url
    return [
        each.name, each.handle, ranked.platform, round(ranked.influence), ranked.followers, ranked.mentions,
        ranked.positive, each.neutral, ranked.negative, ranked.interactions, ", ".join(each.brands),
        profile if profile.startswith(WEB) else "",
    ]  # fmt: skip


def _wanted(request: MemberRequest) -> Wanted:
    return read_wanted(
        days=request.GET.get("days", ""),
        kind=request.GET.get("kind", ""),
        platform=request.GET.get("platform", ""),
        platforms=list(CONNECTORS),
    )


def _names(brands: list[Brand]) -> dict[int, str]:
    return {brand.pk: brand.name for brand in brands}


def _kind_links(wanted: Wanted, brands: list[Brand]) -> list[ViewLink]:
    """Only kinds that there are, and none where there is but one."""
    there = {brand.kind for brand in brands}
    kinds: list[tuple[str, StrOrPromise]] = [("", _("The whole market"))]
    kinds += [(str(kind), kind.label) for kind in BrandKind if kind in there]
    links = [ViewLink(label, _address(wanted, kind=kind), kind == wanted.kind) for kind, label in kinds]
    return links if len(there) > 1 else []


def _address(wanted: Wanted, **changes: str) -> str:
    asked = {"days": str(wanted.days), "kind": wanted.kind, "platform": wanted.platform} | changes
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _export_address(request: MemberRequest, wanted: Wanted, file_format: str) -> str:
    return reverse("listening:export_influencers", args=[request.organization.slug, file_format]) + _address(
        wanted
    )
