"""Mentions as a page shows them: with the marked words, the keywords behind them, and what each row says.

A template looks every value up anew. What a row needs several times, or can be said once, is made here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypedDict

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Organization
from monitoring.analysis.matching import spans
from monitoring.analysis.queries import Query, QueryError, parse
from monitoring.lib.figures import format_number
from monitoring.listening.models import KeywordVersion, Mention, MentionStatus, Tag
from monitoring.listening.selectors.naming import list_tags

WEB = ("https://", "http://")
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class RowAct:
    """One thing that can be done with a mention: its name when sent, the key for it, and how it is shown."""

    name: str
    key: str
    icon: str
    label: str | Promise

    @property
    def is_judgement(self) -> bool:
        return self.name.startswith("judge:")


_JUDGE: Final = (
    RowAct("judge:positive", "1", "thumbs-up", _("It is positive")),
    RowAct("judge:neutral", "2", "minus", _("It is neutral")),
    RowAct("judge:negative", "3", "triangle-alert", _("It is negative")),
)
_ANSWER: Final = RowAct("answer", "a", "check-check", _("Mark as answered"))
_ARCHIVE: Final = RowAct("archive", "e", "archive", _("Archive"))
_NOT_ABOUT_US: Final = RowAct("not_about_us", "n", "ban", _("Not about us"))
_PUT_BACK: Final = RowAct("put_back", "p", "archive-restore", _("Put back"))
_MUTE: Final = RowAct("mute", "", "volume-x", _("Mute this author"))
_DELETE: Final = RowAct("delete", "", "trash-2", _("Delete"))
ACTS: Final[Mapping[int, tuple[RowAct, ...]]] = {
    MentionStatus.OPEN: (*_JUDGE, _ANSWER, _ARCHIVE, _NOT_ABOUT_US, _MUTE, _DELETE),
    MentionStatus.ANSWERED: (*_JUDGE, _PUT_BACK, _ARCHIVE, _NOT_ABOUT_US, _MUTE, _DELETE),
    MentionStatus.ARCHIVED: (*_JUDGE, _PUT_BACK, _ANSWER, _NOT_ABOUT_US, _MUTE, _DELETE),
    MentionStatus.NOT_ABOUT_US: (_PUT_BACK, _MUTE, _DELETE),
    MentionStatus.MUTED: (_DELETE,),
    MentionStatus.UNMATCHED: (_DELETE,),
    MentionStatus.REMOVED: (),
}
_STATUS_ICONS: Final[Mapping[int, str]] = {
    MentionStatus.ANSWERED: "check-check",
    MentionStatus.ARCHIVED: "archive",
    MentionStatus.NOT_ABOUT_US: "ban",
    MentionStatus.MUTED: "volume-x",
    MentionStatus.UNMATCHED: "search-x",
    MentionStatus.REMOVED: "trash-2",
}


class Found(TypedDict):
    """Why a mention is here: its keywords, and the words that they found."""

    title_spans: Spans
    text_spans: Spans
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class MentionRow:
    mention: Mention
    title_spans: Spans
    text_spans: Spans
    keywords: tuple[str, ...]
    address: str  # of its own page
    changing: str  # where what one does with it is sent
    tags: tuple[Tag, ...] = ()

    @property
    def name(self) -> str:
        """The row's id in the page."""
        return f"mention-{self.mention.pk}"

    @cached_property
    def author(self) -> str:
        return self.mention.author_said

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
    def is_aside(self) -> bool:
        """Somebody has done something with it: it is no longer open."""
        return self.mention.status != MentionStatus.OPEN

    @property
    def status_icon(self) -> str:
        return _STATUS_ICONS[self.mention.status]

    @property
    def acts(self) -> tuple[RowAct, ...]:
        """What can be done with it as it is now."""
        return ACTS[self.mention.status]

    @property
    def is_corrected(self) -> bool:
        return self.mention.corrected_sentiment is not None


def mention_rows(
    organization: Organization, mentions: Sequence[Mention], known: Mapping[int, str] | None = None
) -> list[MentionRow]:
    """`known`: the query of each version, where the page has looked them up already."""
    wanted = {version for mention in mentions for version in mention.keyword_versions}
    if known is None:
        queries = dict(KeywordVersion.objects.filter(pk__in=wanted).values_list("pk", "query"))
    else:
        queries = {version: known[version] for version in wanted if version in known}
    parsed = {version: query for version, text in queries.items() if (query := _readable(text))}
    tags = _tags_of(organization, mentions)
    page, changing = (
        _address_without_number(organization, name)
        for name in ("listening:mention", "listening:change_mention")
    )
    return [
        MentionRow(
            mention=mention,
            **_found_by(mention, queries, parsed),
            address=str(mention.pk).join(page),
            changing=str(mention.pk).join(changing),
            tags=tuple(tags[tag] for tag in mention.tags if tag in tags),
        )
        for mention in mentions
    ]


def _address_without_number(organization: Organization, name: str) -> tuple[str, str]:
    """What stands before and after a mention's number in an address."""
    before, _number, after = reverse(name, args=[organization.slug, 0]).rpartition("0")
    return before, after


def _tags_of(organization: Organization, mentions: Sequence[Mention]) -> dict[int, Tag]:
    are_tagged = any(mention.tags for mention in mentions)
    return {tag.pk: tag for tag in list_tags(organization=organization)} if are_tagged else {}


def _found_by(mention: Mention, queries: dict[int, str], parsed: dict[int, Query]) -> Found:
    matched = [parsed[version] for version in mention.keyword_versions if version in parsed]
    return Found(
        title_spans=tuple(span for query in matched for span in spans(query, mention.title)),
        text_spans=tuple(span for query in matched for span in spans(query, mention.text)),
        keywords=tuple(queries[version] for version in mention.keyword_versions if version in queries),
    )


def _readable(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None
