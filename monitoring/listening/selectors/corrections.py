"""What people judged of the sentiment of mentions, for the machine to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from accounts.models import Organization
from monitoring.listening.models import Mention
from monitoring.listening.models.mentions import STILL_THERE, Tone

MOST = 50_000  # the latest: what memory and a few minutes allow


class Correction(NamedTuple):
    text: str
    language: str
    tone: Tone


def corrections(*, organization: Organization | None) -> Iterator[Correction]:
    """Those of an organization, or of all that are no demo, the latest first."""
    judged = Mention.objects.filter(STILL_THERE, corrected_sentiment__isnull=False)
    if organization is not None:
        judged = judged.filter(organization=organization)
    else:
        judged = judged.filter(organization__is_demo=False)
    latest = judged.order_by("-published_at", "-id").values_list(
        "title", "text", "language", "corrected_sentiment"
    )
    for title, text, language, tone in latest[:MOST].iterator(chunk_size=1_000):
        if tone is not None:  # for the type checker: the filter left those out
            yield Correction(f"{title}\n{text}" if title else text, language, Tone(tone))
