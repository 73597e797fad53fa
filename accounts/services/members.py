"""Who is in a team, and with which role.

Whoever changes that locks the organization's row first: so two who do it at once do it one after the other, and the
second sees what the first left. No organization is ever without an owner who can sign in.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import Action, name_of, record
from accounts.models import AuditEvent, Invitation, Membership, Organization, Role, User
from accounts.permissions import act_upon, may
from accounts.tasks import tell_of_team


class TeamError(Exception):
    """A rule of teams forbids it. The message says which, to whoever asked."""


def lock_team(*, organization: Organization, by: User) -> Membership:
    """Hold the team still until the transaction ends; the place in it of whoever acts, as it is now.

    A demo's visitors share one person, and nothing leaves a demo.
    """
    if organization.is_demo:
        raise TeamError(_("This is the demo: its team stays as it is."))
    lock_organization(organization=organization)
    actor = Membership.objects.filter(organization=organization, user=by).first()
    if actor is None:
        raise PermissionDenied
    return actor


def lock_organization(*, organization: Organization) -> None:
    # Not against rows that only refer to it, which are written all the time.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


def require(actor: Membership, *roles: str) -> None:
    """Raise PermissionDenied unless the actor may give and take each of these roles."""
    if not all(may(actor.role, act_upon(role)) for role in roles):
        raise PermissionDenied


@transaction.atomic
def change_role(*, organization: Organization, membership_id: int, role: Role, by: User) -> Membership:
    actor = lock_team(organization=organization, by=by)
    member = _find(organization, membership_id)
    require(actor, member.role, role)
    if role != Role.OWNER:
        _refuse_last_owner(member)
    _set_role(member, role)
    return member


@transaction.atomic
def transfer_ownership(*, organization: Organization, membership_id: int, by: User) -> Membership:
    """The other becomes an owner, and whoever gives it away an admin."""
    actor = lock_team(organization=organization, by=by)
    member = _find(organization, membership_id)
    require(actor, Role.OWNER)
    if member.pk == actor.pk or not member.user.is_active:
        raise TeamError(_("Choose somebody else who can sign in."))
    _set_role(member, Role.OWNER)
    _set_role(actor, Role.ADMIN)
    return member


@transaction.atomic
def remove_member(*, organization: Organization, membership_id: int, by: User) -> User:
    """From the next request on, nothing of the organization answers this person."""
    actor = lock_team(organization=organization, by=by)
    member = _find(organization, membership_id)
    require(actor, member.role)
    _end(member, Action.LEFT if member.pk == actor.pk else Action.REMOVED)
    return member.user


@transaction.atomic
def leave_organization(*, organization: Organization, user: User) -> None:
    _end(lock_team(organization=organization, by=user), Action.LEFT)


def join(*, organization: Organization, user: User, role: str, invited_by: str) -> Membership:
    """Within the transaction of whoever checked the invitation, who has locked the organization."""
    member, is_new = Membership.objects.get_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    if is_new:
        _tell(member, Action.JOINED, after={"role": role, "invited_by": invited_by})
    return member


def _find(organization: Organization, membership_id: int) -> Membership:
    """Raises Membership.DoesNotExist."""
    return Membership.objects.select_related("user").get(organization=organization, pk=membership_id)


def _refuse_last_owner(member: Membership) -> None:
    owners = Membership.objects.filter(
        organization=member.organization_id, role=Role.OWNER, user__is_active=True
    )
    if member.role == Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise TeamError(_("A business needs an owner. Make somebody else an owner first."))


def _set_role(member: Membership, role: Role) -> None:
    if member.role == role:
        return
    record(
        Action.ROLE_CHANGED,
        organization=member.organization,
        subject=member.user,
        name=name_of(member.user),
        before={"role": member.role},
        after={"role": role.value},
    )
    member.role = role
    member.save(update_fields=["role"])
    _withdraw_what_they_may_not(member, role)


def _end(member: Membership, action: AuditEvent.Action) -> None:
    _refuse_last_owner(member)
    _tell(member, action, before={"role": member.role})
    _withdraw_what_they_may_not(member, None)
    member.delete()


def _withdraw_what_they_may_not(member: Membership, role: Role | None) -> None:
    """An invitation by somebody who could no longer make it would be a way back in."""
    open_ones = Invitation.objects.filter(
        organization=member.organization_id, invited_by=member.user_id, accepted_at=None, withdrawn_at=None
    )
    refused = [granted for granted in Role if role is None or not may(role, act_upon(granted))]
    open_ones.filter(role__in=refused).update(withdrawn_at=timezone.now())


def _tell(
    member: Membership,
    action: AuditEvent.Action,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Into the audit log, and to those who wish to know by mail."""
    event = record(
        action,
        organization=member.organization,
        subject=member.user,
        name=name_of(member.user),
        before=before,
        after=after,
    )
    if settings.EMAIL_HOST:
        transaction.on_commit(lambda: tell_of_team.delay(event.pk))
