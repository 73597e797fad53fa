"""One author's page: what is known of them, and what they said about your brands."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from monitoring.lib.charts import Chart
from monitoring.lib.periods import LONGEST_DAYS, ONE_DAY, Period, local_day
from monitoring.listening.models import Brand
from monitoring.listening.selectors.authors import AuthorRecord, mentions_of_author, read_author
from monitoring.listening.selectors.coverage import read_coverage
from monitoring.listening.selectors.mentions import page_of_mentions
from monitoring.listening.selectors.rows import WEB, mention_rows
from monitoring.listening.showing.charts import draw_tone_by_month, first_shown
from monitoring.listening.showing.choosing import Choice
from monitoring.listening.views.one_mention import find_mention


@require_GET
@member()
def author(request: MemberRequest, mention_id: int) -> HttpResponse:
    """Whoever wrote this mention, and all they said about your brands."""
    found = find_mention(request, mention_id)
    choice = Choice(request.organization, request.GET)
    brand = choice.brand if "brand" in request.GET and choice.brand else found.brand
    zone = ZoneInfo(request.organization.time_zone)
    brand_ids = [each.pk for each in choice.brands]
    record = read_author(author_key=found.author_key, brand_ids=brand_ids, zone=zone)
    said = mentions_of_author(brand=brand, author_key=found.author_key)
    page = page_of_mentions(
        mentions=said, before=request.GET.get("before", ""), after=request.GET.get("after", "")
    )
    here = f"?brand={brand.pk}&"
    context = {
        "mention": found,
        "author": record,
        "profile": record.url if record.url.startswith(WEB) else "",
        "about": _about(choice, record, brand),
        "brand": brand,
        "rows": mention_rows(request.organization, page.mentions),
        "older": page.older and here + urlencode({"before": page.older}),
        "newer": page.newer and here + urlencode({"after": page.newer}),
        "tone": _tone(choice.brands, record, zone),
        **{f"export_{name}": _file_address(request, brand, record, name) for name in ("csv", "xlsx")},
    }
    return render(request, "listening/author.html", context)


def _file_address(request: MemberRequest, brand: Brand, record: AuthorRecord, file_format: str) -> str:
    """All that they said about the brand: the file of the list, which shows ten years at most."""
    today = local_day(timezone.now(), ZoneInfo(request.organization.time_zone))
    asked = {
        "brand": brand.pk,
        "from": today - ONE_DAY * (LONGEST_DAYS - 1),
        "to": today,
        "author": record.key,
    }
    address = reverse("listening:export_mentions", args=[request.organization.slug, file_format])
    return f"{address}?{urlencode(asked)}"


def _tone(brands: list[Brand], record: AuthorRecord, zone: ZoneInfo) -> Chart | None:
    now = timezone.now()
    today = local_day(now, zone)
    shown = Period(first_shown(today), today, zone)
    silent = read_coverage(brands=brands, now=now).silent_days(shown)
    return draw_tone_by_month(by_month=record.by_month, today=today, silent=silent, zone=zone)


@dataclass(frozen=True)
class About:
    """One brand that the author spoke about."""

    brand: Brand
    mentions: int
    is_cut: bool
    address: str
    is_shown: bool


def _about(choice: Choice, record: AuthorRecord, shown: Brand) -> list[About]:
    return [
        About(brand, spoken.mentions, spoken.is_cut, f"?brand={brand.pk}", brand == shown)
        for brand in choice.brands
        if (spoken := record.by_brand.get(brand.pk))
    ]
