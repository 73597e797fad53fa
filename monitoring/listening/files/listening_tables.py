"""What is listened for, and every attempt to read it, as tables to take away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.listening.selectors.coverage import runs_of
from monitoring.listening.selectors.keywords import list_keywords
from monitoring.platforms.registry import UnknownPlatform, connector_class

_AT_ONCE: Final = 500


def export_keywords(organization: Organization) -> ExportedTable:
    """Every keyword as it is now, with the brand it is about and how many searches it takes."""
    return ExportedTable(
        name=f"{organization.name} keywords",
        columns=[_("Query"), _("About"), _("Kind"), _("Where"), _("Searches"), _("Paused")],
        rows=list(_keywords(organization)),
    )


def _keywords(organization: Organization) -> Iterator[list[Cell]]:
    zone = ZoneInfo(organization.time_zone)
    for tracked in list_keywords(organization=organization):
        keyword = tracked.keyword
        yield [
            tracked.query,
            keyword.brand.name,
            str(keyword.brand.get_kind_display()),
            tuple(_name(slug) for slug in keyword.platforms) or _("Everywhere"),
            tracked.searches,
            keyword.paused_at and keyword.paused_at.astimezone(zone),
        ]


def export_ledger(organization: Organization) -> ExportedTable:
    """Every attempt that is remembered, the latest first."""
    return ExportedTable(
        name=f"{organization.name} sources",
        columns=[
            _("When"),
            _("Platform"),
            _("Asked"),
            _("Kind"),
            _("Outcome"),
            _("Of the past"),
            _("Posts seen"),
            _("New"),
            _("Error"),
        ],
        rows=_attempts(organization),
    )


def _attempts(organization: Organization) -> Iterator[list[Cell]]:
    zone = ZoneInfo(organization.time_zone)
    for run in runs_of(organization).iterator(chunk_size=_AT_ONCE):
        yield [
            run.started_at.astimezone(zone),
            _name(run.source.platform),
            run.source.query or run.source.server,
            str(run.source.get_kind_display()),
            str(run.get_outcome_display()),
            _("yes") if run.is_backfill else "",
            run.posts_seen,
            run.posts_new,
            run.error,
        ]


def _name(platform: str) -> str:
    """One whose connector was taken out keeps its slug."""
    try:
        return connector_class(platform).platform.name
    except UnknownPlatform:
        return platform
