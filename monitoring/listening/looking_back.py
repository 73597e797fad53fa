"""A query over what is stored: what of a brand's mentions fits it, and what an edit of a keyword would part with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitoring.analysis.matching import Document, Matcher
from monitoring.analysis.queries import Query
from monitoring.listening.models import Brand, Keyword, Mention
from monitoring.listening.models.mentions import STILL_THERE

LOOKED_AT: Final = 10_000
SHOWN: Final = 3

_READ = (
    "pk", "title", "text", "language", "platform", "author_handle", "author_name", "author_followers",
    "published_at", "keyword_versions",
)  # fmt: skip


@dataclass(frozen=True)
class LookBack:
    """The newest mentions of a brand, held against a query.

    `leaving` were found by the keyword that is edited and do not fit; `joining` were found by others and do.
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
        Mention.objects.filter(STILL_THERE, organization_id=brand.organization_id, brand=brand)
        .only(*_READ)
        .order_by("-published_at", "-id")[:LOOKED_AT]
    )
    own = set(keyword.versions.values_list("pk", flat=True)) if keyword else set[int]()
    found = Matcher({0: query}).match_many(map(_document, mentions))
    fits = {mention.pk for mention, keys in zip(mentions, found, strict=True) if keys}
    ours = {mention.pk for mention in mentions if not own.isdisjoint(mention.keyword_versions)}
    leaving = [mention for mention in mentions if mention.pk in ours - fits]
    joining = [mention for mention in mentions if keyword and mention.pk in fits - ours]
    return LookBack(
        looked_at=len(mentions),
        since=mentions[-1].published_at if mentions else None,
        fitting=len(fits),
        leaving=len(leaving),
        joining=len(joining),
        shown_leaving=tuple(leaving[:SHOWN]),
        shown_joining=tuple(joining[:SHOWN]),
    )


def _document(mention: Mention) -> Document:
    return Document(
        text=mention.text,
        title=mention.title,
        language=mention.language,
        platform=mention.platform,
        author_handle=mention.author_handle,
        author_followers=mention.author_followers,
    )
