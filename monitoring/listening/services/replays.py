"""Apply an edited keyword to what is stored: look first, then let it happen, or leave it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.audit import Action, record
from accounts.models import User
from monitoring.analysis.queries import parse
from monitoring.listening.models import Keyword, MentionDay, Replay

State = Replay.State
_FROM_THE_BEGINNING: dict[str, object] = {
    "attempt": 0, "lease_until": None, "done": 0, "position_at": None, "position_id": None, "finished_at": None,
    "leaving": 0, "returning": 0, "joining": 0, "shown_leaving": [], "shown_returning": [], "shown_joining": [],
}  # fmt: skip


@transaction.atomic
def begin_replay(*, keyword: Keyword, by: User | None) -> Replay:
    """Have counted what would come and go. The caller hands it to a worker. Raises QueryError.

    Whatever was begun for this keyword before and is not over is stopped.
    """
    keyword = Keyword.objects.select_for_update().get(pk=keyword.pk)
    version = keyword.versions.get(replaced_at=None)
    parse(version.query)
    stop_replays(keyword=keyword)
    counted = MentionDay.objects.filter(brand_id=keyword.brand_id).aggregate(rows=Sum("mentions"))
    return Replay.objects.create(
        organization_id=keyword.organization_id,
        keyword=keyword,
        version=version,
        rows=counted["rows"] or 0,
        created_by=by,
    )


@transaction.atomic
def apply_replay(*, replay: Replay) -> bool:
    """Let happen what was counted: once, whoever presses twice. The caller hands it to a worker."""
    counted = Replay.objects.filter(pk=replay.pk, state=State.COUNTED)
    facts = {"set_aside": replay.leaving, "brought_back": replay.returning, "found_as_well": replay.joining}
    has_begun = bool(counted.update(state=State.APPLYING, **_FROM_THE_BEGINNING))
    if has_begun:
        _record(replay, {"applied_to_what_is_stored": True, **facts})
    return has_begun


@transaction.atomic
def stop_replays(*, keyword: Keyword) -> None:
    """Nobody goes on with what was begun. What was applied already stays so."""
    begun = [State.COUNTING, State.COUNTED, State.APPLYING]
    open_ones = Replay.objects.select_for_update().filter(keyword=keyword, state__in=begun)
    for replay in open_ones:
        if replay.state == State.APPLYING:
            _record(replay, {"applied_to_what_is_stored": False, "mentions": replay.done})
    Replay.objects.filter(keyword=keyword, state__in=begun).update(
        state=State.STOPPED, lease_until=None, finished_at=timezone.now()
    )


def _record(replay: Replay, facts: dict[str, object]) -> None:
    query = replay.version.query
    record(Action.CHANGED, organization=replay.organization, subject=replay.keyword, name=query, after=facts)
