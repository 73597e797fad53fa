"""Which mentions a change is about: laid out once, in batches of a thousand, before any of them is touched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.audit import Action, Caller, acting, record, who_acts
from accounts.models import Organization
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import Brand, BulkChange, ChangeAct, Mention, MentionStatus, MutedAuthor, Tag
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.mentions import filter_mentions
from monitoring.listening.showing.choosing import CURSORS, Choice

BATCH: Final = 1_000

_LAY_OUT: Final = """
    with laid_out as (
        insert into listening_changedbatch (change_id, number, mention_ids)
        select %s, number, array_agg(id order by id)
        from (select id, (row_number() over (order by id) - 1) / %s as number from ({meant}) meant (id)) numbered
        group by number
        returning cardinality(mention_ids) as rows
    )
    select coalesce(sum(rows), 0) from laid_out
"""
_MUTE: Final = """
    insert into listening_mutedauthor (organization_id, author_key, author_name, muted_by_id, muted_at)
    select distinct on (author_key) %s, author_key, coalesce(nullif(author_name, ''), author_handle), %s, %s
    from ({meant}) meant (author_key, author_name, author_handle) where author_key ~ ':.'
    order by author_key, author_name desc
    on conflict (organization_id, author_key) do nothing returning id
"""
_GATHER: Final = """
    insert into listening_changedbatch (change_id, number, mention_ids, done_at, changed_ids, before)
    select %s, first.number + numbered.number, array_agg(id order by id), %s, array_agg(id order by id),
        array_agg(0)
    from (select id, (row_number() over (order by id) - 1) / %s as number from ({late}) late (id)) numbered,
        (select coalesce(max(number), -1) + 1 as number from listening_changedbatch where change_id = %s) first
    group by 2
    returning cardinality(mention_ids)
"""


def newest_mention() -> int:
    """The number up to which mentions are there. Under the lock of a brand, all of its own."""
    newest: int | None = Mention.objects.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def frozen_query(choice: Choice) -> str:
    """The address's filters, with the days that a preset means today, so that they find the same tomorrow."""
    parameters = choice.parameters.copy()
    for name in ("period", *CURSORS):
        parameters.pop(name, None)
    if choice.brand is not None:
        parameters["brand"] = str(choice.brand.pk)
    for name, day in (("from", choice.period.first), ("to", choice.period.last)):
        if parameters.get(name, "").partition("T")[0] != day.isoformat():
            parameters[name] = day.isoformat()
    return parameters.urlencode()


def meant_by_query(change: BulkChange) -> QuerySet[Mention]:
    """What the filters found when somebody asked: mentions that came later were not meant."""
    if change.brand is None:
        return Mention.objects.none()
    wanted = Choice(change.organization, QueryDict(change.query)).wanted
    return filter_mentions(brand=change.brand, wanted=wanted).filter(pk__lte=change.newest_id)


def plan_change(change: BulkChange, meant: QuerySet[Mention] | None = None) -> None:
    """Lay out the batches, and write into the log what is being done. Call within a transaction.

    What is not said to be meant is found by the query.
    """
    if meant is None:
        meant = meant_by_query(change)
    if change.act == ChangeAct.MUTE:
        meant = _mute(change, meant)
    change.rows = lay_out(change, meant)
    change.is_planned = True
    change.save(update_fields=["rows", "is_planned", "muted", "newest_id"])
    _record(change)


def lay_out(change: BulkChange, meant: QuerySet[Mention]) -> int:
    statement, parameters = _compiled(meant, "pk")
    with connection.cursor() as cursor:
        cursor.execute(_LAY_OUT.format(meant=statement), [change.pk, BATCH, *parameters])
        return int(cursor.fetchone()[0])


def gather_late_mentions(change: BulkChange) -> int:
    """Unmute the authors that a change muted, and add what arrived of them since to what it undoes."""
    lock_brands(brands_of(change.organization))
    authors = MutedAuthor.objects.filter(organization=change.organization, pk__in=change.muted)
    keys = list(authors.values_list("author_key", flat=True))
    authors.delete()
    late = _by_authors(change.organization, keys).filter(
        status=MentionStatus.MUTED, pk__gt=change.newest_id, deleted_at=None
    )
    statement, parameters = _compiled(late, "pk")
    with connection.cursor() as cursor:
        cursor.execute(
            _GATHER.format(late=statement), [change.pk, timezone.now(), BATCH, *parameters, change.pk]
        )
        return sum(rows for (rows,) in cursor.fetchall())


def brands_of(organization: Organization) -> list[int]:
    return list(Brand.objects.filter(organization=organization).values_list("pk", flat=True))


def _mute(change: BulkChange, meant: QuerySet[Mention]) -> QuerySet[Mention]:
    """Mute the authors of these. All their mentions are meant then, those about other brands too.

    Whoever stores asks under the lock of a brand who is muted: no mention slips in between.
    """
    lock_brands(brands_of(change.organization))
    statement, parameters = _compiled(meant, "author_key", "author_name", "author_handle")
    with connection.cursor() as cursor:
        cursor.execute(
            _MUTE.format(meant=statement),
            [change.organization_id, change.created_by_id, timezone.now(), *parameters],
        )
        change.muted = [number for (number,) in cursor.fetchall()]
    change.newest_id = newest_mention()
    muted = MutedAuthor.objects.filter(organization=change.organization, pk__in=change.muted)
    return _by_authors(change.organization, muted.values("author_key"))


def _by_authors(organization: Organization, keys: Iterable[Any]) -> QuerySet[Mention]:
    return Mention.objects.filter(brand_id__in=brands_of(organization), author_key__in=keys)


def _compiled(mentions: QuerySet[Mention], *columns: str) -> tuple[str, tuple[Any, ...]]:
    try:
        statement, parameters = mentions.order_by().values_list(*columns).query.sql_with_params()
    except EmptyResultSet:
        kind = "bigint" if columns == ("pk",) else "text"
        return f"select {', '.join(f'null::{kind}' for _column in columns)} where false", ()
    return statement, tuple(parameters)


def _record(change: BulkChange) -> None:
    """One event for all of them: how many, and by which filter. What one does to a single mention stands on it."""
    lasting = change.act in (ChangeAct.DELETE, ChangeAct.MUTE, ChangeAct.UNMUTE)
    if change.rows > 1 or change.query or lasting:
        known = who_acts()
        with acting(known if known.user else Caller(user=change.created_by)):
            record(
                Action.DELETED if change.act == ChangeAct.DELETE else Action.CHANGED,
                organization=change.organization,
                kind="mention",
                after=facts_of(change),
            )


def facts_of(change: BulkChange) -> dict[str, object]:
    """What the log says of it. An author's key is no matter for the log."""
    filters = QueryDict(change.query).copy()
    if "author" in filters:
        filters["author"] = "…"
    facts: dict[str, object] = {"act": change.act, "mentions": change.rows}
    if change.act == ChangeAct.JUDGE:
        facts["sentiment"] = "" if change.value is None else Tone(change.value).name.lower()
    if change.act in (ChangeAct.TAG, ChangeAct.UNTAG):
        facts["tag"] = Tag.objects.filter(pk=change.value or 0).values_list("name", flat=True).first() or ""
    return facts | ({"filter": filters.urlencode()} if filters else {})
