"""Whether mail works."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.mail import MailFailed, read_mail_status, send_test_mail
from accounts.permissions import Act


@member(Act.CHANGE_SETTINGS)
def mail(request: MemberRequest) -> HttpResponseBase:
    """Whether mail works, and a button that tries it."""
    return render(request, "accounts/mail.html", {"mail": read_mail_status()})


@require_POST
@member(Act.CHANGE_SETTINGS)
def send_test(request: MemberRequest) -> HttpResponseBase:
    try:
        send_test_mail(to=request.user.email)
    except MailFailed as failure:
        messages.error(request, str(failure))
    else:
        messages.success(request, _("Sent to %(address)s.") % {"address": request.user.email})
    return redirect("accounts:mail", request.organization.slug)
