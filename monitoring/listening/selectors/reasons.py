"""Why a mention is here: which version of which keyword found it, by which of its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitoring.analysis.matching import spans
from monitoring.analysis.queries import Query, QueryError, explain, parse
from monitoring.listening.models import KeywordVersion, Mention


@dataclass(frozen=True)
class Reason:
    """One version of a keyword. `words` are those of the mention, as they stand there, each once."""

    keyword_id: int
    query: str
    sentence: str  # "" where the query's language became stricter since
    words: tuple[str, ...]
    since: datetime
    until: datetime | None  # when the keyword was changed

    @property
    def is_current(self) -> bool:
        return self.until is None


def why_matched(*, mention: Mention) -> list[Reason]:
    versions = KeywordVersion.objects.filter(
        pk__in=mention.keyword_versions, keyword__organization=mention.organization_id
    )
    return [_reason(version, mention) for version in versions.order_by("pk")]


def _reason(version: KeywordVersion, mention: Mention) -> Reason:
    query = _readable(version.query)
    return Reason(
        keyword_id=version.keyword_id,
        query=version.query,
        sentence=explain(query) if query else "",
        words=tuple(_found(query, (mention.title, mention.text))) if query else (),
        since=version.created_at,
        until=version.replaced_at,
    )


def _found(query: Query, texts: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        for start, end in spans(query, text):
            word = text[start:end]
            if word.casefold() not in seen:
                seen.add(word.casefold())
                yield word


def _readable(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None
