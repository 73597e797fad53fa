"""Background work of listening. A task loads by id and calls one service."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from accounts.audit import Caller, acting
from accounts.models import User
from monitoring.listening.authors.ranking import due_for_ranking, rank_authors
from monitoring.listening.changing.working import (
    begin_burying,
    claim_change,
    forget_changes,
    left_changes,
    work_on,
)
from monitoring.listening.collecting.claiming import Claim, claim_due_sources
from monitoring.listening.collecting.refreshing import refresh_mentions
from monitoring.listening.collecting.running import ClaimLost, collect_source
from monitoring.listening.collecting.subscribing import Need
from monitoring.listening.forgetting.purging import purge_expired
from monitoring.listening.keywords.replaying import claim_replay, left_replays, run_replay
from monitoring.listening.models import Brand, Outcome, SourceKind
from monitoring.listening.rehearsing.asking import rehearse_platform
from monitoring.listening.services.brands import delete_brand


@shared_task(name="fetch.dispatch_due_searches")
def dispatch_due_searches() -> int:
    """Claim what is due and hand out one task each. Lost messages cost nothing: the lease runs out."""
    claims = claim_due_sources(kinds=[SourceKind.SEARCH])
    for claim in claims:
        collect.delay(claim.source_id, claim.lease_until.isoformat())
    return len(claims)


@shared_task(name="fetch.collect")
def collect(source_id: int, lease_until: str) -> None:
    try:
        outcome = collect_source(Claim(source_id, datetime.fromisoformat(lease_until)))
    except ClaimLost:
        return  # another worker went on where we stopped
    if outcome == Outcome.INTERRUPTED:  # it had its share: the rest waits behind the others, not for beat
        dispatch_due_searches.delay()


@shared_task(name="interactive.rehearse")
def rehearse(key: str, query_text: str, needs: list[dict[str, str]]) -> None:
    rehearse_platform(key=key, query_text=query_text, needs=[Need(**need) for need in needs])  # type: ignore[arg-type]


@shared_task(name="fetch.refresh_mentions")
def refresh() -> int:
    return refresh_mentions()


@shared_task(name="bulk.purge_expired")
def purge() -> None:
    while purge_expired():
        continue


@shared_task(name="bulk.replay_keyword")
def replay_keyword(replay_id: int) -> None:
    """Walk through what is stored with an edited keyword, or go on where a worker died."""
    replay = claim_replay(replay_id=replay_id)
    if replay is not None:
        run_replay(replay=replay)


@shared_task(name="bulk.tend_replays")
def tend_replays() -> None:
    for replay_id in left_replays():
        replay_keyword.delay(replay_id)


@shared_task(name="bulk.work_on_change")
def work_on_change(change_id: int) -> None:
    """Carry out what somebody did to many mentions, or go on where a worker died."""
    change = claim_change(change_id=change_id)
    if change is not None:
        work_on(change)


@shared_task(name="bulk.tend_changes")
def tend_changes() -> None:
    """Bury what was deleted an hour ago, take up what a dead worker left, forget what can no longer be undone."""
    begin_burying()
    for change_id in left_changes():
        work_on_change.delay(change_id)
    forget_changes()


@shared_task(name="bulk.rank_authors")
def rank() -> None:
    """One organization after the other, each in a transaction of its own. What is left is due at the next look."""
    for organization_id in due_for_ranking(now=timezone.now()):
        rank_authors(organization_id=organization_id)


@shared_task(name="bulk.delete_brand")
def delete_brand_later(brand_id: int, user_id: int) -> None:
    """In the name of whoever asked for it."""
    brand = Brand.objects.filter(pk=brand_id).first()
    if brand is not None:
        with acting(Caller(user=User.objects.filter(pk=user_id).first())):
            delete_brand(brand=brand)
