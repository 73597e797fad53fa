"""When one of our own profiles replies to a mention, that mention is answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from accounts.models import Organization
from monitoring.audience.models import PostEngagement
from monitoring.listening.models import BrandKind, ChangeAct
from monitoring.listening.selectors.open_questions import RECENT
from monitoring.listening.selectors.threads import open_mentions_named
from monitoring.listening.services.changes import change_selected


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
