"""Who may begin another organization on this server."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from accounts.models import Membership, Organization, User
from accounts.permissions import Act, may


def may_found(*, user: User, memberships: Iterable[Membership]) -> bool:
    """Everybody where everybody may sign up. Elsewhere who manages a team already, or where there is none yet.

    The demo's visitor has no password: a business of theirs would be lost with the session.
    """
    if user.is_demo:
        return False
    if settings.SIGN_UP == "open" or user.is_staff:
        return True
    own = [place for place in memberships if not place.organization.is_demo]
    if own:
        return any(may(place.role, Act.MANAGE_MEMBERS) for place in own)
    return not Organization.objects.filter(is_demo=False).exists()
