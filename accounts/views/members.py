"""The team: who is in it, who is asked to join, and what each role may do."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import WRONG, render_form
from accounts.forms.team import InvitationForm, RoleForm, TransferForm, roles_to_give
from accounts.mail import read_mail_status
from accounts.models import Invitation, Membership
from accounts.permissions import ROLES, Act
from accounts.services.invitations import invite, resend_invitation, withdraw_invitation
from accounts.services.members import (
    TeamError,
    change_role,
    leave_organization,
    remove_member,
    transfer_ownership,
)
from accounts.team import list_asked, list_places, table_of_roles


@member(to_change=Act.MANAGE_MEMBERS)
def team(request: MemberRequest) -> HttpResponseBase:
    """Everybody sees the team; who may invite does so here."""
    form = InvitationForm(request.POST or None, actor=request.membership, initial={"role": "marketer"})
    if not form.is_valid():
        return _show_team(request, form)
    try:
        invitation, link = invite(
            organization=request.organization,
            email=form.cleaned_data["email"],
            role=form.chosen(),
            by=request.user,
        )
    except TeamError as error:
        form.add_error("email", str(error))
        return _show_team(request, form)
    return _hand_out(request, invitation, link)


@require_POST
@member(Act.MANAGE_MEMBERS)
def role(request: MemberRequest, membership_id: int) -> HttpResponseBase:
    get_object_or_404(Membership, organization=request.organization, pk=membership_id)
    form = RoleForm(request.POST, actor=request.membership)
    if not form.is_valid():
        return _show_team(request, InvitationForm(actor=request.membership), status=WRONG)

    def change() -> str:
        changed = change_role(
            organization=request.organization,
            membership_id=membership_id,
            role=form.chosen(),
            by=request.user,
        )
        return _("%(person)s: %(role)s.") % {"person": changed.user, "role": changed.get_role_display()}

    return _try(request, change)


@require_POST
@member(Act.MANAGE_MEMBERS)
def remove(request: MemberRequest, membership_id: int) -> HttpResponseBase:
    def change() -> str:
        person = remove_member(
            organization=request.organization, membership_id=membership_id, by=request.user
        )
        return _("%(person)s is no longer in the team.") % {"person": person}

    return _try(request, change)


@require_POST
@member()
def leave(request: MemberRequest) -> HttpResponseBase:
    try:
        leave_organization(organization=request.organization, user=request.user)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("accounts:team", request.organization.slug)
    messages.success(request, _("You left %(name)s.") % {"name": request.organization.name})
    return redirect("accounts:home")


@require_POST
@member(Act.CHANGE_OWNERS)
def transfer(request: MemberRequest) -> HttpResponseBase:
    form = TransferForm(request.POST)
    if not form.is_valid():
        return _show_team(request, InvitationForm(actor=request.membership), status=WRONG)

    def change() -> str:
        heir = transfer_ownership(
            organization=request.organization,
            membership_id=form.cleaned_data["member"],
            by=request.user,
        )
        return _("%(person)s is an owner now, and you are an admin.") % {"person": heir.user}

    return _try(request, change)


@require_POST
@member(Act.MANAGE_MEMBERS)
def resend(request: MemberRequest, invitation_id: int) -> HttpResponseBase:
    try:
        invitation, link = resend_invitation(
            organization=request.organization, invitation_id=invitation_id, by=request.user
        )
    except Invitation.DoesNotExist as error:
        raise Http404 from error
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("accounts:team", request.organization.slug)
    return _hand_out(request, invitation, link)


@require_POST
@member(Act.MANAGE_MEMBERS)
def withdraw(request: MemberRequest, invitation_id: int) -> HttpResponseBase:
    def change() -> str:
        invitation = withdraw_invitation(
            organization=request.organization, invitation_id=invitation_id, by=request.user
        )
        return _("The invitation of %(email)s no longer works.") % {"email": invitation.email}

    return _try(request, change)


def _try(request: MemberRequest, change: Callable[[], str]) -> HttpResponse:
    """Do it, or say which rule forbids it; and back to the team."""
    try:
        messages.success(request, change())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except TeamError as error:
        messages.error(request, str(error))
    return redirect("accounts:team", request.organization.slug)


def _hand_out(request: MemberRequest, invitation: Invitation, link: str) -> HttpResponse:
    """The link to copy is in this answer and nowhere else; a mail goes out by itself."""
    if link:
        return _show_team(request, InvitationForm(actor=request.membership), invitation, link)
    messages.success(request, _("A mail to %(email)s is on its way.") % {"email": invitation.email})
    return redirect("accounts:team", request.organization.slug)


def _show_team(
    request: MemberRequest,
    form: InvitationForm,
    invitation: Invitation | None = None,
    link: str = "",
    status: int | None = None,
) -> HttpResponse:
    context = {
        "places": list_places(reader=request.membership),
        "asked": list_asked(reader=request.membership),
        "roles": roles_to_give(request.membership),
        "role_names": [role.label for role in ROLES],
        "role_table": table_of_roles(),
        "mail": read_mail_status(),
        "new_invitation": invitation,
        "link": link,
    }
    response = render_form(request, "accounts/team.html", form, context)
    response.status_code = status or response.status_code
    response["Cache-Control"] = "no-store"
    return response
