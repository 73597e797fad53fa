"""The months that are shared, and one of them, as tables to take away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.platforms.registry import connector_class
from monitoring.reports.months.content import Month
from monitoring.reports.months.sharing import list_shared_months
from monitoring.reports.months.wording import brought_by_day, conversions_label, name_tones, tone_by_day


def export_shared_months(organization: Organization, now: datetime) -> ExportedTable:
    """Those whose links still work, the latest first. Times are in the organization's zone."""
    zone = ZoneInfo(organization.time_zone)
    return ExportedTable(
        name=f"{organization.name} months",
        columns=[
            _("Month"),
            _("Money"),
            _("Made by"),
            _("Made (%(zone)s)") % {"zone": zone.key},
            _("Ends (%(zone)s)") % {"zone": zone.key},
        ],
        rows=[
            [
                f"{each.first_day:%Y-%m}",
                _("shown") if each.shows_money else _("left out"),
                str(each.created_by or ""),
                each.created_at.astimezone(zone),
                each.expires_at.astimezone(zone),
            ]
            for each in list_shared_months(organization=organization, now=now)
        ],
    )


def tables_of_month(month: Month, *, shows_money: bool) -> dict[str, Callable[[], ExportedTable]]:
    """What its page shows and no more. By the name that an address calls them."""
    return {
        "days": partial(_days, month, shows_money=shows_money),
        "followers": partial(_followers, month),
        "posts": partial(_posts, month),
    }


def _days(month: Month, *, shows_money: bool) -> ExportedTable:
    """A day that nobody could read, or that is still to come, has empty cells."""
    tones = name_tones()
    engagement = [value for _day, value in month.engagement]
    by_tone = (tone_by_day(month, name) for name, _label, _color in tones)
    days = zip(
        month.period.each_day(), engagement, brought_by_day(month, shows_money=shows_money), *by_tone,
        strict=True,
    )  # fmt: skip
    label = conversions_label(month, shows_money=shows_money)
    return ExportedTable(
        name=_name(month, "days"),
        title=_("Days"),
        columns=[_("Day"), _("Engagement"), label, *(said for _tone, said, _color in tones)],
        rows=[list(row) for row in days],
    )


def _followers(month: Month) -> ExportedTable:
    rows: list[list[Cell]] = [
        [
            each.profile.handle,
            connector_class(each.profile.platform).platform.name,
            each.followers.latest,
            each.followers.change,
        ]
        for each in month.profiles
    ]
    return ExportedTable(
        name=_name(month, "followers"),
        title=_("Followers"),
        columns=[_("Profile"), _("Platform"), _("Followers"), _("Change")],
        rows=rows,
    )


def _posts(month: Month) -> ExportedTable:
    rows: list[list[Cell]] = [
        [
            post.published_at.astimezone(month.period.zone),
            connector_class(post.platform).platform.name,
            post.title or post.text,
            post.web_address,
            post.kind_said,
            post.interactions,
        ]
        for post in month.posts
    ]
    return ExportedTable(
        name=_name(month, "posts"),
        title=_("Posts"),
        columns=[_("Published"), _("Platform"), _("Post"), _("Address"), _("Kind"), _("Interactions")],
        rows=rows,
    )


def _name(month: Month, of: str) -> str:
    return f"{month.organization.name} {month.first_day:%Y-%m} {of}"
