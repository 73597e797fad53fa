"""The costs page as tables to take away: what was spent, the minutes, and what each boost brought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.conversions.models import Spend, TimeSpent
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.naming import name_post
from monitoring.conversions.selectors.boosts import BoostFigures, list_boosts
from monitoring.conversions.selectors.costs import every_expense, every_stretch
from monitoring.lib.exporting import Cell, ExportedTable

_FINEST = Decimal("0.0001")  # what one of many cost is often less than the smallest coin


def export_spend(organization: Organization) -> ExportedTable:
    """Every expense, newest first. Each counts on its own days."""
    return ExportedTable(
        name=f"{organization.name} spending",
        columns=[
            _("For what"),
            _("First day"),
            _("Last day"),
            _("A day"),
            _("Currency"),
            *_place_columns(),
            _("Note"),
            _("Entered"),
        ],
        rows=list(_expenses(organization)),
    )


def export_time(organization: Organization) -> ExportedTable:
    """Every stretch of work, newest first, without the timers that run."""
    return ExportedTable(
        name=f"{organization.name} time",
        columns=[_("Day"), _("Who"), _("Minutes"), *_place_columns(), _("Note")],
        rows=list(_stretches(organization)),
    )


def export_boosts(organization: Organization, now: datetime) -> ExportedTable:
    """Every boost that has begun, newest first. An empty cell: nobody knows, or too few to divide by."""
    return ExportedTable(
        name=f"{organization.name} boosts",
        columns=[
            _("First day"),
            _("Last day"),
            _("Post"),
            _("Note"),
            _("Cost until today"),
            _("Currency"),
            _("Followers gained"),
            _("Gained in as many days before"),
            _("Tracked links in the post"),
            _("Visits"),
            _("Orders"),
            _("Cost of a follower"),
            _("Cost of a visit"),
            _("Cost of an order"),
        ],
        rows=[_boost(each) for each in list_boosts(organization=organization, now=now, limit=None)],
    )


def _place_columns() -> list[str]:
    return [_("Where"), _("Campaign"), _("Post")]


def _place(entry: Spend | TimeSpent) -> list[Cell]:
    return [
        channel_label(entry.channel) if entry.channel else "",
        entry.campaign.name if entry.campaign else "",
        name_post(entry.post) if entry.post else "",
    ]


def _expenses(organization: Organization) -> Iterator[list[Cell]]:
    for each in every_expense(organization=organization):
        yield [
            str(each.get_kind_display()),
            each.first_day,
            each.last_day,
            each.amount_a_day,
            each.currency,
            *_place(each),
            each.note,
            each.created_at.date(),
        ]


def _stretches(organization: Organization) -> Iterator[list[Cell]]:
    for each in every_stretch(organization=organization):
        who = str(each.user) if each.user else ""
        yield [each.day, who, each.minutes, *_place(each), each.note]


def _boost(each: BoostFigures) -> list[Cell]:
    spend = each.spend
    return [
        spend.first_day,
        spend.last_day,
        name_post(spend.post) if spend.post else "",
        spend.note,
        each.cost,
        spend.currency,
        each.gained,
        each.gained_before,
        each.links,
        each.visits,
        each.orders,
        *(_rounded(cost) for cost in (each.per_follower, each.per_visit, each.per_order)),
    ]


def _rounded(cost: Decimal | None) -> Decimal | None:
    return None if cost is None else cost.quantize(_FINEST)
