"""Feeds of views: made, found by their token, revoked. Only a hash of the token is kept.

A feed of a shared view belongs to the business. One of a private view belongs to who has the view, and ends when they
leave, are switched off, or may no longer judge mentions.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.audit import Action, record
from accounts.models import User
from accounts.permissions import Act, may
from accounts.tokens import digest_of, hint_of, is_whole, make_secret
from monitoring.alerts.models import FEED_PREFIX, FeedFormat, ViewFeed
from monitoring.alerts.outside.answers import drop_answer
from monitoring.listening.models import SavedView
from monitoring.listening.services.saved_views import ViewRefused

MOST_FEEDS: Final = 20
_USE_IS_NOTED_EVERY: Final = timedelta(hours=1)


@transaction.atomic
def make_feed(*, view: SavedView, name: str, feed_format: FeedFormat, by: User) -> tuple[ViewFeed, str]:
    """The feed and its address, which cannot be read again. Raises ViewRefused."""
    view = _lock(view)
    if not view.is_shared and not is_owned_by(view, by):
        raise ViewRefused(_("Share the view with your team first: what outsiders read belongs to all."))
    if ViewFeed.objects.filter(view=view, revoked_at=None).count() >= MOST_FEEDS:
        raise ViewRefused(_("This view has %(most)s feeds already. Revoke one first.") % {"most": MOST_FEEDS})
    secret = make_secret(FEED_PREFIX)
    feed = ViewFeed.objects.create(
        organization=view.organization,
        view=view,
        name=name,
        format=feed_format,
        hint=hint_of(secret),
        digest=digest_of(secret),
        created_by=by,
    )
    facts = {"view": view.name, "format": feed_format.value}
    record(Action.CREATED, organization=view.organization, subject=feed, after=facts)
    return feed, settings.PUBLIC_URL + reverse("alerts:feed", args=[secret])


@transaction.atomic
def revoke_feed(*, feed: ViewFeed, now: datetime) -> None:
    """From now on the address answers that the feed is gone. Doing it twice changes nothing."""
    if ViewFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=now):
        facts = {"view": feed.view.name, "last_used_at": feed.last_used_at}
        record(Action.DELETED, organization=feed.organization, subject=feed, before=facts)
        transaction.on_commit(lambda: drop_answer(feed.digest))


def list_feeds(*, view: SavedView) -> list[ViewFeed]:
    """Those that work, the latest first."""
    feeds = ViewFeed.objects.filter(view=view, organization=view.organization, revoked_at=None)
    return list(feeds.select_related("created_by").order_by("-created_at", "-pk"))


def find_feed(*, digest: str) -> ViewFeed | None:
    """Also one that was revoked: who held its address may know. Of a view that is now somebody else's own, none."""
    feeds = ViewFeed.objects.select_related("view__organization", "view__brand", "view__private_to__user")
    its_owners = Q(view__private_to=None) | Q(view__private_to__user=F("created_by"))
    return feeds.filter(its_owners, digest=digest).first()


def revoke_if_orphaned(*, feed: ViewFeed, now: datetime) -> bool:
    """Whether it ends here, because who has the private view may no longer read it outside."""
    if feed.view.is_shared or is_owned_by(feed.view, feed.created_by):
        return False
    revoke_feed(feed=feed, now=now)
    return True


def revoke_orphaned_feeds(*, now: datetime) -> int:
    """Those that nobody has asked for since."""
    feeds = ViewFeed.objects.filter(revoked_at=None).exclude(view__private_to=None)
    feeds = feeds.select_related("organization", "created_by", "view__private_to__user")
    return sum(revoke_if_orphaned(feed=feed, now=now) for feed in feeds.iterator())


def is_owned_by(view: SavedView, person: User | None) -> bool:
    """Whether it is this person's own, and they may let others read it."""
    owner = view.private_to
    if owner is None or person is None or owner.user_id != person.pk:
        return False
    return person.is_active and may(owner.role, Act.JUDGE_MENTIONS)


def digest_in(token: str) -> str:
    """What the token is looked up by, or nothing where it cannot be one."""
    return digest_of(token) if is_whole(token, FEED_PREFIX) else ""


def note_use(*, feed: ViewFeed, now: datetime) -> None:
    if feed.last_used_at is None or now - feed.last_used_at > _USE_IS_NOTED_EVERY:
        ViewFeed.objects.filter(pk=feed.pk).update(last_used_at=now)


def require_shared(view: SavedView) -> SavedView:
    """The view, which nobody can take back until the transaction ends. Raises ViewRefused."""
    locked = _lock(view)
    if not locked.is_shared:
        raise ViewRefused(_("Share the view with your team first: what outsiders read belongs to all."))
    return locked


def _lock(view: SavedView) -> SavedView:
    views = SavedView.objects.select_for_update(of=("self",)).select_related("organization", "private_to")
    return views.get(pk=view.pk)
