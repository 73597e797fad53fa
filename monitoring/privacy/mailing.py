"""Mails about privacy: to authors who ask, to admins who answer, and to a team whose business is being deleted."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.mail import choose_language
from accounts.models import Organization, User
from accounts.permissions import ROLES, Act, may
from monitoring.privacy.author_requests import confirmation_address
from monitoring.privacy.models import AuthorRequest


def mail_confirmation(*, request: AuthorRequest) -> None:
    """To the author: is this address yours?"""
    organization = request.organization
    with translation.override(choose_language(request.language, organization.language)):
        subject = _("Confirm your request to %(name)s") % {"name": organization.name}
        _send(subject, "confirm", request.email, {"asked": request, "link": confirmation_address(request)})


def mail_done(*, request: AuthorRequest) -> None:
    """To the author: it is erased."""
    with translation.override(choose_language(request.language, request.organization.language)):
        subject = _("%(name)s has erased your posts") % {"name": request.organization.name}
        _send(subject, "done", request.email, {"asked": request})


def mail_admins(*, request: AuthorRequest) -> None:
    """To those who answer: somebody asks."""
    address = f"{settings.PUBLIC_URL}{request.organization.get_absolute_url()}settings/privacy/authors/"
    for reader in _team(request.organization, Act.GUARD_PRIVACY):
        with translation.override(choose_language(reader.language, request.organization.language)):
            subject = _("An author asks %(name)s about their data") % {"name": request.organization.name}
            _send(subject, "asked", reader.email, {"asked": request, "link": address})


def mail_deletion(*, organization: Organization) -> None:
    """To owners and admins: it goes, unless one of the owners keeps it."""
    if organization.delete_at is None:
        return
    for reader in _team(organization, Act.CHANGE_SETTINGS):
        with (
            translation.override(choose_language(reader.language, organization.language)),
            timezone.override(reader.time_zone or organization.time_zone),
        ):
            context = {
                "organization": organization,
                "at": timezone.localtime(organization.delete_at),
                "link": settings.PUBLIC_URL + organization.get_absolute_url(),
            }
            _send(
                _("%(name)s will be deleted") % {"name": organization.name}, "deletion", reader.email, context
            )


def mail_left_alone(*, user: User, name: str) -> None:
    """To somebody whose only business is gone: the account is still there."""
    with translation.override(choose_language(user.language)):
        link = f"{settings.PUBLIC_URL}/account/delete/"
        _send(_("%(name)s is deleted") % {"name": name}, "gone", user.email, {"name": name, "link": link})


def _team(organization: Organization, act: Act) -> QuerySet[User]:
    roles = [role for role in ROLES if may(role, act)]
    return User.objects.filter(
        memberships__organization=organization,
        memberships__role__in=roles,
        is_active=True,
        is_demo=False,
    ).order_by("pk")


def _send(subject: str, template: str, address: str, context: dict[str, object]) -> None:
    text = render_to_string(f"privacy/mail/{template}.txt", context)
    one_line = " ".join(subject.split())
    EmailMessage(one_line, text, to=[address], headers={"Auto-Submitted": "auto-generated"}).send()
