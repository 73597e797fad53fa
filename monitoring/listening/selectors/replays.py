"""What a walk through the stored mentions found, with the examples to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.analysis.matching import spans
from monitoring.analysis.queries import QueryError, parse
from monitoring.listening.models import Brand, KeywordVersion, Mention, Replay
from monitoring.listening.models.mentions import STILL_THERE

SHOWN_CHARACTERS = 280


@dataclass(frozen=True)
class ShownMention:
    mention: Mention
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ToldReplay:
    """The examples of each kind, the newest first, and what the keyword looked for before."""

    leaving: list[ShownMention]
    returning: list[ShownMention]
    joining: list[ShownMention]
    former: KeywordVersion | None


def describe_replay(*, replay: Replay, brand: Brand) -> ToldReplay:
    """Mentions that were deleted since then are not shown any more."""
    wanted = [*replay.shown_leaving, *replay.shown_returning, *replay.shown_joining]
    there = Mention.objects.filter(
        STILL_THERE, organization_id=brand.organization_id, brand=brand, pk__in=wanted
    )
    found = {mention.pk: mention for mention in there.defer("search")}
    former = (
        KeywordVersion.objects.filter(
            keyword_id=replay.keyword_id, replaced_at__lte=replay.version.created_at
        )
        .order_by("-replaced_at", "-pk")
        .first()
    )
    return ToldReplay(
        leaving=_shown(replay.shown_leaving, found, former),
        returning=_shown(replay.shown_returning, found, replay.version),
        joining=_shown(replay.shown_joining, found, replay.version),
        former=former,
    )


def _shown(
    ids: Sequence[int], found: dict[int, Mention], version: KeywordVersion | None
) -> list[ShownMention]:
    """Marked is what the version looks for: of those that go, what it was that found them."""
    try:
        query = parse(version.query) if version else None
    except QueryError:
        query = None
    return [
        ShownMention(
            found[key],
            found[key].text[:SHOWN_CHARACTERS],
            tuple(spans(query, found[key].text)) if query else (),
        )
        for key in ids
        if key in found
    ]
