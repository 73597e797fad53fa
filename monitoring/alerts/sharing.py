"""Taking a view back or deleting it, where others have come to rely on it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.permissions import Act, may
from monitoring.alerts.models import ViewAlert, ViewFeed, ViewWidget
from monitoring.alerts.outside.feeds import list_feeds, revoke_feed
from monitoring.listening.models import SavedView
from monitoring.listening.services.saved_views import ViewRefused, delete_view, share_view, unshare_view


@transaction.atomic
def begin_sharing(*, view: SavedView, by: Membership, now: datetime) -> None:
    """The whole team has it. From now on admins give it out: feeds of who may not end. Raises ViewRefused."""
    was_shared = view.is_shared
    share_view(view=view, by=by)
    if not was_shared and not may(by.role, Act.MANAGE_TOKENS):
        for feed in list_feeds(view=view):
            revoke_feed(feed=feed, now=now)


@transaction.atomic
def end_sharing(*, view: SavedView, by: Membership) -> None:
    """Its maker has it alone again, and the others' mails about it end. Raises ViewRefused."""
    _require_no_outsiders(view)
    unshare_view(view=view, by=by)
    ViewAlert.objects.filter(view=view).exclude(membership=by).delete()


@transaction.atomic
def remove_view(*, view: SavedView, by: Membership) -> None:
    """Feeds of one's own view go with it. Raises ViewRefused."""
    if view.is_shared:
        _require_no_outsiders(view)
    delete_view(view=view, by=by)


def _require_no_outsiders(view: SavedView) -> None:
    """What a site or a program reads does not end by accident: an admin ends that first."""
    SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
    if is_read_outside(view=view):
        raise ViewRefused(_("A feed or a widget shows this view. An admin must remove it first."))


def is_read_outside(*, view: SavedView) -> bool:
    feeds = ViewFeed.objects.filter(view=view, revoked_at=None)
    return feeds.exists() or ViewWidget.objects.filter(view=view).exists()
