"""Mentions as a table to take away: every figure that the pages show, and what they were made of.

A short list is sent while it is read. A long one is a file that a worker writes (monitoring/jobs/exporting.py): what
was asked is kept as the query string of the page, with its brand and days written out, and read by `Choice` as the
page's is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.audit import Action, record
from accounts.downloads import say_filters
from accounts.models import User
from monitoring.jobs.exporting import FileWriter, begin_export
from monitoring.jobs.models import FileExport
from monitoring.lib.exporting import Cell, ExportedTable, ExportFormat, write_table
from monitoring.listening.models import Brand, KeywordVersion, Mention, Tag
from monitoring.listening.models.mentions import MentionStatus, Tone
from monitoring.listening.selectors.mentions import MentionFilter, every_mention, filter_mentions
from monitoring.listening.showing.choosing import TONES, Choice

EXPORTER: Final = "mentions"
SENT_AT_ONCE: Final = 10_000  # rows; a longer list is written by a worker
_NOTED_EVERY: Final = 2_000  # rows
KEYS: Final = (
    "published_at", "platform", "community", "id", "author", "handle", "followers", "title", "text", "language",
    "sentiment", "set_by_a_person", "question", "keywords", "tags", "status", "likes", "replies", "shares", "quotes",
    "views", "url",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Words:
    """What values are called. They are handed in: rows are made while they are sent, when the reader's language may
    be over."""

    zone: ZoneInfo
    tones: dict[int, str]
    statuses: dict[int, str]
    yes: Cell
    no: Cell
    queries: dict[int, str]  # by keyword version
    tags: dict[int, str]


def export_mentions(
    *, brand: Brand, wanted: MentionFilter, file_format: ExportFormat, sort: str = "time"
) -> ExportedTable:
    """The mentions of a list, all pages of it, in its order. Times are in the organization's zone."""
    words = _words_for(brand, file_format)
    found = every_mention(mentions=filter_mentions(brand=brand, wanted=wanted), sort=sort)
    return ExportedTable(
        name=f"{brand.name} mentions",
        columns=_columns(words.zone),
        keys=KEYS,
        rows=(_row(mention, words) for mention in found),
    )


def ask_for_mentions(
    *, choice: Choice, brand: Brand, file_format: ExportFormat, by: User
) -> tuple[FileExport, bool]:
    """The file of these mentions that is being made, or a new one; and whether it is new. Raises TooManyFiles."""
    asked = choice.address(
        **{"brand": str(brand.pk), "period": None, "format": None},
        **{"from": choice.period.first.isoformat(), "to": choice.period.last.isoformat()},
    )
    day = timezone.localdate()
    name = f"{slugify(brand.name) or 'brand'}-mentions-{day:%Y-%m-%d}.{file_format}"
    with transaction.atomic():
        export, is_new = begin_export(
            organization=choice.organization,
            exporter=EXPORTER,
            file_name=name,
            by=by,
            choices={"query": asked.removeprefix("?"), "format": str(file_format)},
        )
        if is_new:
            facts = {"format": str(file_format), "filters": say_filters(QueryDict(export.choices["query"]))}
            record(Action.EXPORTED, organization=choice.organization, kind="file", name=name, after=facts)
    return export, is_new


def write_mentions(export: FileExport, writer: FileWriter) -> None:
    """What was asked for, as it is now. Where the brand is gone meanwhile, nothing."""
    choice = Choice(export.organization, QueryDict(export.choices["query"]))
    file_format = ExportFormat(export.choices["format"])
    brand = choice.brand
    if brand is None or str(brand.pk) != choice.parameters.get("brand"):
        write_table(ExportedTable(name="", columns=KEYS, keys=KEYS, rows=[]), file_format, writer)
        return
    writer.expect(filter_mentions(brand=brand, wanted=choice.wanted).order_by().count())
    table = export_mentions(brand=brand, wanted=choice.wanted, file_format=file_format, sort=choice.sort)
    rows = _noted(table.rows, writer.advance)
    write_table(ExportedTable(name="", columns=table.columns, keys=KEYS, rows=rows), file_format, writer)


def _noted(rows: Iterable[Sequence[Cell]], advance: Callable[[int], None]) -> Iterator[Sequence[Cell]]:
    number = 0
    for number, row in enumerate(rows, start=1):
        yield row
        if number % _NOTED_EVERY == 0:
            advance(_NOTED_EVERY)
    advance(number % _NOTED_EVERY)


def _words_for(brand: Brand, file_format: ExportFormat) -> _Words:
    """A program reads the same words in every language."""
    is_for_programs = file_format == ExportFormat.JSON
    tones = {tone.value: str(tone.label) for tone in Tone}
    statuses = {status.value: str(status.label) for status in MentionStatus}
    versions = KeywordVersion.objects.filter(keyword__brand=brand)
    return _Words(
        zone=ZoneInfo(brand.organization.time_zone),
        tones={tone.value: name for name, tone in TONES.items()} if is_for_programs else tones,
        statuses={status.value: status.name.lower() for status in MentionStatus}
        if is_for_programs
        else statuses,
        yes=True if is_for_programs else _("yes"),
        no=False if is_for_programs else _("no"),
        queries=dict(versions.values_list("pk", "query")),
        tags=dict(Tag.objects.filter(organization_id=brand.organization_id).values_list("pk", "name")),
    )


def _columns(zone: ZoneInfo) -> list[str]:
    return [
        _("Published (%(zone)s)") % {"zone": zone.key},
        _("Platform"),
        _("Community"),
        _("Id"),
        _("Author"),
        _("Handle"),
        _("Followers"),
        _("Title"),
        _("Text"),
        _("Language"),
        _("Sentiment"),
        _("Set by a person"),
        _("Question"),
        _("Keywords"),
        _("Tags"),
        _("Status"),
        _("Likes"),
        _("Replies"),
        _("Shares"),
        _("Quotes"),
        _("Views"),
        _("Address"),
    ]


def _row(mention: Mention, words: _Words) -> list[Cell]:
    return [
        mention.published_at.astimezone(words.zone),
        mention.platform,
        mention.community,
        mention.external_id,
        mention.author_name,
        mention.author_handle,
        mention.author_followers,
        mention.title,
        mention.text,
        mention.language,
        words.tones[mention.tone],
        words.yes if mention.corrected_sentiment is not None else words.no,
        words.yes if mention.is_question else words.no,
        tuple(words.queries[version] for version in mention.keyword_versions if version in words.queries),
        tuple(words.tags[tag] for tag in mention.tags if tag in words.tags),
        words.statuses[mention.status],
        mention.likes,
        mention.replies,
        mention.shares,
        mention.quotes,
        mention.views,
        mention.url,
    ]
