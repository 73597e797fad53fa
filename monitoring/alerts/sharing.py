"""Taking a view back or deleting it, where others have come to rely on it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from monitoring.alerts.models import ViewAlert, ViewFeed, ViewWidget
from monitoring.listening.models import SavedView
from monitoring.listening.services.saved_views import ViewRefused, delete_view, unshare_view


@transaction.atomic
def end_sharing(*, view: SavedView, by: Membership) -> None:
    """Its maker has it alone again, and the others' mails about it end. Raises ViewRefused."""
    _require_no_outsiders(view)
    unshare_view(view=view, by=by)
    ViewAlert.objects.filter(view=view).exclude(membership=by).delete()


@transaction.atomic
def remove_view(*, view: SavedView, by: Membership) -> None:
    """Raises ViewRefused."""
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
