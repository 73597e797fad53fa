"""Which mails a member wants about a view. Whoever holds the link at the end of one may end them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import Membership
from monitoring.alerts.mails.looking import settled_until
from monitoring.alerts.mails.timing import next_look, reader_zone
from monitoring.alerts.models import Rhythm, ViewAlert
from monitoring.listening.models import SavedView

_SALT: Final = "monitoring.alerts.alert"


@transaction.atomic
def choose_rhythm(*, view: SavedView, membership: Membership, rhythm: Rhythm | None, now: datetime) -> None:
    """None ends the alert. A new one tells of what is collected from now on; another rhythm forgets nothing."""
    alerts = ViewAlert.objects.filter(view=view, membership=membership)
    if rhythm is None:
        alerts.delete()
        return
    next_at = next_look(rhythm=rhythm, now=now, zone=reader_zone(membership))
    if alerts.update(rhythm=rhythm, next_at=next_at):
        return
    ViewAlert.objects.create(
        view=view,
        membership=membership,
        rhythm=rhythm,
        next_at=next_at,
        seen_id=settled_until(brand_id=view.brand_id),
    )


def find_alert(*, view: SavedView, membership: Membership) -> ViewAlert | None:
    return ViewAlert.objects.filter(view=view, membership=membership).first()


def off_address(alert: ViewAlert) -> str:
    """Where one click ends the mails. It holds as long as the view and the membership do."""
    names = [alert.view_id, alert.membership_id]
    token = signing.Signer(salt=_SALT).sign_object(names, compress=False)
    return settings.PUBLIC_URL + reverse("alerts:off", args=[token])


def read_off_token(token: str) -> tuple[SavedView, Membership] | None:
    """Which mails a link ends, and whose."""
    try:
        view_id, membership_id = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    membership = Membership.objects.select_related("organization").filter(pk=membership_id).first()
    view = SavedView.objects.filter(pk=view_id).first()
    return (view, membership) if view and membership else None
