"""Minutes that brought nothing: work for a channel or a post that no conversion of the period is credited to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.naming import name_post
from monitoring.lib.periods import Period

# Credited by last touch or by what customers said: either will do. Visits buy nothing yet.
_WORKED: Final = """
with credited as (
    select distinct channel, link_id from conversions_creditday
    where organization_id = %(organization)s and day between %(first)s and %(last)s
        and model in ('last', 'said') and kind <> 'visit' and number > 0),
post as (
    select distinct post_id from credited join conversions_trackedlink link on link.id = link_id
    where link.organization_id = %(organization)s)
select coalesce(post_id, 0), channel, sum(minutes),
    case when post_id is null then channel in (select channel from credited)
        else post_id in (select post_id from post) end,
    exists (select from credited where channel <> '')
from conversions_timespent
where organization_id = %(organization)s and day between %(first)s and %(last)s and minutes > 0
    and (channel <> '' or post_id is not null)
group by 1, 2, 4"""


@dataclass(frozen=True)
class IdleRow:
    label: str
    minutes: int


@dataclass(frozen=True)
class IdleMinutes:
    """`can_tell` is False while nothing at all is credited to anything: then nothing can be said of anybody's work."""

    rows: list[IdleRow]
    can_tell: bool

    @property
    def total(self) -> int:
        return sum(row.minutes for row in self.rows)


def read_idle_minutes(*, organization: Organization, period: Period) -> IdleMinutes:
    """Most minutes first. Work without a channel or a post is not judged."""
    parameters: dict[str, Any] = {"organization": organization.pk, "first": period.first, "last": period.last}
    with connection.cursor() as cursor:
        cursor.execute(_WORKED, parameters)
        rows = cursor.fetchall()
    idle = [(post_id, channel, minutes) for post_id, channel, minutes, brought, _any in rows if not brought]
    names = _names(organization, [post_id for post_id, _channel, _minutes in idle if post_id])
    found = [
        IdleRow(names.get(post_id) or channel_label(channel), minutes) for post_id, channel, minutes in idle
    ]
    can_tell = any(row[4] for row in rows)
    return IdleMinutes(sorted(found, key=lambda row: -row.minutes) if can_tell else [], can_tell)


def _names(organization: Organization, post_ids: Iterable[int]) -> dict[int, str]:
    ids = list(post_ids)
    if not ids:
        return {}
    posts = PublishedPost.objects.filter(organization=organization, pk__in=ids)
    return {post.pk: name_post(post) for post in posts.only("title", "text", "platform")}
