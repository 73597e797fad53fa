"""What each act does to a batch of mentions, and how it is undone: one statement each way.

Whoever calls these holds the locks of the brands, as everybody does who writes mentions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from monitoring.listening.models import COUNTED_STATUSES, BulkChange, ChangeAct, ChangedBatch, MentionStatus

# The status an act gives, and those it takes mentions from. Nothing else touches what somebody removed.
_STATUSES: Final[Mapping[str, tuple[MentionStatus, tuple[MentionStatus, ...]]]] = {
    ChangeAct.ANSWER: (MentionStatus.ANSWERED, (MentionStatus.OPEN, MentionStatus.ARCHIVED)),
    ChangeAct.ARCHIVE: (MentionStatus.ARCHIVED, (MentionStatus.OPEN, MentionStatus.ANSWERED)),
    ChangeAct.NOT_ABOUT_US: (MentionStatus.NOT_ABOUT_US, COUNTED_STATUSES),
    ChangeAct.PUT_BACK: (
        MentionStatus.OPEN,
        (MentionStatus.ANSWERED, MentionStatus.ARCHIVED, MentionStatus.NOT_ABOUT_US),
    ),
    ChangeAct.MUTE: (MentionStatus.MUTED, COUNTED_STATUSES),
    ChangeAct.UNMUTE: (MentionStatus.OPEN, (MentionStatus.MUTED,)),
    ChangeAct.DELETE: (
        MentionStatus.REMOVED,
        tuple(status for status in MentionStatus if status != MentionStatus.REMOVED),
    ),
}
_THERE: Final = (
    f"organization_id = %(organization)s and deleted_at is null and status <> {MentionStatus.REMOVED}"
)


@dataclass(frozen=True)
class Field:
    """How a column is set and restored. `before` is what must be remembered of a mention to restore it."""

    applies: str  # where there is something to do
    before: str
    value: str
    still: str  # as we left it
    restored: str
    acts: tuple[str, ...]  # whose later changes are not to be undone with this one


_STATUS = Field(
    applies="status = any(%(taken_from)s::smallint[])",
    before="status",
    value="status = %(value)s",
    still="mention.status = %(value)s",
    restored="status = kept.before",
    acts=tuple(_STATUSES),
)
_TONE = Field(
    applies="corrected_sentiment is distinct from %(value)s::smallint",
    before="corrected_sentiment",
    value="corrected_sentiment = %(value)s",
    still="mention.status <> 4 and mention.corrected_sentiment is not distinct from %(value)s::smallint",
    restored="corrected_sentiment = kept.before",
    acts=(ChangeAct.JUDGE,),
)
_ADDED: Final = "tags = array_append(mention.tags, %(value)s::bigint)"
_TAKEN_OFF: Final = "tags = array_remove(mention.tags, %(value)s::bigint)"
_HAS: Final = "tags @> array[%(value)s::bigint]"
_TAGGING: Final = (ChangeAct.TAG, ChangeAct.UNTAG)
_FIELDS: Final[Mapping[str, Field]] = {
    **dict.fromkeys(_STATUSES, _STATUS),
    ChangeAct.JUDGE: _TONE,
    ChangeAct.TAG: Field(
        applies=f"not {_HAS}",
        before="null::smallint",
        value=_ADDED,
        still=f"mention.status <> 4 and mention.{_HAS}",
        restored=_TAKEN_OFF,
        acts=_TAGGING,
    ),
    ChangeAct.UNTAG: Field(
        applies=_HAS,
        before="null::smallint",
        value=_TAKEN_OFF,
        still=f"mention.status <> 4 and not mention.{_HAS} "
        "and exists (select from listening_tag tag where tag.id = %(value)s)",
        restored=_ADDED,
        acts=_TAGGING,
    ),
}
_APPLY: Final = """
    with chosen as (
        select id, {before} as before from listening_mention
        where id = any(%(ids)s) and {there} and {applies} order by id for update
    )
    update listening_mention mention set {value} from chosen where mention.id = chosen.id
    returning mention.id, chosen.before
"""
_UNDO: Final = """
    update listening_mention mention set {restored}
    from unnest(%(ids)s::bigint[], %(before)s::smallint[]) kept (id, before)
    where mention.id = kept.id and mention.organization_id = %(organization)s and mention.deleted_at is null
    and {still} and mention.id <> all(%(changed_later)s::bigint[])
"""
_CHANGED_LATER: Final = """
    select distinct later.id
    from listening_changedbatch batch join listening_bulkchange change on change.id = batch.change_id
    cross join lateral unnest(batch.changed_ids) later (id)
    where change.organization_id = %(organization)s and change.id <> %(change)s and change.act = any(%(acts)s)
    and (not %(of_a_tag)s or change.value = %(value)s)
    and batch.done_at > %(done_at)s and not batch.is_undone
    and batch.mention_ids[1] <= %(last)s and batch.mention_ids[cardinality(batch.mention_ids)] >= %(first)s
    and later.id between %(first)s and %(last)s
"""


def apply(change: BulkChange, batch: ChangedBatch) -> None:
    """Change the mentions of a batch that are not so already, and note in it what they were."""
    field = _FIELDS[change.act]
    statement = _APPLY.format(before=field.before, there=_THERE, applies=field.applies, value=field.value)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_parameters(change), "ids": batch.mention_ids})
        changed = sorted(cursor.fetchall())
    batch.changed_ids = [mention_id for mention_id, _before in changed]
    batch.before = [before for _mention_id, before in changed] if change.act not in _TAGGING else []


def undo(change: BulkChange, batch: ChangedBatch) -> int:
    """Restore what nobody changed since. Returns how many mentions are again what they were."""
    if not batch.changed_ids:
        return 0
    field = _FIELDS[change.act]
    parameters: dict[str, Any] = {
        **_parameters(change),
        "ids": batch.changed_ids,
        "before": batch.before or [None] * len(batch.changed_ids),
        "change": change.pk,
        "acts": list(field.acts),
        "of_a_tag": change.act in _TAGGING,
        "done_at": batch.done_at,
        "first": batch.changed_ids[0],
        "last": batch.changed_ids[-1],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_LATER, parameters)
        parameters["changed_later"] = [mention_id for (mention_id,) in cursor.fetchall()]
        cursor.execute(_UNDO.format(restored=field.restored, still=field.still), parameters)
        restored: int = cursor.rowcount
    return restored


def _parameters(change: BulkChange) -> dict[str, Any]:
    after, taken_from = _STATUSES.get(change.act, (None, ()))
    return {
        "organization": change.organization_id,
        "value": change.value if after is None else int(after),
        "taken_from": [int(status) for status in taken_from],
    }
