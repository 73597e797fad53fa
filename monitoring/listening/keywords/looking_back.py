"""A query over what is stored: what of a brand's mentions fits it, and what an edit of a keyword would part with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitoring.analysis.matching import Matcher
from monitoring.analysis.queries import Query
from monitoring.listening.keywords.replaying import READ, Change, Judge, Move, judge_of
from monitoring.listening.models import Brand, Keyword, Mention

LOOKED_AT: Final = 10_000
SHOWN: Final = 3


@dataclass(frozen=True)
class LookBack:
    """The newest mentions of a brand, held against a query.

    If the edit of the keyword were applied to them, those `leaving` would be in no list any more, and those `joining`
    would be found by it too, or come back.
    """

    looked_at: int
    since: datetime | None
    fitting: int
    leaving: int
    joining: int
    shown_leaving: tuple[Mention, ...]
    shown_joining: tuple[Mention, ...]


def look_back(*, brand: Brand, query: Query, keyword: Keyword | None) -> LookBack:
    mentions = list(
        Mention.objects.filter(organization_id=brand.organization_id, brand=brand, deleted_at=None)
        .only(*READ, "author_name")
        .order_by("-published_at", "-id")[:LOOKED_AT]
    )
    judge = judge_of(keyword, query=query) if keyword else _judge_of_new(query)
    found = judge.match(mentions)
    changes = judge.changes(mentions, found) if keyword else []
    leaving, joining = _moved(changes, Move.LEAVING), _moved(changes, Move.JOINING, Move.RETURNING)
    return LookBack(
        looked_at=sum(mention.is_counted for mention in mentions),
        since=mentions[-1].published_at if mentions else None,
        fitting=sum(
            mention.is_counted and judge.version in keys
            for mention, keys in zip(mentions, found, strict=True)
        ),
        leaving=len(leaving),
        joining=len(joining),
        shown_leaving=tuple(leaving[:SHOWN]),
        shown_joining=tuple(joining[:SHOWN]),
    )


def _judge_of_new(query: Query) -> Judge:
    return Judge(version=0, own=frozenset(), platforms={0: ()}, matcher=Matcher({0: query}))


def _moved(changes: list[Change], *moves: Move) -> list[Mention]:
    return [change.mention for change in changes if change.move in moves]
