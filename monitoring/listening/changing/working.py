"""Carry a change out, undo it, bury what it deleted: batch by batch, each in a transaction with its progress.

Whoever works holds a lease, which every batch renews; whoever finds that it is no longer theirs writes nothing. So a
change may be left, killed and taken up again anywhere, and asked back while it still runs. In every transaction the
brands are locked first, then the change, then the mentions: nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from monitoring.lib.leases import is_free
from monitoring.listening.changing import acts
from monitoring.listening.changing.planning import gather_late_mentions, plan_change
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import BulkChange, ChangeAct, ChangedBatch, Mention, MentionStatus
from monitoring.listening.models.changes import WORKED_ON
from monitoring.listening.services.mentions import bury_mentions

LEASE: Final = timedelta(minutes=5)
MOST_ATTEMPTS: Final = 5
KEPT_FOR: Final = timedelta(days=1)
BURIED_AFTER: Final = timedelta(hours=1)

State = BulkChange.State


class ChangeLost(Exception):
    """Another worker took the change over, or somebody wants it undone."""


def claim_change(*, change_id: int) -> BulkChange | None:
    """Take a change that waits, or whose worker died. None where somebody else is at it, or it failed too often."""
    now = timezone.now()
    free = BulkChange.objects.filter(_free(), pk=change_id)
    if not free.update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    change = BulkChange.objects.select_related("organization", "brand", "created_by").get(pk=change_id)
    if change.attempts > MOST_ATTEMPTS and change.state != State.BURYING:
        _finish(change, State.FAILED)
        return None
    return change


def work_on(change: BulkChange) -> bool:
    """Go on with a claimed change until it is over. Errors of ours leave it to be taken up again."""
    go_on = {State.RUNNING: _carry_out, State.UNDOING: _undo, State.BURYING: _bury}[State(change.state)]
    try:
        go_on(change)
    except ChangeLost:
        return False
    return True


def left_changes() -> list[int]:
    """Changes that nobody took up, or whose worker died."""
    asked = Q(created_at__lt=timezone.now() - timedelta(minutes=1)) | Q(lease_until__isnull=False)
    return list(BulkChange.objects.filter(_free() & asked).order_by("pk").values_list("pk", flat=True))


def begin_burying() -> int:
    """What was deleted an hour ago is buried for good from now on: it can no longer be undone."""
    due = BulkChange.objects.filter(
        act=ChangeAct.DELETE,
        state__in=(State.DONE, State.FAILED),
        finished_at__lt=timezone.now() - BURIED_AFTER,
    )
    return due.update(state=State.BURYING, lease_until=None, attempts=0)


def forget_changes() -> int:
    """Forget what was done more than a day ago: from then on it can no longer be undone."""
    old = BulkChange.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).exclude(state__in=WORKED_ON)
    to_bury = Q(act=ChangeAct.DELETE, state__in=(State.DONE, State.FAILED))
    return old.exclude(to_bury).delete()[0]


def _free() -> Q:
    return Q(state__in=WORKED_ON) & is_free(timezone.now())


def _carry_out(change: BulkChange) -> None:
    if not change.is_planned:
        with transaction.atomic():
            plan_change(change)
            _renew(change)
    for batch in _batches(change, done_at=None):
        with transaction.atomic():
            _lock(batch.mention_ids)
            acts.apply(change, batch)
            batch.done_at = timezone.now()
            batch.save(update_fields=["done_at", "changed_ids", "before"])
            done, changed = len(batch.mention_ids), len(batch.changed_ids)
            _renew(change, done=F("done") + done, changed=F("changed") + changed)
    _finish(change, State.DONE)


def _undo(change: BulkChange) -> None:
    """Authors that it muted speak again first: who arrives from now on is heard."""
    if change.muted:
        with transaction.atomic():
            _renew(change, changed=F("changed") + gather_late_mentions(change), muted=[])
    for batch in _batches(change, done_at__isnull=False, is_undone=False):
        with transaction.atomic():
            _lock(batch.changed_ids)
            restored = acts.undo(change, batch)
            ChangedBatch.objects.filter(pk=batch.pk).update(is_undone=True)
            _renew(change, restored=F("restored") + restored)
    _finish(change, State.UNDONE)


def _bury(change: BulkChange) -> None:
    for batch in _batches(change):
        with transaction.atomic():
            _lock(batch.changed_ids)
            removed = Mention.objects.filter(pk__in=batch.changed_ids, status=MentionStatus.REMOVED)
            bury_mentions(ids=list(removed.values_list("pk", flat=True)))
            batch.delete()
            _renew(change)
    _finish(change, State.BURIED)


def _batches(change: BulkChange, **wanted: object) -> Iterator[ChangedBatch]:
    """One after the other, each read when the one before is written."""
    left = ChangedBatch.objects.filter(change=change, **wanted).order_by("number")
    batch = left.first()
    while batch is not None:
        yield batch
        batch = left.filter(number__gt=batch.number).first()


def _lock(mention_ids: list[int]) -> None:
    lock_brands(Mention.objects.filter(pk__in=mention_ids).values_list("brand_id", flat=True).distinct())


def _renew(change: BulkChange, **progress: object) -> None:
    lease_until = timezone.now() + LEASE
    _note(change, lease_until=lease_until, attempts=0, **progress)
    change.lease_until = lease_until


def _finish(change: BulkChange, state: BulkChange.State) -> None:
    _note(change, lease_until=None, state=state, finished_at=timezone.now())
    change.refresh_from_db()


def _note(change: BulkChange, **changes: object) -> None:
    """Write to the change, if it is still ours. Raises ChangeLost."""
    mine = BulkChange.objects.filter(pk=change.pk, state=change.state, lease_until=change.lease_until)
    if not mine.update(**changes):
        raise ChangeLost
