"""The link in an invitation: works once, for seven days. Only its fingerprint is kept, so it cannot be shown again."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation
from accounts.tokens import digest_of

HOLDS_FOR: Final = timedelta(days=7)


def unknown_digest() -> str:
    """Of a link that nobody has."""
    return digest_of(_new_token())


def renew_link(invitation: Invitation) -> str:
    """A new link, good for seven days from now. The one before stops working."""
    token = _new_token()
    invitation.digest, invitation.expires_at = digest_of(token), timezone.now() + HOLDS_FOR
    invitation.save(update_fields=["digest", "expires_at"])
    return settings.PUBLIC_URL + reverse("accounts:invitation", args=[token])


def open_invitations() -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn. Some may have expired: those can be sent again."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None).select_related("organization")


def find_invitation(*, token: str, now: datetime | None = None) -> Invitation | None:
    """The invitation that this link still opens."""
    working = open_invitations().filter(digest=digest_of(token), expires_at__gt=now or timezone.now())
    return working.select_related("organization", "invited_by").first()


def _new_token() -> str:
    return secrets.token_urlsafe(32)
