"""Read the numbers and the posts of profiles: one request serves everybody who follows the same profile.

What a request brought is written in one transaction, together with the run's entry in the ledger. Whatever dies at
whatever instant, the next run goes on, and reading something twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from monitoring.audience.answering import mark_what_we_answered
from monitoring.audience.scheduling import posts_interval, profile_interval
from monitoring.audience.storing import Reading, SeenPost, mark_removed, store_posts, store_snapshots
from monitoring.listening.collecting.claiming import Claim
from monitoring.listening.collecting.running import (
    HISTORY,
    OVERLAP,
    Open,
    begin_run,
    enter_in_ledger,
    is_all_older,
    keep_claim,
    note_coverage,
)
from monitoring.listening.collecting.scheduling import finish_run
from monitoring.listening.collecting.walking import walk_pages
from monitoring.listening.models import (
    CollectionRun,
    Outcome,
    Source,
    SourceKind,
    Subscription,
    TrackedProfile,
)
from monitoring.listening.selectors.coverage import LONGEST_SILENCE
from monitoring.platforms.connector import Connector
from monitoring.platforms.errors import ConnectorError
from monitoring.platforms.opening import open_connector
from monitoring.platforms.types import Page, Post, Profile

REFRESHED_FOR = timedelta(
    days=7
)  # a post this young is measured again at every run, an older one when it comes along


@dataclass
class ProfileRun:
    """One run over a profile's numbers or its posts."""

    source: Source
    claim: Claim
    run: CollectionRun
    listed_back_to: datetime | None = None

    def profile_ids(self) -> list[int]:
        """Looked up for every page: who leaves during a run gets nothing more."""
        following = Subscription.objects.filter(source=self.source, profile__isnull=False)
        return sorted(following.values_list("profile_id", flat=True))

    @property
    def since(self) -> datetime:
        """How far back to list. Somebody who has just joined gets the same past as the first one."""
        if self.source.watermark is None or self._somebody_joined(self.source.watermark):
            return self.run.started_at - HISTORY
        return min(self.run.started_at - REFRESHED_FOR, self.source.watermark - OVERLAP)

    def _somebody_joined(self, moment: datetime) -> bool:
        return Subscription.objects.filter(source=self.source, created_at__gt=moment).exists()


def collect_profile(claim: Claim, *, open_: Open = open_connector) -> Outcome:
    """Work on a claimed profile until it is read, fails, or has had its share of pages."""
    source = Source.objects.select_related("account").get(pk=claim.source_id)
    run = ProfileRun(source, claim, begin_run(source))
    try:
        connector = open_(platform=source.platform, server=source.server, account=source.account)
        if source.kind == SourceKind.PROFILE:
            return write_profile(run, connector.read_profile(source.query))
        return _list_posts(run, connector)
    except ConnectorError as error:
        return finish_run(source, run.claim, run.run, error=error)


@transaction.atomic
def write_profile(run: ProfileRun, profile: Profile) -> Outcome:
    """Write a reading for everybody who follows the profile, and finish the run.

    Raises ClaimLost, having written nothing, if another worker took the source over.
    """
    claim = keep_claim(run.claim)
    now, profile_ids = timezone.now(), run.profile_ids()
    store_snapshots(readings=[Reading(profile_id=pk, taken_at=now, profile=profile) for pk in profile_ids])
    _remember(profile_ids, profile)
    _note_coverage(run, known_from=run.run.started_at)
    run.source.save(update_fields=["covered_since", "covered_until"])
    return finish_run(run.source, claim, run.run, every=profile_interval(run.source), found=True)


def _note_coverage(run: ProfileRun, *, known_from: datetime) -> None:
    """`known_from`: what the first run knows about. After a long silence the numbers of that time stay unknown."""
    began_at, until = run.run.started_at, run.source.covered_until
    if until is not None:
        known_from = until if began_at - until <= LONGEST_SILENCE else began_at
    note_coverage(run.source, covered_from=known_from, covered_until=began_at)


def _remember(profile_ids: list[int], profile: Profile) -> None:
    """The platform's own id, the name and the address: so that our own posts are known to be ours."""
    known = {
        "external_id": profile.external_id[:500],
        "name": profile.name.replace("\0", "")[:300],
        "url": profile.url
        if profile.url.startswith(("https://", "http://")) and len(profile.url) <= 1000
        else "",
    }
    TrackedProfile.objects.filter(pk__in=profile_ids).exclude(**known).update(**known)


def _list_posts(run: ProfileRun, connector: Connector) -> Outcome:
    complete = walk_pages(
        lambda cursor: connector.list_posts(run.source.query, cursor),
        lambda page: write_posts(run, page),
        cursor=run.source.cursor,
    )
    every = posts_interval(run.source, profile_ids=run.profile_ids(), now=timezone.now())
    return finish_run(run.source, run.claim, run.run, complete=complete, again=not complete, every=every)


def write_posts(run: ProfileRun, page: Page[Post]) -> bool:
    """Write one page for everybody who follows the profile, and say whether it was the last.

    Raises ClaimLost, having written nothing, if another worker took the source over.
    """
    since = run.since
    is_last = page.next_cursor is None or is_all_older(page, since)
    with transaction.atomic():
        claim = keep_claim(run.claim)
        now, profile_ids = timezone.now(), run.profile_ids()
        stored = store_posts(
            seen=[
                SeenPost(profile_id=pk, measured_at=now, post=post)
                for pk in profile_ids
                for post in page.items
            ]
        )
        _move_on(run, page, is_last=is_last)
        if is_last:
            _complete(run, profile_ids, since)
        run.source.save(update_fields=_MOVING)
        enter_in_ledger(run.run, page, new=stored.new)
    run.claim = claim
    if stored.new:
        mark_what_we_answered(profile_ids=profile_ids, seen_at=now)
    return is_last


_MOVING = ("cursor", "watermark", "next_watermark", "covered_since", "covered_until")


def _move_on(run: ProfileRun, page: Page[Post], *, is_last: bool) -> None:
    """A listing's watermark is the moment it began, also where it takes several runs."""
    source = run.source
    if source.cursor is None:
        source.next_watermark = run.run.started_at
    source.cursor = None if is_last else page.next_cursor
    if page.items:
        run.listed_back_to = _reaches_back_to(page)


def _reaches_back_to(page: Page[Post]) -> datetime | None:
    """The moment since which a page and those before it hold every post; None where they are in no order."""
    moments = [post.published_at for post in page.items]
    after_a_pinned_one = moments[1:]
    return moments[-1] if after_a_pinned_one == sorted(after_a_pinned_one, reverse=True) else None


def _complete(run: ProfileRun, profile_ids: list[int], since: datetime) -> None:
    source, began_at = run.source, run.source.next_watermark
    if run.listed_back_to and began_at:
        mark_removed(
            profile_ids=profile_ids,
            published_since=run.listed_back_to,
            not_seen_since=began_at,
            now=timezone.now(),
        )
    _note_coverage(run, known_from=since)
    source.watermark, source.next_watermark = began_at, None
