"""Delete the business, change one's mind, delete one's own account."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, PersonRequest, member, signed_in
from accounts.form_pages import render_form
from accounts.permissions import Act
from accounts.services.members import TeamError
from monitoring.privacy.forms import AccountDeletionForm, DeletionForm
from monitoring.privacy.leaving import TIME_TO_THINK, ask_to_delete
from monitoring.privacy.leaving import keep as keep_organization
from monitoring.privacy.people import delete_account, owned_alone
from monitoring.privacy.tasks import tell_of_deletion


@member(Act.DELETE_ORGANIZATION)
def delete(request: MemberRequest) -> HttpResponseBase:
    """Asked once by the page, and once more by having the name typed. A demo is left, not deleted."""
    form = DeletionForm(request.POST or None, organization=request.organization)
    if request.organization.is_demo or not form.is_valid():
        return render_form(request, "privacy/delete.html", form, {"days": TIME_TO_THINK.days})
    ask_to_delete(organization=request.organization, now=timezone.now())
    tell_of_deletion.delay(request.organization.pk)
    return redirect("privacy:delete", request.organization.slug)


@require_POST
@member(Act.DELETE_ORGANIZATION)
def keep(request: MemberRequest) -> HttpResponseBase:
    keep_organization(organization=request.organization)
    messages.success(request, _("It stays. Collecting goes on where it stopped."))
    return redirect("privacy:delete", request.organization.slug)


@signed_in
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth has no types
def delete_own_account(request: PersonRequest) -> HttpResponseBase:
    """A person's own decision. A demo's visitors share one person, who stays."""
    form = AccountDeletionForm(request.POST or None, user=request.user)
    context = {"alone": owned_alone(user=request.user)}
    if request.user.is_demo or not form.is_valid():
        return render_form(request, "privacy/delete_account.html", form, context)
    try:
        delete_account(user=request.user)
    except TeamError as error:
        form.add_error(None, str(error))
        return render_form(request, "privacy/delete_account.html", form, context)
    request.session.flush()  # whoever signed out would still be somebody
    messages.success(request, _("Your account is deleted."))
    return redirect("account_login")
