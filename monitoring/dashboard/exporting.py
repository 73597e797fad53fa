"""The overview as tables to take away: every day of the period with the figures that its charts show, and what else
stands there. A workbook has them all, each on a sheet of its own; a CSV file has the one that was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from monitoring.conversions.exporting.campaigns import sales_cells, sales_columns
from monitoring.conversions.models.conversions import kind_label
from monitoring.dashboard.overview import Overview
from monitoring.dashboard.overview_market import Market
from monitoring.dashboard.overview_people import Speaking
from monitoring.dashboard.overview_words import Said
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.listening.selectors.counts import Volume


def tables_of_overview(overview: Overview) -> dict[str, Callable[[], ExportedTable]]:
    """By the name that an address calls them; made when they are asked for."""
    market, speaking = Market(overview), Speaking(overview)
    return {
        "days": partial(_of_days, overview),
        "brought": partial(_of_brought, market),
        "voice": partial(_of_voice, market),
        "communities": partial(_of_communities, market),
        "followers": partial(_of_followers, market),
        "said": partial(_of_said, overview),
        "scores": partial(_of_scores, speaking),
        "speakers": partial(_of_speakers, speaking),
    }


def names_of_tables() -> dict[str, str]:
    """What each of them but the first is called in the menu, as a CSV file."""
    return {
        "brought": _("What brought it"),
        "voice": _("Share of voice"),
        "communities": _("Where your market talks"),
        "followers": _("Followers"),
        "said": _("What was said"),
        "scores": _("The four scores"),
        "speakers": _("Who speaks most"),
    }


def _of_brought(market: Market) -> ExportedTable:
    """By the last touch, as the page shows it."""
    shown = market.overview
    currency = shown.organization.currency
    rows: list[list[Cell]] = [
        [each.label, each.row.visits, each.row.number, *sales_cells(each.row.amounts, currency)]
        for each in market.every_credited
    ]
    columns = [_("Channel"), _("Visits"), kind_label(shown.counted.kind), *sales_columns(currency)]
    return _named("brought", shown, columns, rows)


def _of_voice(market: Market) -> ExportedTable:
    rows: list[list[Cell]] = [
        [each.brand.name, each.mentions, _share(each.share), each.points] for each in market.share_of_voice
    ]
    columns = [_("Brand"), _("Mentions"), _("Share"), _("Change in points")]
    return _named("voice", market.overview, columns, rows)


def _of_communities(market: Market) -> ExportedTable:
    rows: list[list[Cell]] = [
        [each.name, brand.name, number]
        for each in market.communities
        for brand, number, _address in each.by_brand
    ]
    return _named("communities", market.overview, [_("Community"), _("Brand"), _("Mentions")], rows)


def _of_followers(market: Market) -> ExportedTable:
    rows: list[list[Cell]] = [
        [each.platform, each.handle, each.followers.latest, each.followers.change]
        for each in market.followers
    ]
    columns = [_("Platform"), _("Profile"), _("Followers"), _("Change")]
    return _named("followers", market.overview, columns, rows)


def _of_said(overview: Overview) -> ExportedTable:
    said = Said(overview)
    rows: list[list[Cell]] = [
        [str(each.title), bar.name, bar.mentions] for each in [said.where, *said.about] for bar in each.bars
    ]
    return _named("said", overview, [_("List"), _("What"), _("Mentions")], rows)


def _of_scores(speaking: Speaking) -> ExportedTable:
    """As the page says them, of the whole period and part by part of it."""
    history = speaking.scores.history
    whole = [_("All days"), *(score.value for score in speaking.scores.scores)]
    return _named("scores", speaking.overview, history.columns, [whole, *history.rows])


def _of_speakers(speaking: Speaking) -> ExportedTable:
    rows: list[list[Cell]] = [
        [each.name, each.handle, each.platform, each.followers, each.mentions, each.positive, each.negative]
        for each in speaking.speakers.speakers
    ]
    columns = [
        _("Name"),
        _("Handle"),
        _("Platform"),
        _("Followers"),
        _("Mentions"),
        _("Positive"),
        _("Negative"),
    ]
    return _named("speakers", speaking.overview, columns, rows)


def _named(
    name: str, overview: Overview, columns: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> ExportedTable:
    title = names_of_tables()[name]
    return ExportedTable(name=f"{overview.brand.name} {title}", columns=columns, rows=rows, title=title)


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _of_days(overview: Overview) -> ExportedTable:
    """A day about which nothing is known has empty cells, not zeros."""
    return ExportedTable(
        name=f"{overview.brand.name} overview",
        title=_("Days"),
        columns=[
            _("Day"),
            _("Mentions"),
            _("Positive"),
            _("Neutral"),
            _("Negative"),
            _("Questions"),
            _("Engagement"),
            overview.conversions_label,
            _("What happened"),
        ],
        rows=list(_rows(overview)),
    )


def _rows(overview: Overview) -> Iterator[list[Cell]]:
    brought = overview.outcome.per_day
    named = [*overview.outcome.campaigns, *overview.outcome.incidents]
    engagement = dict(overview.engagement)
    for day in overview.period.each_day():
        volume = None if day in overview.unknown_days else overview.days.get(day, Volume())
        counts: list[Cell] = [None] * 5
        if volume:
            counts = [
                volume.mentions,
                volume.positive,
                volume.neutral,
                volume.negative,
                volume.questions,
            ]
        happened = tuple(each.name for each in named if each.covers(day))
        yield [day, *counts, engagement.get(day), brought.get(day, Decimal(0)), happened]
