"""Mentions as a table to take away: every figure that the pages show, and what they were made of."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.listening.models import Brand, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.mentions import MentionFilter, every_mention, filter_mentions


def export_mentions(*, brand: Brand, wanted: MentionFilter) -> ExportedTable:
    """The mentions of a list, all pages of it. Times are in the organization's zone."""
    zone = ZoneInfo(brand.organization.time_zone)
    tones = {tone.value: str(tone.label) for tone in Tone}
    found = every_mention(mentions=filter_mentions(brand=brand, wanted=wanted))
    return ExportedTable(
        name=f"{brand.name} mentions",
        columns=[
            _("Published (%(zone)s)") % {"zone": zone.key},
            _("Platform"),
            _("Author"),
            _("Handle"),
            _("Followers"),
            _("Title"),
            _("Text"),
            _("Language"),
            _("Sentiment"),
            _("Set by a person"),
            _("Question"),
            _("Likes"),
            _("Replies"),
            _("Shares"),
            _("Quotes"),
            _("Views"),
            _("Address"),
        ],
        rows=_rows(found, zone, tones, (_("yes"), _("no"))),
    )


def _rows(
    mentions: Iterator[Mention], zone: ZoneInfo, tones: dict[int, str], answers: tuple[str, str]
) -> Iterator[list[Cell]]:
    """Words are handed in: rows are made while they are sent, when the reader's language may be over."""
    yes, no = answers
    for mention in mentions:
        yield [
            mention.published_at.astimezone(zone),
            mention.platform,
            mention.author_name,
            mention.author_handle,
            mention.author_followers,
            mention.title,
            mention.text,
            mention.language,
            tones[mention.tone],
            yes if mention.corrected_sentiment is not None else no,
            yes if mention.is_question else no,
            mention.likes,
            mention.replies,
            mention.shares,
            mention.quotes,
            mention.views,
            mention.url,
        ]
