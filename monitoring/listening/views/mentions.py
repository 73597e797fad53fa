"""Read a mention by itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from monitoring.analysis.sentiment import Judgement, Sentiment
from monitoring.analysis.sentiment.explaining import Explanation, explain_judgement
from monitoring.listening.models import Mention
from monitoring.listening.models.mentions import STILL_THERE
from monitoring.listening.selectors.mentions import page_of_mentions
from monitoring.listening.selectors.rows import mention_rows


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
                STILL_THERE, brand_id=found.brand_id, author_key=found.author_key
            ).exclude(pk=found.pk)
        ).mentions[:5],
    }
    return render(request, "listening/mention.html", context)


def _mention(request: MemberRequest, mention_id: int) -> Mention:
    mine = Mention.objects.filter(STILL_THERE, organization=request.organization).select_related("brand")
    return get_object_or_404(mine.defer("search"), pk=mention_id)


def _explanation(found: Mention) -> Explanation:
    text = f"{found.title}\n{found.text}" if found.title else found.text
    kept = Judgement(sentiment=Sentiment(found.sentiment), confidence=found.sentiment_confidence)
    return explain_judgement(text, found.language, kept)
