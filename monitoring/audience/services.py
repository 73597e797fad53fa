"""Whose numbers and posts an organization follows: its own, and competitors'."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from monitoring.audience.models import PublishedPost
from monitoring.listening.collecting.subscribing import look_through_account
from monitoring.listening.models import Brand, Outcome, Source, TrackedProfile
from monitoring.listening.services.brands import stop_tracking, track_profile
from monitoring.platforms.types import ProfileLink

_IN_GOOD_ORDER = ("", Outcome.COLLECTED, Outcome.NOTHING_NEW)


class AlreadyFollowed(Exception):
    """The organization follows this profile already: its numbers would count twice."""

    def __init__(self, profile: TrackedProfile) -> None:
        super().__init__(f"{profile} is followed already, under {profile.brand}.")
        self.profile = profile


@transaction.atomic
def follow_profile(*, brand: Brand, link: ProfileLink) -> TrackedProfile:
    """Follow a profile's numbers and posts from now on, beginning at once. Raises AlreadyFollowed."""
    Brand.objects.select_for_update(no_key=True).filter(organization_id=brand.organization_id).order_by(
        "pk"
    ).first()
    known = TrackedProfile.objects.filter(
        organization_id=brand.organization_id,
        platform=link.platform,
        server=link.server,
        handle__iexact=link.handle,
    )
    already = known.select_related("brand").first()
    if already:
        raise AlreadyFollowed(already)
    profile = track_profile(brand=brand, link=link)
    look_through_account(profile)
    _read_at_once(profile)
    return profile


def _read_at_once(profile: TrackedProfile) -> None:
    """Somebody else may have read the profile just before. A waiting time after a failure is respected."""
    now = timezone.now()
    mine = profile.subscriptions.values_list("source_id", flat=True)
    Source.objects.filter(pk__in=list(mine), due_at__gt=now, outcome__in=_IN_GOOD_ORDER).update(due_at=now)


def stop_following(*, profile: TrackedProfile) -> None:
    """Forget a profile with its followers' history and its posts. Others who follow it notice nothing."""
    stop_tracking(profile=profile)


def correct_kind(*, post: PublishedPost, kind: str) -> None:
    """A person says what a post is for; an empty kind takes the guess again. Raises ValueError for no kind at all."""
    post.corrected_kind = PublishedPost.Kind(kind).value if kind else None
    post.save(update_fields=["corrected_kind"])
    post.refresh_from_db(fields=["kind"])
