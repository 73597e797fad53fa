"""Mails about teams: the invitation, and the news that somebody joined or left."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.invitation_links import open_invitations, renew_link
from accounts.mail import choose_language
from accounts.models import AuditEvent, Invitation, Organization, Role, User
from accounts.permissions import ROLES, Act, may

_Action = AuditEvent.Action
_NEWS: Mapping[str, str | Promise] = {
    _Action.JOINED: _("%(person)s joined %(organization)s"),
    _Action.LEFT: _("%(person)s left %(organization)s"),
    _Action.REMOVED: _("%(person)s was removed from %(organization)s"),
}


def send_invitation(*, invitation_id: int) -> bool:
    """Make the link and mail it: nobody else ever has it, no broker and no log. Whether it was sent now.

    Raises what the mail server or the way to it raises; the link made for that mail is then known to nobody.
    """
    waiting = open_invitations().select_related("organization", "invited_by")
    invitation = waiting.filter(pk=invitation_id, sent_at=None).first()
    if invitation is None or not settings.EMAIL_HOST:
        return False
    _compose_invitation(invitation, renew_link(invitation)).send()
    # Whoever asked for another link meanwhile gets another mail.
    same = Invitation.objects.filter(pk=invitation.pk, digest=invitation.digest)
    return same.update(sent_at=timezone.now()) == 1


def _compose_invitation(invitation: Invitation, link: str) -> EmailMessage:
    organization = invitation.organization
    with (
        translation.override(choose_language(organization.language)),
        timezone.override(organization.time_zone),
    ):
        subject = gettext("Join %(organization)s on SMEdash") % {"organization": organization.name}
        context = {"invitation": invitation, "link": link, "until": timezone.localtime(invitation.expires_at)}
        text = render_to_string("accounts/mail/invitation.txt", context)
    return _mail(subject, text, invitation.email)


def tell_of_team(*, event_id: int) -> int:
    """Tell the owners and admins who wish to know; not whoever did it, nor whom it was about. How many were told."""
    event = AuditEvent.objects.select_related("organization").filter(pk=event_id, action__in=_NEWS).first()
    if event is None or event.organization is None or not settings.EMAIL_HOST:
        return 0
    readers = _readers(event.organization).exclude(pk__in=[event.actor_id, event.subject_id])
    mails = [_compose_news(event, event.organization, reader) for reader in readers]
    return sum(mail.send() for mail in mails)


def _readers(organization: Organization) -> QuerySet[User]:
    managers = [role for role in ROLES if may(role, Act.MANAGE_MEMBERS)]
    return User.objects.filter(
        memberships__organization=organization,
        memberships__role__in=managers,
        is_active=True,
        is_demo=False,
        mail_about_team=True,
    )


def _compose_news(event: AuditEvent, organization: Organization, reader: User) -> EmailMessage:
    with translation.override(choose_language(reader.language, organization.language)):
        names = {"person": event.subject_name, "organization": organization.name}
        role = (event.after or event.before).get("role", "")
        context = {
            "event": event,
            "news": _NEWS[event.action] % names,
            "role": Role(role).label if role in Role.values else "",
            "team": settings.PUBLIC_URL + organization.get_absolute_url() + "settings/team/",
            "own_settings": settings.PUBLIC_URL + organization.get_absolute_url() + "settings/you/",
        }
        return _mail(context["news"], render_to_string("accounts/mail/team_news.txt", context), reader.email)


def _mail(subject: object, text: str, address: str) -> EmailMessage:
    one_line = " ".join(str(subject).split())
    return EmailMessage(one_line, text, to=[address], headers={"Auto-Submitted": "auto-generated"})
