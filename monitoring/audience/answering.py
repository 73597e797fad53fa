"""When one of our own profiles replies to a mention, that mention is answered, whichever of them we saw first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from accounts.models import Organization
from monitoring.audience.models import PostEngagement, PublishedPost
from monitoring.listening.models import BrandKind, ChangeAct, Mention
from monitoring.listening.selectors.changed import leave_out_changed
from monitoring.listening.selectors.open_questions import RECENT
from monitoring.listening.selectors.threads import open_mentions_named
from monitoring.listening.services.changes import change_selected

_ARRIVED: Final = timedelta(hours=1)


def mark_what_we_answered(*, profile_ids: Sequence[int], seen_at: datetime) -> None:
    """By replies that were first seen at that moment: so whoever opens a mention again keeps it open.

    It can be undone like what a person marks. Dying before this costs the mark and nothing else.
    """
    answered: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for organization_id, platform, parent in _new_replies(profile_ids, seen_at):
        answered[organization_id].add((platform, parent))
    organizations = Organization.objects.in_bulk(answered)
    for organization_id, named in answered.items():
        ids = open_mentions_named(organization_id=organization_id, named=named, since=seen_at - RECENT)
        if ids:
            organization = organizations[organization_id]
            change_selected(organization=organization, act=ChangeAct.ANSWER, ids=ids, by=None)


def mark_what_arrived_after_our_answer(*, now: datetime) -> int:
    """Mentions of the last hour whose answer was seen before they were. Returns how many.

    Whatever somebody did to one of them, or undid, stays as it is: changes are remembered for a day. So this may run
    as often as it likes, and dying costs nothing.
    """
    marked = 0
    for organization, named in _recent_replies(now).items():
        ids = open_mentions_named(
            organization_id=organization.pk, named=named, since=now - RECENT, collected_since=now - _ARRIVED
        )
        if untouched := leave_out_changed(organization=organization, ids=ids):
            change_selected(organization=organization, act=ChangeAct.ANSWER, ids=untouched, by=None)
            marked += len(untouched)
    return marked


def _recent_replies(now: datetime) -> dict[Organization, set[tuple[str, str]]]:
    """What our replies of the last days call what they answer, where anything arrived lately."""
    replies = PublishedPost.objects.filter(
        organization__in=Mention.objects.filter(collected_at__gte=now - _ARRIVED).values("organization_id"),
        brand__kind=BrandKind.OWN,
        published_at__gte=now - RECENT,
    ).exclude(parent_id=None)
    named: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for organization_id, platform, parent in replies.values_list("organization_id", "platform", "parent_id"):
        if parent:
            named[organization_id].add((platform, parent))
    return {each: named[each.pk] for each in Organization.objects.filter(pk__in=named)}


def _new_replies(profile_ids: Sequence[int], seen_at: datetime) -> list[tuple[int, str, str]]:
    entered = PostEngagement.objects.filter(
        post__profile_id__in=profile_ids,
        measured_at=seen_at,
        is_first=True,
        post__published_at__gte=seen_at - RECENT,
        post__brand__kind=BrandKind.OWN,
    ).exclude(post__parent_id=None)
    named = entered.values_list("organization_id", "platform", "post__parent_id")
    return [(organization, platform, parent) for organization, platform, parent in named if parent]
