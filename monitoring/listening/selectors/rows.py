"""Mentions as a page shows them: with the platform's name, the marked words and the keywords behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.analysis.matching import spans
from monitoring.analysis.queries import Query, QueryError, parse
from monitoring.listening.models import KeywordVersion, Mention

WEB = ("https://", "http://")
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class MentionRow:
    mention: Mention
    title_spans: Spans
    text_spans: Spans
    keywords: tuple[str, ...]

    @property
    def link(self) -> str:
        """Its address on the platform, or nothing where that is no web address."""
        return self.mention.url if self.mention.url.startswith(WEB) else ""

    @property
    def links(self) -> list[str]:
        return [link for link in self.mention.links if link.startswith(WEB)]

    @property
    def is_corrected(self) -> bool:
        return self.mention.corrected_sentiment is not None


def mention_rows(mentions: Sequence[Mention]) -> list[MentionRow]:
    wanted = {version for mention in mentions for version in mention.keyword_versions}
    queries = dict(KeywordVersion.objects.filter(pk__in=wanted).values_list("pk", "query"))
    parsed = {version: query for version, text in queries.items() if (query := _readable(text))}
    return [_row(mention, queries, parsed) for mention in mentions]


def _row(mention: Mention, queries: dict[int, str], parsed: dict[int, Query]) -> MentionRow:
    matched = [parsed[version] for version in mention.keyword_versions if version in parsed]
    return MentionRow(
        mention=mention,
        title_spans=tuple(span for query in matched for span in spans(query, mention.title)),
        text_spans=tuple(span for query in matched for span in spans(query, mention.text)),
        keywords=tuple(queries[version] for version in mention.keyword_versions if version in queries),
    )


def _readable(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None
