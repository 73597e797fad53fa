# ruff: noqa: S608 - the SQL is made of our own table names, never of what somebody sent
"""Forget clicks and visits one by one, once nobody needs more than their number. What was counted of them by day stays.

In small batches, each of which takes its rows and puts back what the triggers subtract with them.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.models import Organization
from monitoring.conversions.models import DetailsKept
from monitoring.conversions.rollups import lock_counting

BATCH: Final = 1_000
# Longer than any window of credits, and than a browser keeps the ids of clicks.
LEAST_DAYS: Final = 400

_COUNTED: Final = {
    "conversions_click": """
        insert into conversions_clickday as total (organization_id, day, link_id, visits, repeats, bots)
        select organization_id, (clicked_at at time zone time_zone)::date, link_id,
            count(*) filter (where not is_bot and not is_repeat),
            count(*) filter (where not is_bot and is_repeat), count(*) filter (where is_bot)
        from gone join accounts_organization organization on organization.id = organization_id group by 1, 2, 3
        on conflict (organization_id, day, link_id) do update set visits = total.visits + excluded.visits,
            repeats = total.repeats + excluded.repeats, bots = total.bots + excluded.bots
    """,
    "conversions_visit": """
        insert into conversions_visitday as total (organization_id, day, channel, campaign_id, visits)
        select organization_id, (occurred_at at time zone time_zone)::date, channel, coalesce(campaign_id, 0), count(*)
        from gone join accounts_organization organization on organization.id = organization_id
        where not is_bot and click_id is null group by 1, 2, 3, 4
        on conflict (organization_id, day, channel, campaign_id) do update set visits = total.visits + excluded.visits
    """,
}
_MOMENTS: Final = {"conversions_click": "clicked_at", "conversions_visit": "occurred_at"}


def forget_details(*, now: datetime, kept_days: int) -> int:
    """One batch of each organization. Returns how many rows were forgotten: zero means all. 0 days: nothing, ever."""
    if kept_days <= 0:
        return 0
    days = timedelta(days=max(kept_days, LEAST_DAYS))
    return sum(_forget_in(organization, now - days) for organization in Organization.objects.order_by("pk"))


@transaction.atomic
def _forget_in(organization: Organization, before: datetime) -> int:
    zone = ZoneInfo(organization.time_zone)
    day = before.astimezone(zone).date()
    if not _has_older(organization, _begin(day, zone)):
        return 0
    lock_counting([organization.pk])
    kept = DetailsKept.objects.filter(organization=organization).first()
    if kept is None or kept.first_day < day:
        kept = DetailsKept(organization=organization, since=_begin(day, zone), first_day=day)
        kept.save()
    return sum(_forget_batch(table, organization, kept.since) for table in _COUNTED)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _has_older(organization: Organization, moment: datetime) -> bool:
    older = " or ".join(
        f"exists (select from {table} where organization_id = %(organization)s and {column} < %(moment)s)"
        for table, column in _MOMENTS.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"select {older}", {"organization": organization.pk, "moment": moment})
        return bool(cursor.fetchone()[0])


def _forget_batch(table: str, organization: Organization, since: datetime) -> int:
    column = _MOMENTS[table]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with old as (
                select id from {table} where organization_id = %(organization)s and {column} < %(since)s
                order by {column} limit %(batch)s
            ), gone as (delete from {table} using old where {table}.id = old.id returning {table}.*),
            counted as ({_COUNTED[table]})
            select count(*) from gone
            """,
            {"organization": organization.pk, "since": since, "batch": BATCH},
        )
        return int(cursor.fetchone()[0])
