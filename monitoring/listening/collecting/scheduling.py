"""When a source is polled next: the only place that decides about retrying."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.sealed import update_if_same_secret
from monitoring.listening.collecting.claiming import Claim
from monitoring.listening.models import CollectionRun, Outcome, Source
from monitoring.platforms.errors import (
    AccessDenied,
    ConnectorError,
    NotFound,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from monitoring.platforms.models import ConnectedAccount

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=6)
FIRST_INTERVAL = timedelta(minutes=15)
FIRST_RETRY = timedelta(minutes=1)
TOMORROW = timedelta(days=1)

_OUTCOMES: dict[type[ConnectorError], Outcome] = {
    RateLimited: Outcome.RATE_LIMITED,
    Unavailable: Outcome.UNREACHABLE,
    AccessDenied: Outcome.REFUSED,
    NotFound: Outcome.GONE,
    UnexpectedResponse: Outcome.NOT_UNDERSTOOD,
}


def finish_run(
    source: Source,
    claim: Claim,
    run: CollectionRun,
    *,
    complete: bool = True,
    again: bool = False,
    error: ConnectorError | None = None,
    every: timedelta | None = None,
    found: bool | None = None,
) -> Outcome:
    """Close the run, give the source back and set when it is due next: at once, if `again`.

    The interval adapts to what is found, unless `every` sets it. `found` says whether there was anything, where
    that is not a matter of new posts. Returns the run's outcome.
    """
    now = timezone.now()
    found = run.posts_new > 0 if found is None else found
    outcome = _outcome(found=found, complete=complete, error=error)
    run.outcome, run.finished_at, run.error = outcome, now, str(error or run.error)
    run.save(update_fields=["outcome", "finished_at", "error"])
    failures = 0 if error is None or isinstance(error, RateLimited) else source.failures + 1
    adapted = source.interval if error else next_interval(source.interval, found_something=found)
    interval = every or adapted
    wait = retry_after(error, failures) if error else (timedelta(0) if again else interval)
    Source.objects.filter(pk=source.pk, lease_until=claim.lease_until).update(
        lease_until=None,
        due_at=now + wait,
        interval=interval,
        failures=failures,
        # A run that goes on says nothing new about the source's health.
        outcome=outcome if complete or error else source.outcome,
        error=str(error or ""),
    )
    if isinstance(error, AccessDenied) and source.account:
        # Somebody may have connected it again while we asked with what it had before.
        update_if_same_secret(
            ConnectedAccount.objects.filter(pk=source.account.pk),
            column="sealed_credentials",
            sealed=source.account.sealed_credentials,
            status=ConnectedAccount.Status.NEEDS_RECONNECTION,
            last_error=str(error),
        )
    return outcome


def next_interval(interval: timedelta, *, found_something: bool) -> timedelta:
    """Busy sources often, quiet ones rarely."""
    changed = interval / 2 if found_something else interval * 1.5
    return min(max(changed, SHORTEST), LONGEST)


def retry_after(error: ConnectorError, failures: int) -> timedelta:
    """How long to leave a source alone after an error, by who must act on it."""
    if isinstance(error, RateLimited):
        return error.retry_after
    if isinstance(error, Unavailable):
        return min(FIRST_RETRY * (1 << min(failures - 1, 10)), LONGEST)
    return TOMORROW


def _outcome(*, found: bool, complete: bool, error: ConnectorError | None) -> Outcome:
    if error is not None:
        return _OUTCOMES[type(error)]
    if not complete:
        return Outcome.INTERRUPTED
    return Outcome.COLLECTED if found else Outcome.NOTHING_NEW
