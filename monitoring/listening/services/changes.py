"""What people do to mentions: at once where there are few, else by a worker. Everything can be undone for a while.

A change that is not over when these return waits for a worker: the caller hands it to `bulk.work_on_change`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import Action, record
from accounts.models import Organization, User
from monitoring.listening.changing.planning import (
    brands_of,
    facts_of,
    frozen_query,
    meant_by_query,
    newest_mention,
    plan_change,
)
from monitoring.listening.changing.working import LEASE, work_on
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import BulkChange, ChangeAct, Mention, MentionStatus, MutedAuthor
from monitoring.listening.models.changes import UNDOABLE
from monitoring.listening.showing.choosing import Choice

AT_ONCE: Final = 500  # mentions that a person waits for; with more a worker goes on
MOST_SELECTED: Final = 1_000


def change_selected(
    *,
    organization: Organization,
    act: ChangeAct,
    ids: Sequence[int],
    by: User | None,
    value: int | None = None,
) -> BulkChange:
    """Do something to these mentions, as far as they are the organization's."""
    meant = Mention.objects.filter(organization=organization, pk__in=ids[:MOST_SELECTED])
    change = BulkChange(organization=organization, act=act, value=value, created_by=by)
    return _begin(change, meant, brand_ids=meant.values_list("brand_id", flat=True).distinct())


@transaction.atomic
def change_matching(
    *, choice: Choice, act: ChangeAct, by: User | None, value: int | None = None
) -> BulkChange:
    """Do something to everything that the address finds now. What arrives later is not meant."""
    change = BulkChange(
        organization=choice.organization,
        act=act,
        value=value,
        created_by=by,
        brand=choice.brand,
        query=frozen_query(choice),
    )
    brand_ids = [choice.brand.pk] if choice.brand else []
    _lock(change, brand_ids)  # nobody is about to commit a mention with an older number
    change.newest_id = newest_mention()
    found = list(meant_by_query(change).order_by().values_list("pk", flat=True)[: AT_ONCE + 1])
    meant = Mention.objects.filter(pk__in=found) if len(found) <= AT_ONCE else None
    return _begin(change, meant, brand_ids=brand_ids)


def unmute_author(*, author: MutedAuthor, by: User | None) -> BulkChange:
    """From now on they are heard again, and what they said meanwhile counts."""
    organization = author.organization
    with transaction.atomic():
        brand_ids = brands_of(organization)
        lock_brands(brand_ids)
        author.delete()
        muted = Mention.objects.filter(
            brand_id__in=brand_ids, author_key=author.author_key, status=MentionStatus.MUTED
        )
        change = BulkChange(organization=organization, act=ChangeAct.UNMUTE, created_by=by)
        return _begin(change, muted, brand_ids=brand_ids)


def take_tag_off_everything(*, organization: Organization, tag_id: int, by: User | None) -> BulkChange:
    tagged = Mention.objects.filter(brand_id__in=brands_of(organization), tags__contains=[tag_id])
    change = BulkChange(organization=organization, act=ChangeAct.UNTAG, value=tag_id, created_by=by)
    return _begin(change, tagged.exclude(tags=[]), brand_ids=brands_of(organization))


@transaction.atomic
def undo_change(*, change: BulkChange) -> bool:
    """Bring back what nobody changed since: at once where it is little. False where it is too late.

    What still runs stops where it is.
    """
    if change.changed <= AT_ONCE:
        lock_brands(brands_of(change.organization))
    undoable = BulkChange.objects.filter(pk=change.pk, state__in=UNDOABLE).exclude(act=ChangeAct.UNMUTE)
    lease_until = timezone.now() + LEASE
    if not undoable.update(state=BulkChange.State.UNDOING, lease_until=lease_until, attempts=0):
        return False
    change.refresh_from_db()
    facts = {**facts_of(change), "undone": True}
    record(Action.CHANGED, organization=change.organization, kind="mention", after=facts)
    if change.changed <= AT_ONCE:
        return work_on(change)
    BulkChange.objects.filter(pk=change.pk).update(lease_until=None)
    change.refresh_from_db()
    return True


@transaction.atomic
def _begin(change: BulkChange, meant: QuerySet[Mention] | None, *, brand_ids: Iterable[int]) -> BulkChange:
    """Lay out what is known to be meant, and work on it at once where that is little.

    The brands are locked before the change is there, as everywhere.
    """
    _lock(change, brand_ids)
    if meant is None:
        change.save()
        return change
    change.lease_until = timezone.now() + LEASE
    change.save()
    plan_change(change, meant)
    if change.rows <= AT_ONCE:
        work_on(change)
    else:
        change.lease_until = None
        change.save(update_fields=["lease_until"])
    return change


def _lock(change: BulkChange, brand_ids: Iterable[int]) -> None:
    """All at once: who is muted is muted everywhere, and locking one after the other would be waiting in a circle."""
    lock_brands(brands_of(change.organization) if change.act == ChangeAct.MUTE else brand_ids)
