"""Connect accounts, name further servers, and leave them: what platforms store, and what listening makes of it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.listening.services.accounts import listen_through, stop_listening_through
from monitoring.listening.tasks import dispatch_due_searches
from monitoring.platforms.errors import ConnectorError
from monitoring.platforms.forms import AccountForm, PlatformForm, ServerForm
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.registry import connector_class
from monitoring.platforms.services import (
    AddressTooLong,
    AlreadyConnected,
    add_server,
    connect_account,
    reconnect_account,
)
from monitoring.platforms.types import Platform

_form = require_http_methods(["GET", "HEAD", "POST"])


@_form
@sensitive_post_parameters()
@member(Act.CONNECT_ACCOUNTS)
def connect(request: MemberRequest, platform: str) -> HttpResponse:
    """Connect an account. It is stored once the platform has accepted it."""
    found = connector_class(platform).platform
    if not found.credential_fields:
        raise Http404
    form = AccountForm(request.POST or None, platform=found)
    if form.is_valid():
        try:
            account = connect_account(
                organization=request.organization,
                platform=found,
                server=form.server,
                credentials=form.credentials,
                monthly_spend_limit=form.monthly_spend_limit,
                rechecks_posts=form.rechecks_posts,
            )
        except ConnectorError as error:
            form.blame(error)
        else:
            return _listening(
                request, account, _("Connected: %(name)s. What it finds appears in a few minutes.")
            )
    return _page(request, form, found)


@_form
@sensitive_post_parameters()
@member(Act.CONNECT_ACCOUNTS)
def reconnect(request: MemberRequest, account_id: int) -> HttpResponse:
    """Give an account other credentials, or another limit."""
    account = get_object_or_404(_accounts(request).exclude(sealed_credentials=""), pk=account_id)
    found = connector_class(account.platform).platform
    form = AccountForm(request.POST or None, platform=found, account=account)
    if form.is_valid():
        try:
            reconnect_account(
                account=account,
                credentials=form.credentials,
                monthly_spend_limit=form.monthly_spend_limit,
                rechecks_posts=form.rechecks_posts,
            )
        except ConnectorError as error:
            form.blame(error)
        except AlreadyConnected:
            form.add_error(None, _("This profile is connected already, as another account."))
        else:
            return _listening(request, account, _("Saved: %(name)s."))
    return _page(request, form, found, account)


@_form
@member(Act.CONNECT_ACCOUNTS)
def add(request: MemberRequest, platform: str) -> HttpResponse:
    """Read a further server, or a feed."""
    found = connector_class(platform).platform
    if not found.many_servers:
        raise Http404
    form = ServerForm(request.POST or None, platform=found)
    if form.is_valid():
        try:
            account = add_server(
                organization=request.organization, platform=found, server=form.cleaned_data["server"]
            )
        except ConnectorError as error:
            form.blame(error)
        except AddressTooLong:
            form.add_error("server", _("It leads to an address that is too long to keep."))
        else:
            return _listening(request, account, _("Listening to %(name)s."))
    return _page(request, form, found)


@require_POST
@member(Act.CONNECT_ACCOUNTS)
def disconnect(request: MemberRequest, account_id: int) -> HttpResponse:
    """Forget an account with its credentials, or a server."""
    account = get_object_or_404(_accounts(request), pk=account_id)
    name = account.handle or account.server
    stop_listening_through(account=account)
    messages.success(request, _("%(name)s is disconnected.") % {"name": name})
    return redirect("platforms:platforms", request.organization.slug)


def _accounts(request: MemberRequest) -> QuerySet[ConnectedAccount]:
    return ConnectedAccount.objects.filter(organization=request.organization).select_related("organization")


def _listening(request: MemberRequest, account: ConnectedAccount, told: str) -> HttpResponse:
    listen_through(account=account)
    dispatch_due_searches.apply_async(queue="interactive")
    messages.success(request, told % {"name": account.handle or account.server})
    return redirect("platforms:platforms", request.organization.slug)


def _page(
    request: MemberRequest, form: PlatformForm, platform: Platform, account: ConnectedAccount | None = None
) -> HttpResponse:
    context = {
        "platform": platform,
        "account": account,
        "adds_server": isinstance(form, ServerForm),
    }
    return render_form(request, "platforms/account.html", form, context)
