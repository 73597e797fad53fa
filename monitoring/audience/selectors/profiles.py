"""The profiles an organization follows: their numbers, and how reading them goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.models import Organization
from monitoring.audience.selectors.followers import Followers, followers_of
from monitoring.lib.periods import Period
from monitoring.listening.models import BrandKind, Outcome, Source, TrackedProfile


class Health(StrEnum):
    """How reading a profile goes, in the order in which somebody should know."""

    NEEDS_ACCOUNT = "needs_account"  # the platform shows nothing to strangers
    REFUSED = "refused"
    GONE = "gone"
    NOT_UNDERSTOOD = "not_understood"
    UNREACHABLE = "unreachable"
    LIMITED = "limited"
    WAITING = "waiting"  # for the first reading
    READ = "read"

    @property
    def is_trouble(self) -> bool:
        return self not in (Health.WAITING, Health.READ)


_HEALTHS = {
    Outcome.REFUSED: Health.REFUSED,
    Outcome.GONE: Health.GONE,
    Outcome.NOT_UNDERSTOOD: Health.NOT_UNDERSTOOD,
    Outcome.UNREACHABLE: Health.UNREACHABLE,
    Outcome.RATE_LIMITED: Health.LIMITED,
}


@dataclass(frozen=True)
class ProfileStanding:
    """A profile as the audience page shows it."""

    profile: TrackedProfile
    followers: Followers
    health: Health
    read_at: datetime | None
    next_at: datetime | None
    error: str

    @property
    def is_own(self) -> bool:
        return self.profile.brand.kind == BrandKind.OWN


def list_standings(*, organization: Organization, period: Period) -> list[ProfileStanding]:
    """Our own profiles first, then the others by name; within each the most followed first."""
    followed = TrackedProfile.objects.filter(organization=organization).select_related("brand").order_by("pk")
    profiles = list(followed.prefetch_related("subscriptions__source"))
    followers = followers_of(profile_ids=[profile.pk for profile in profiles], period=period)
    standings = (_standing(profile, followers[profile.pk]) for profile in profiles)
    return sorted(
        standings,
        key=lambda row: (
            not row.is_own,
            row.profile.brand.name,
            -(row.followers.latest or 0),
            row.profile.pk,
        ),
    )


def _standing(profile: TrackedProfile, followers: Followers) -> ProfileStanding:
    order = list(Health)
    sources = [subscription.source for subscription in profile.subscriptions.all()]
    worst = min(sources, key=lambda source: order.index(health_of(source)), default=None)
    read = [source.covered_until for source in sources if source.covered_until]
    return ProfileStanding(
        profile=profile,
        followers=followers,
        health=health_of(worst) if worst else Health.NEEDS_ACCOUNT,
        read_at=max(read, default=None),
        next_at=worst.due_at if worst else None,
        error=worst.error if worst else "",
    )


def health_of(source: Source) -> Health:
    trouble = _HEALTHS.get(Outcome(source.outcome)) if source.outcome else None
    return trouble or (Health.READ if source.covered_until else Health.WAITING)
