"""Read mentions, judge them, delete them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.permissions import Act
from monitoring.analysis.sentiment import Judgement, Sentiment
from monitoring.analysis.sentiment.explaining import Explanation, explain_judgement
from monitoring.listening.choosing import TONES, Choice
from monitoring.listening.models import Brand, Mention
from monitoring.listening.selectors.counts import Share, Volume, count_period
from monitoring.listening.selectors.mentions import count_mentions, filter_mentions, page_of_mentions
from monitoring.listening.selectors.rows import mention_rows
from monitoring.listening.services.mentions import correct_sentiment, delete_mentions
from monitoring.platforms.registry import platforms


@require_GET
@member()
def mentions(request: MemberRequest) -> HttpResponse:
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        return render(request, "listening/no_brand.html")
    found = filter_mentions(brand=choice.brand, wanted=choice.wanted)
    page = page_of_mentions(
        mentions=found, before=request.GET.get("before", ""), after=request.GET.get("after", "")
    )
    context = {
        "choice": choice,
        "brand": choice.brand,
        "rows": mention_rows(request.organization, page.mentions),
        "count": count_mentions(brand=choice.brand, wanted=choice.wanted),
        "older": page.older and choice.address(before=page.older),
        "newer": page.newer and choice.address(after=page.newer),
        "export_csv": _export_address(choice, "csv"),
        "export_xlsx": _export_address(choice, "xlsx"),
        "export_json": _export_address(choice, "json"),
        **_rail(choice, choice.brand),
    }
    return render(request, "listening/mentions.html", context)


def _export_address(choice: Choice, file_format: str) -> str:
    address = reverse("listening:export_mentions", args=[choice.organization.slug, file_format])
    return address + choice.address()


@dataclass(frozen=True)
class Facet:
    """A platform or language with its mentions in the period, and the address that shows only those."""

    name: str
    mentions: int
    address: str
    is_on: bool


@dataclass(frozen=True)
class ToneBar:
    name: str
    label: str
    fill: str
    mentions: int
    share: float
    is_on: bool


def _rail(choice: Choice, brand: Brand) -> dict[str, object]:
    """The period in numbers, from the rollups: they do not follow the other filters, and the page says so."""
    counts = count_period(brands=[brand], period=choice.period)
    buckets = dict.fromkeys(choice.period.each_bucket(), 0)
    for day, volume in counts.days.items():
        buckets[choice.period.bucket_of(day)] += volume.mentions
    return {
        "by_platform": _facets(choice, "platform", counts.platforms, choice.wanted.platforms),
        "by_language": _facets(choice, "language", counts.languages, choice.wanted.languages),
        "per_bucket": list(buckets.values()),
        "totals": counts.total,
        "tones": _tone_bars(choice, counts.total),
        "platforms": platforms(),
    }


def _facets(choice: Choice, field: str, shares: list[Share], chosen: tuple[str, ...]) -> list[Facet]:
    return [
        Facet(share.name, share.mentions, choice.address(**{field: share.name}), share.name in chosen)
        for share in shares
    ]


def _tone_bars(choice: Choice, totals: Volume) -> list[ToneBar]:
    return [
        ToneBar(
            name=name,
            label=str(tone.label),
            fill=name[:3],
            mentions=getattr(totals, name),
            share=getattr(totals, name) / max(totals.mentions, 1),
            is_on=tone in choice.wanted.tones,
        )
        for name, tone in TONES.items()
    ]


@require_GET
@member()
def mention(request: MemberRequest, mention_id: int) -> HttpResponse:
    found = _mention(request, mention_id)
    row = mention_rows(request.organization, [found])[0]
    context = {
        "row": row,
        "rows": [row],
        "explanation": _explanation(found),
        "history": page_of_mentions(
            mentions=Mention.objects.filter(
                brand_id=found.brand_id, author_key=found.author_key, deleted_at=None
            ).exclude(pk=found.pk)
        ).mentions[:5],
    }
    return render(request, "listening/mention.html", context)


@require_POST
@member(Act.JUDGE_MENTIONS)
def judge(request: MemberRequest, mention_id: int) -> HttpResponse:
    """Correct the sentiment; an empty one goes back to the machine's judgement."""
    found = _mention(request, mention_id)
    tone = request.POST.get("tone", "")
    if tone and tone not in TONES:
        return HttpResponse(_("Choose positive, neutral or negative."), status=400)
    correct_sentiment(mention=found, tone=TONES.get(tone))
    if request.htmx:
        judged = mention_rows(request.organization, [_mention(request, mention_id)])
        return render(request, "listening/_mentions.html", {"rows": judged})
    messages.success(request, _("Your judgement is kept and counts in every chart."))
    return _back(request, found)


@require_POST
@member(Act.JUDGE_MENTIONS)
def delete(request: MemberRequest, mention_id: int) -> HttpResponse:
    found = _mention(request, mention_id)
    delete_mentions(ids=[found.pk])
    messages.success(request, _("The mention is deleted. It will not come back."))
    return redirect("listening:mentions", request.organization.slug)


def _mention(request: MemberRequest, mention_id: int) -> Mention:
    mine = Mention.objects.filter(organization=request.organization, deleted_at=None).select_related("brand")
    return get_object_or_404(mine.defer("search"), pk=mention_id)


def _explanation(found: Mention) -> Explanation:
    text = f"{found.title}\n{found.text}" if found.title else found.text
    kept = Judgement(sentiment=Sentiment(found.sentiment), confidence=found.sentiment_confidence)
    return explain_judgement(text, found.language, kept)


def _back(request: MemberRequest, found: Mention) -> HttpResponse:
    where = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        return HttpResponseRedirect(where)  # an address: `redirect` would take a word for a page's name
    return redirect("listening:mention", request.organization.slug, found.pk)
