"""Write clicks in batches. Storing the same click again changes nothing, in whatever order clicks arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from monitoring.conversions.models import TrackedLink
from monitoring.conversions.rollups import lock_counting

REPEATED_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class FollowedLink:
    """One redirect, as the page that made it noted it down."""

    click_id: UUID
    link_id: int
    clicked_at: datetime
    visitor: str
    is_bot: bool


_INSERT = """
    insert into conversions_click (click_id, organization_id, link_id, clicked_at, visitor, is_bot, is_repeat)
    select arrived.click_id, link.organization_id, link.id, arrived.clicked_at, arrived.visitor, arrived.is_bot, false
    from unnest(%s::uuid[], %s::bigint[], %s::timestamptz[], %s::text[], %s::boolean[])
        as arrived (click_id, link_id, clicked_at, visitor, is_bot)
    join conversions_trackedlink link on link.id = arrived.link_id
    order by arrived.click_id
    on conflict (click_id) do nothing
    returning link_id, visitor
"""
# A visitor's text changes daily, so a visitor never has many clicks.
_TELL_REPEATS = """
    with touched as (
        select distinct link_id, visitor from unnest(%s::bigint[], %s::text[]) as pair (link_id, visitor)
    ), told as (
        select click.id, coalesce(
            click.clicked_at - lag(click.clicked_at) over (
                partition by click.link_id, click.visitor order by click.clicked_at, click.click_id
            ) < %s::interval, false) as is_repeat
        from conversions_click click join touched using (link_id, visitor) where not click.is_bot
    )
    update conversions_click click set is_repeat = told.is_repeat
    from told where told.id = click.id and click.is_repeat <> told.is_repeat
"""


@transaction.atomic
def store_clicks(clicks: Sequence[FollowedLink]) -> int:
    """Insert the clicks that are new and tell repeated ones apart. Returns how many were new.

    A click repeats another one if the same visitor followed the same link less than half an hour before. Clicks on a
    link that was deleted meanwhile are dropped.
    """
    links = TrackedLink.objects.filter(pk__in={click.link_id for click in clicks})
    lock_counting(links.values_list("organization_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                [str(click.click_id) for click in clicks],
                [click.link_id for click in clicks],
                [click.clicked_at for click in clicks],
                [click.visitor for click in clicks],
                [click.is_bot for click in clicks],
            ],
        )
        new = cursor.fetchall()
        if new:
            cursor.execute(_TELL_REPEATS, [*map(list, zip(*new, strict=True)), str(REPEATED_WITHIN)])
    return len(new)
