"""Erase an author: what they wrote goes for good, and a keyed hash keeps it from being collected again.

The hash is written first. From then on nobody stores them; what is there goes in batches, each its own transaction,
while the brands are locked, so that nothing a collector was just writing is left behind. A worker that dies costs
nothing: whoever goes on deletes what is still there.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import Action, record
from accounts.models import Organization, User
from monitoring.jobs.exporting import discard_exports
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.forgetting.deleting import forget_mentions
from monitoring.listening.forgetting.erased_authors import remember_author
from monitoring.listening.models import Brand, MutedAuthor
from monitoring.listening.services.brands import stop_tracking
from monitoring.listening.services.saved_views import forget_author_in_views
from monitoring.privacy.authors import Author, mentions_by, profiles_of, stored_about
from monitoring.privacy.models import Erasure


@transaction.atomic
def begin_erasure(*, organization: Organization, author: Author, by: User) -> Erasure:
    """From now on nothing of this author is stored. The caller hands the rest to a worker."""
    stored = stored_about(organization=organization, author=author)
    remember_author(
        organization=organization,
        platform=author.platform,
        external_id=author.external_id,
        handle=author.handle,
    )
    erasure = Erasure.objects.create(
        organization=organization,
        platform=author.platform,
        author_key=author.key,
        handle=author.handle,
        hint=author.hint,
        total=stored.mentions,
        created_by=by,
    )
    record(
        Action.ERASED,
        organization=organization,
        kind="author",
        name=author.hint,
        after={"mentions": stored.mentions, "profiles": stored.profiles},
    )
    return erasure


def run_erasure(*, erasure: Erasure) -> None:
    """Delete what is stored, or what is left of it."""
    if erasure.finished_at is not None:
        return
    organization = erasure.organization
    author = Author(platform=erasure.platform, handle=erasure.handle, key=erasure.author_key)
    for profile in profiles_of(organization=organization, author=author):
        stop_tracking(profile=profile)
    while _erase_batch(erasure, author):
        continue
    with transaction.atomic():
        MutedAuthor.objects.filter(organization=organization, author_key=author.key).delete()
        forget_author_in_views(organization=organization, author_key=author.key)
        discard_exports(organization=organization)
        Erasure.objects.filter(pk=erasure.pk).update(author_key="", handle="", finished_at=timezone.now())


def left_erasures() -> list[int]:
    return list(Erasure.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _erase_batch(erasure: Erasure, author: Author) -> int:
    """Locked before looked: what a collector stored until now is seen, and afterwards none stores any."""
    lock_brands(Brand.objects.filter(organization=erasure.organization).values_list("pk", flat=True))
    gone = forget_mentions(mentions_by(organization=erasure.organization, author=author))
    Erasure.objects.filter(pk=erasure.pk).update(done=F("done") + gone)
    return gone
