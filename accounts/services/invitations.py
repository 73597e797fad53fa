"""Invite people, and let them in. The link is made where it is handed over: in the mail, or on the page to copy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import Action, acting, record, who_acts
from accounts.invitation_links import HOLDS_FOR, find_invitation, open_invitations, renew_link, unknown_digest
from accounts.models import AuditEvent, Invitation, Membership, Organization, Role, User
from accounts.services.members import TeamError, join, lock_organization, lock_team, require
from accounts.tasks import send_invitation

A_DAY: Final = 50  # invitations and links sent again, of one organization


class LinkStopped(Exception):
    """The link was used, withdrawn or replaced, it is too old, or it was never made."""


class WrongPerson(Exception):
    """The invitation asks somebody else."""


class AccountExists(Exception):
    """Somebody has an account with this address: they sign in."""


@transaction.atomic
def invite(*, organization: Organization, email: str, role: Role, by: User) -> tuple[Invitation, str]:
    """A new invitation in the place of an open one for this address; and its link where no mail can be sent."""
    actor = lock_team(organization=organization, by=by)
    require(actor, role)
    email = email.lower()
    if Membership.objects.filter(organization=organization, user__email=email).exists():
        raise TeamError(_("%(email)s is in the team already.") % {"email": email})
    open_invitations().filter(organization=organization, email=email).update(withdrawn_at=timezone.now())
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role,
        invited_by=by,
        digest=unknown_digest(),
        expires_at=timezone.now() + HOLDS_FOR,
    )
    return invitation, _hand_over(invitation)


@transaction.atomic
def resend_invitation(*, organization: Organization, invitation_id: int, by: User) -> tuple[Invitation, str]:
    """A new link; the old one stops working now."""
    actor = lock_team(organization=organization, by=by)
    invitation = _find(organization, invitation_id)
    require(actor, invitation.role)
    invitation.invited_by, invitation.sent_at, invitation.digest = by, None, unknown_digest()
    invitation.save(update_fields=["invited_by", "sent_at", "digest"])
    return invitation, _hand_over(invitation)


@transaction.atomic
def withdraw_invitation(*, organization: Organization, invitation_id: int, by: User) -> Invitation:
    actor = lock_team(organization=organization, by=by)
    invitation = _find(organization, invitation_id)
    require(actor, invitation.role)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(
        Action.DELETED,
        organization=organization,
        subject=invitation,
        name=invitation.email,
        before={"role": invitation.role},
    )
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, user: User) -> Membership:
    """Whoever is in already stays as they are."""
    invitation = _claim(token)
    if user.email != invitation.email or user.is_demo:
        raise WrongPerson
    return _let_in(invitation, user)


def accept_as_new_person(*, token: str, name: str, password: str) -> Membership:
    """Make the account, too. Its address counts as verified: the link was handed to whoever reads its mail."""
    try:
        with transaction.atomic():
            invitation = _claim(token)
            user = User.objects.create_user(invitation.email, password, name=name)
            return _let_in(invitation, user)
    except IntegrityError as error:
        raise AccountExists from error


def _hand_over(invitation: Invitation) -> str:
    """By mail if that works here; a task makes the link. Otherwise the link itself, to be shown once."""
    _refuse_flood(invitation.organization)
    record(
        Action.INVITED,
        organization=invitation.organization,
        subject=invitation,
        name=invitation.email,
        after={"role": invitation.role},
    )
    if not settings.EMAIL_HOST:
        return renew_link(invitation)
    transaction.on_commit(lambda: send_invitation.delay(invitation.pk))
    return ""


def _refuse_flood(organization: Organization) -> None:
    """The organization is locked, so nobody else counts at the same time."""
    since = timezone.now() - timedelta(days=1)
    invited = AuditEvent.objects.filter(organization=organization, action=Action.INVITED)
    if invited.filter(happened_at__gt=since).count() >= A_DAY:
        raise TeamError(_("That were %(count)s invitations within a day. Go on tomorrow.") % {"count": A_DAY})


def _find(organization: Organization, invitation_id: int) -> Invitation:
    """Raises Invitation.DoesNotExist."""
    invitation = Invitation.objects.select_related("organization").get(
        organization=organization, pk=invitation_id
    )
    if invitation.accepted_at or invitation.withdrawn_at:
        raise TeamError(_("This invitation was accepted or withdrawn meanwhile."))
    return invitation


def _claim(token: str) -> Invitation:
    """The invitation, still open while the organization is locked: of two who use the link, one is second."""
    found = find_invitation(token=token)
    if found is None:
        raise LinkStopped
    lock_organization(organization=found.organization)
    invitation = find_invitation(token=token)
    if invitation is None:
        raise LinkStopped
    return invitation


def _let_in(invitation: Invitation, user: User) -> Membership:
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    with acting(replace(who_acts(), user=user)):
        return join(
            organization=invitation.organization,
            user=user,
            role=invitation.role,
            invited_by=str(invitation.invited_by or ""),
        )
