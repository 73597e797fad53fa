"""One mention: its conversation, its author, how people reacted, why it is here, and how a machine judged it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from monitoring.analysis.entities import find_entities
from monitoring.analysis.language_reading import LanguageReading, read_language
from monitoring.analysis.sentiment import Judgement, Sentiment
from monitoring.analysis.sentiment.explaining import Explanation, explain_judgement
from monitoring.analysis.words import whole_letters
from monitoring.listening.models import Mention, MentionEngagement
from monitoring.listening.models.mentions import STILL_THERE
from monitoring.listening.selectors.authors import mentions_of_author, read_author
from monitoring.listening.selectors.reasons import why_matched
from monitoring.listening.selectors.rows import mention_rows
from monitoring.listening.selectors.threads import read_thread
from monitoring.listening.showing.charts import LONGEST_HISTORY, Growth, draw_growth

_EARLIER = 5


@require_GET
@member()
def mention(request: MemberRequest, mention_id: int) -> HttpResponse:
    found = find_mention(request, mention_id)
    row = mention_rows(request.organization, [found])[0]
    by_author = mentions_of_author(brand=found.brand, author_key=found.author_key)
    zone = ZoneInfo(request.organization.time_zone)
    context = {
        "row": row,
        "rows": [row],
        "reasons": why_matched(mention=found),
        "explanation": _explanation(found),
        "reading": _reading(found),
        "thread": read_thread(mention=found),
        "growth": _growth(found, zone),
        "author": read_author(author_key=found.author_key, brand_ids=[found.brand_id], zone=zone),
        "history": by_author.exclude(pk=found.pk).defer("search").order_by("-published_at", "-id")[:_EARLIER],
    }
    return render(request, "listening/mention.html", context)


def find_mention(request: MemberRequest, mention_id: int) -> Mention:
    """One that is there; 404 for everybody else's."""
    mine = Mention.objects.filter(STILL_THERE, organization=request.organization)
    mine = mine.select_related("brand", "source")
    return get_object_or_404(mine.defer("search"), pk=mention_id)


def _text(found: Mention) -> str:
    return f"{found.title}\n{found.text}" if found.title else found.text


def _explanation(found: Mention) -> Explanation:
    kept = Judgement(sentiment=Sentiment(found.sentiment), confidence=found.sentiment_confidence)
    return explain_judgement(_text(found), found.language, kept)


def _reading(found: Mention) -> LanguageReading:
    return read_language(find_entities(whole_letters(_text(found))).prose)


def _growth(found: Mention, zone: ZoneInfo) -> Growth | None:
    latest = MentionEngagement.objects.filter(mention=found).order_by("-at")[:LONGEST_HISTORY]
    return draw_growth(mention=found, history=list(latest)[::-1], zone=zone)
