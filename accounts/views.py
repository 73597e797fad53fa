"""Coming in, and what belongs to a person or to a whole organization's account."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, PersonRequest, member, signed_in
from accounts.form_pages import render_form
from accounts.forms import FirstOwnerForm, PersonForm, TokenForm
from accounts.mail import MailFailed, read_mail_status, send_test_mail
from accounts.middleware import LAST_ORGANIZATION
from accounts.models import Role, TokenScope
from accounts.selectors import find_home, list_tokens
from accounts.services import update_person
from accounts.setup import LinkIsUsedUp, create_first_owner, instance_is_fresh, setup_link_is_valid
from accounts.tokens import issue_token, revoke_token

THEME_COOKIE_AGE = 60 * 60 * 24 * 365


@never_cache
def home(request: HttpRequest) -> HttpResponseBase:
    """The front door: to the person's organization, to setting one up, to sign-in, or to the setup link."""
    if request.user.is_authenticated:
        organization = find_home(user=request.user, last_used=request.session.get(LAST_ORGANIZATION))
        return redirect(organization or "dashboard:start")
    if instance_is_fresh():
        return render(request, "accounts/fresh.html")
    return redirect("account_login")


@never_cache
@sensitive_post_parameters("password")
def start(request: HttpRequest, token: str) -> HttpResponseBase:
    """The one-time link: whoever holds it becomes the first owner."""
    if not setup_link_is_valid(token):
        return render(request, "accounts/link_used_up.html", status=404)
    form = FirstOwnerForm(request.POST or None)
    if not form.is_valid():
        return render_form(request, "accounts/first_owner.html", form)
    try:
        user = create_first_owner(token=token, **form.cleaned_data)
    except LinkIsUsedUp:
        return render(request, "accounts/link_used_up.html", status=404)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("dashboard:start")


@member()
def you(request: MemberRequest) -> HttpResponseBase:
    """A person's own settings."""
    user = request.user
    facts = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = PersonForm(request.POST or None, initial=facts | {"theme": request.COOKIES.get("theme", "")})
    if not form.is_valid():
        return render_form(request, "accounts/you.html", form)
    theme = form.cleaned_data.pop("theme")
    update_person(user=user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    response = redirect("accounts:you", request.organization.slug)
    return _with_theme(response, theme)


def _with_theme(response: HttpResponse, theme: str) -> HttpResponse:
    if theme:
        response.set_cookie("theme", theme, THEME_COOKIE_AGE, samesite="Lax", secure=settings.SECURE)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@signed_in
def own_address(request: PersonRequest) -> HttpResponseBase:
    """There is no page to change one's e-mail address yet: without confirming mails it could be anybody's."""
    return redirect("accounts:home")


@member(Role.ADMIN)
def tokens(request: MemberRequest) -> HttpResponseBase:
    """The API tokens. A new one is shown in the answer to the form that made it, and never again."""
    form = TokenForm(request.POST or None)
    secret = ""
    if form.is_valid():
        scope = TokenScope(form.cleaned_data["scope"])
        _token, secret = issue_token(
            organization=request.organization, name=form.cleaned_data["name"], scope=scope
        )
        form = TokenForm()
    page = {"secret": secret, "tokens": list_tokens(organization=request.organization)}
    response = render_form(request, "accounts/tokens.html", form, page)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@member(Role.ADMIN)
def revoke(request: MemberRequest, token_id: int) -> HttpResponseBase:
    token = get_object_or_404(list_tokens(organization=request.organization), pk=token_id)
    revoke_token(token=token)
    messages.success(request, _("“%(name)s” no longer works.") % {"name": token.name})
    return redirect("accounts:tokens", request.organization.slug)


@member(Role.ADMIN)
def mail(request: MemberRequest) -> HttpResponseBase:
    """Whether mail works, and a button that tries it."""
    return render(request, "accounts/mail.html", {"mail": read_mail_status()})


@require_POST
@member(Role.ADMIN)
def send_test(request: MemberRequest) -> HttpResponseBase:
    try:
        send_test_mail(to=request.user.email)
    except MailFailed as failure:
        messages.error(request, str(failure))
    else:
        messages.success(request, _("Sent to %(address)s.") % {"address": request.user.email})
    return redirect("accounts:mail", request.organization.slug)
