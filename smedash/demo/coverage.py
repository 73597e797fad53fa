"""What the demo's sources did: their ledger, and the time of which one of them can tell nothing.

Access to one platform was refused for sixteen days. Its search looks back for seven, so nine are gone for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from accounts.models import Organization
from monitoring.lib.periods import ONE_DAY
from monitoring.listening.models import CollectionRun, CoverageGap, Outcome, Source, SourceKind
from monitoring.listening.selectors.coverage import sources_of
from smedash.demo.calendar import GAP, SILENCE, Timeline, is_silent

INTERVAL = timedelta(hours=6)
LEDGER = 40  # days of which something stands in the ledger: enough to show how the silence began and ended
WHOLE_LEDGER = 5  # days of which every attempt does
REFUSED = "X refused access: the token was revoked. Connect the account again."


def write_coverage(*, organization: Organization, timeline: Timeline) -> None:
    for source in sources_of(organization).order_by("pk"):
        _note_health(source, timeline)
        CollectionRun.objects.bulk_create(_ledger(source, timeline), batch_size=1_000)
        if is_silent(source.platform, GAP.begins) and timeline.days > SILENCE.begins:
            _note_gap(source, timeline)


def _note_health(source: Source, timeline: Timeline) -> None:
    source.covered_since = timeline.begins_at
    source.covered_until = source.watermark = timeline.now
    source.outcome = Outcome.COLLECTED
    source.interval = INTERVAL
    source.due_at = timeline.now + INTERVAL
    source.save()


def _note_gap(source: Source, timeline: Timeline) -> None:
    """A profile's numbers cannot be read afterwards at all; posts can, as far back as the search reaches."""
    span = SILENCE if source.kind == SourceKind.PROFILE else GAP
    if source.kind != SourceKind.POSTS:
        CoverageGap.objects.create(
            source=source,
            began_at=timeline.starts_at(span.begins),
            ended_at=timeline.starts_at(span.ends - 1),
        )


def _ledger(source: Source, timeline: Timeline) -> Iterator[CollectionRun]:
    random = timeline.random("ledger", source.platform, source.kind, source.query)
    moment = timeline.now - min(timedelta(days=LEDGER), timeline.now - timeline.begins_at)
    while moment < timeline.now:
        age = (timeline.today - moment.astimezone(timeline.zone).date()).days
        refused = is_silent(source.platform, age)
        new = 0 if refused else random.choice((0, 0, 1, 2, 3, 5, 8))
        yield CollectionRun(
            source=source,
            started_at=moment,
            finished_at=moment + timedelta(seconds=random.randint(1, 9)),
            outcome=Outcome.REFUSED if refused else Outcome.COLLECTED if new else Outcome.NOTHING_NEW,
            error=REFUSED if refused else "",
            pages=0 if refused else 1,
            posts_seen=new * 2,
            posts_new=new,
        )
        moment += INTERVAL + timedelta(minutes=random.randint(0, 20)) if age < WHOLE_LEDGER else ONE_DAY
