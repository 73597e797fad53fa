"""What people judged of the sentiment of mentions, for the machine to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounts.models import Organization
from monitoring.listening.models import Mention, SentimentLabel
from monitoring.listening.models.mentions import STILL_THERE, Tone

MOST = 50_000  # the latest: what memory and a few minutes allow


class Correction(NamedTuple):
    text: str
    language: str
    tone: Tone
    is_independent: bool = False  # whether chance chose the mention, and not what struck somebody as wrong


def corrections(*, organization: Organization | None) -> Iterator[Correction]:
    """Those of an organization, or of all that are no demo, the latest first; what chance chose comes before.

    A mention of which both is known is there once.
    """
    whose = {"organization": organization} if organization is not None else {"organization__is_demo": False}
    by_chance = SentimentLabel.objects.filter(
        said__isnull=False,
        mention__in=Mention.objects.filter(STILL_THERE),
        **{f"sample__{name}": who for name, who in whose.items()},
    )
    latest = by_chance.order_by("mention_id", "-said_at").distinct("mention_id")
    labels = latest.values_list("mention__title", "mention__text", "mention__language", "said")
    yield from _read(labels[:MOST], is_independent=True)
    judged = Mention.objects.filter(STILL_THERE, corrected_sentiment__isnull=False, **whose)
    others = judged.exclude(pk__in=by_chance.values("mention_id")).order_by("-published_at", "-id")
    corrected = others.values_list("title", "text", "language", "corrected_sentiment")
    yield from _read(corrected[:MOST], is_independent=False)


def _read(
    rows: QuerySet[Any, tuple[str, str, str, int | None]], *, is_independent: bool
) -> Iterator[Correction]:
    for title, text, language, tone in rows.iterator(chunk_size=1_000):
        if tone is not None:  # for the type checker: the filter left those out
            yield Correction(f"{title}\n{text}" if title else text, language, Tone(tone), is_independent)
