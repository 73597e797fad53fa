"""Mentions as a page shows them: with the marked words, the keywords behind them, and what each row says.

A template looks every value up anew. What a row needs several times, or can be said once, is made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import Organization
from monitoring.analysis.matching import spans
from monitoring.analysis.queries import Query, QueryError, parse
from monitoring.lib.figures import format_number
from monitoring.listening.models import KeywordVersion, Mention

WEB = ("https://", "http://")
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class MentionRow:
    mention: Mention
    title_spans: Spans
    text_spans: Spans
    keywords: tuple[str, ...]
    address: str  # of its own page
    judging: str  # where a judgement is sent

    @property
    def name(self) -> str:
        """The row's id in the page."""
        return f"mention-{self.mention.pk}"

    @cached_property
    def author(self) -> str:
        return self.mention.author_name or self.mention.author_handle

    @property
    def handle(self) -> str:
        """Beside the author's name, where it says more."""
        handle = self.mention.author_handle
        return handle if handle != self.mention.author_name else ""

    @property
    def followers(self) -> str:
        number = self.mention.author_followers
        if number is None:
            return ""
        said = ngettext("%(number)s follower", "%(number)s followers", number)
        return said % {"number": format_number(number)}

    @property
    def reactions(self) -> str:
        number = self.mention.interactions
        if not number:
            return ""
        said = ngettext("%(number)s reaction", "%(number)s reactions", number)
        return said % {"number": format_number(number)}

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


def mention_rows(organization: Organization, mentions: Sequence[Mention]) -> list[MentionRow]:
    wanted = {version for mention in mentions for version in mention.keyword_versions}
    queries = dict(KeywordVersion.objects.filter(pk__in=wanted).values_list("pk", "query"))
    parsed = {version: query for version, text in queries.items() if (query := _readable(text))}
    page, judging = (
        _address_without_number(organization, name) for name in ("listening:mention", "listening:judge")
    )
    return [_row(mention, queries, parsed, page, judging) for mention in mentions]


def _address_without_number(organization: Organization, name: str) -> tuple[str, str]:
    """What stands before and after a mention's number in an address."""
    before, _number, after = reverse(name, args=[organization.slug, 0]).rpartition("0")
    return before, after


def _row(
    mention: Mention,
    queries: dict[int, str],
    parsed: dict[int, Query],
    page: tuple[str, str],
    judging: tuple[str, str],
) -> MentionRow:
    matched = [parsed[version] for version in mention.keyword_versions if version in parsed]
    return MentionRow(
        mention=mention,
        title_spans=tuple(span for query in matched for span in spans(query, mention.title)),
        text_spans=tuple(span for query in matched for span in spans(query, mention.text)),
        keywords=tuple(queries[version] for version in mention.keyword_versions if version in queries),
        address=str(mention.pk).join(page),
        judging=str(mention.pk).join(judging),
    )


def _readable(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None
