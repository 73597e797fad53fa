"""What the team's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from accounts.invitation_links import HOLDS_FOR, open_invitations
from accounts.models import Invitation, Membership, Role
from accounts.permissions import ROLES, Act, act_upon, may

_A_MAIL_TAKES: Final = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Somebody's place in the team, and what the reader may do about it."""

    membership: Membership
    is_reader: bool
    may_change: bool
    is_last_owner: bool


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An open invitation."""

    invitation: Invitation
    has_expired: bool
    is_late: bool  # its mail should have gone out by now
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class RoleRow:
    """One act, and whether each role may do it, from the smallest to the largest."""

    act: Act
    allowed: list[bool]


def list_places(*, reader: Membership) -> list[Place]:
    """Owners first, then by name."""
    members = sorted(
        Membership.objects.filter(organization=reader.organization).select_related("user"),
        key=lambda member: (-ROLES.index(Role(member.role)), str(member.user).casefold(), member.pk),
    )
    owners = sum(member.role == Role.OWNER and member.user.is_active for member in members)
    changes_team = not reader.organization.is_demo
    return [
        Place(
            membership=member,
            is_reader=member.pk == reader.pk,
            may_change=changes_team and may(reader.role, act_upon(member.role)),
            is_last_owner=member.role == Role.OWNER and owners == 1,
        )
        for member in members
    ]


def list_asked(*, reader: Membership) -> list[Asked]:
    """Open invitations, newest first; expired ones too, until somebody withdraws them."""
    now = timezone.now()
    waiting = open_invitations().filter(organization=reader.organization).select_related("invited_by")
    return [
        Asked(
            invitation=invitation,
            has_expired=invitation.expires_at <= now,
            is_late=_is_late(invitation, now),
            may_change=not reader.organization.is_demo and may(reader.role, act_upon(invitation.role)),
        )
        for invitation in waiting.order_by("-pk")
    ]


def table_of_roles() -> list[RoleRow]:
    """What each role may do: for the page and the docs."""
    return [RoleRow(act=act, allowed=[may(role, act) for role in ROLES]) for act in Act]


def _is_late(invitation: Invitation, now: datetime) -> bool:
    """A mail that still waits, where mails are sent at all."""
    asked_at = invitation.expires_at - HOLDS_FOR
    return bool(settings.EMAIL_HOST) and invitation.sent_at is None and now - asked_at > _A_MAIL_TAKES
