"""The API tokens of an organization."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.forms.tokens import TokenForm
from accounts.models import TokenScope
from accounts.permissions import Act
from accounts.selectors import list_tokens
from accounts.tokens import issue_token, revoke_token


@member(Act.MANAGE_TOKENS)
def tokens(request: MemberRequest) -> HttpResponseBase:
    """The API tokens. A new one is shown in the answer to the form that made it, and never again."""
    form = TokenForm(request.POST or None)
    secret = ""
    if form.is_valid():
        scope = TokenScope(form.cleaned_data["scope"])
        _token, secret = issue_token(
            organization=request.organization,
            name=form.cleaned_data["name"],
            scope=scope,
            lifetime=form.cleaned_data["lifetime"],
        )
        form = TokenForm()
    page = {"secret": secret, "tokens": list_tokens(organization=request.organization)}
    response = render_form(request, "accounts/tokens.html", form, page)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@member(Act.MANAGE_TOKENS)
def revoke(request: MemberRequest, token_id: int) -> HttpResponseBase:
    token = get_object_or_404(list_tokens(organization=request.organization), pk=token_id)
    revoke_token(token=token)
    messages.success(request, _("“%(name)s” no longer works.") % {"name": token.name})
    return redirect("accounts:tokens", request.organization.slug)
