"""Settings → Shops: connect a shop, see how it is doing, and what it sent."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.exporting.deliveries import export_deliveries
from monitoring.conversions.models import ShopConnection
from monitoring.conversions.reachability import customers_can_reach
from monitoring.conversions.selectors.shops import (
    connected_shops,
    describe_shop,
    last_deliveries,
    list_shops,
    offered_shops,
)
from monitoring.conversions.services.shops import (
    AnotherShop,
    collect_shop_now,
    connect_shop,
    disconnect_shop,
    keep_webhook_secret,
    reconnect_shop,
)
from monitoring.conversions.shop_forms import ShopForm, WebhookForm
from monitoring.conversions.shops.registry import connector_class
from monitoring.conversions.tasks import dispatch_due_shops
from monitoring.lib.exporting import read_format
from monitoring.platforms.errors import ConnectorError

_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@member(Act.CONNECT_ACCOUNTS)
def shops(request: MemberRequest) -> HttpResponseBase:
    context = {"rows": list_shops(organization=request.organization), "offers": offered_shops()}
    return render(request, "conversions/shops/shops.html", context)


@_form
@sensitive_post_parameters()
@member(Act.CONNECT_ACCOUNTS)
def connect(request: MemberRequest, shop: str) -> HttpResponseBase:
    """Connect a shop. It is stored once the shop has accepted what was typed."""
    connector = connector_class(shop)
    form = ShopForm(request.POST or None, connector=connector)
    if form.is_valid():
        try:
            connection = connect_shop(
                organization=request.organization,
                shop=shop,
                address=form.address,
                credentials=form.credentials,
            )
        except ConnectorError as error:
            form.blame(error)
        else:
            told = _("Connected: %(name)s. Its orders of the last 60 days appear in a few minutes.")
            return _collecting(request, connection, told)
    context = {"shop": connector.shop, "steps": f"conversions/shops/_steps_{shop}.html"}
    return render_form(request, "conversions/shops/connect.html", form, context)


@_form
@sensitive_post_parameters()
@member(Act.CONNECT_ACCOUNTS)
def reconnect(request: MemberRequest, shop_id: int) -> HttpResponseBase:
    """Give a shop other credentials."""
    connection = _get(request, shop_id)
    connector = connector_class(connection.shop)
    form = ShopForm(request.POST or None, connector=connector, connection=connection)
    if form.is_valid():
        try:
            reconnect_shop(connection=connection, credentials=form.credentials)
        except ConnectorError as error:
            form.blame(error)
        except AnotherShop:
            form.add_error(None, _("These keys belong to another shop. Connect it as one of its own."))
        else:
            return _collecting(request, connection, _("Saved: %(name)s."))
    context = {
        "shop": connector.shop,
        "connection": connection,
        "steps": f"conversions/shops/_steps_{connection.shop}.html",
    }
    return render_form(request, "conversions/shops/connect.html", form, context)


@_form
@sensitive_post_parameters()
@member(Act.CONNECT_ACCOUNTS)
def shop(request: MemberRequest, shop_id: int) -> HttpResponseBase:
    """How a shop is doing; sending something stores the secret of its webhooks."""
    connection = _get(request, shop_id)
    row = describe_shop(connection)
    form = WebhookForm(request.POST or None)
    if row.shop.has_webhooks and form.is_valid():
        keep_webhook_secret(connection=connection, secret=form.cleaned_data["secret"].strip())
        messages.success(request, _("The secret is stored. From now on we believe what this shop sends."))
        return redirect("conversions:shop", request.organization.slug, connection.pk)
    context = {
        "row": row,
        "hook_steps": f"conversions/shops/_hook_steps_{connection.shop}.html",
        "reachable": customers_can_reach(settings.PUBLIC_URL),
        "public_url": settings.PUBLIC_URL,
    }
    return render_form(request, "conversions/shops/shop.html", form, context)


@require_safe
@member(Act.CONNECT_ACCOUNTS)
def deliveries(request: MemberRequest, shop_id: int) -> HttpResponseBase:
    """What a shop sent last, and what became of it."""
    connection = _get(request, shop_id)
    page = last_deliveries(connection=connection, before=request.GET.get("before", ""))
    return render(request, "conversions/shops/deliveries.html", {"connection": connection, "page": page})


@require_safe
@member(Act.CONNECT_ACCOUNTS)
def export(request: MemberRequest, shop_id: int, file_format: str) -> HttpResponseBase:
    """The same as a file, all that are kept."""
    wanted_format = read_format(file_format)
    return send_table(request, export_deliveries(_get(request, shop_id)), wanted_format)


@require_POST
@member(Act.CONNECT_ACCOUNTS)
def collect_now(request: MemberRequest, shop_id: int) -> HttpResponseBase:
    connection = _get(request, shop_id)
    collect_shop_now(connection=connection)
    return _collecting(request, connection, _("We are asking %(name)s for its orders."))


@require_POST
@member(Act.CONNECT_ACCOUNTS)
def disconnect(request: MemberRequest, shop_id: int) -> HttpResponseBase:
    """Forget a shop's secrets. What it sold stays."""
    connection = _get(request, shop_id)
    disconnect_shop(connection=connection)
    messages.success(request, _("%(name)s is disconnected. Its orders stay.") % {"name": connection.name})
    return redirect("conversions:shops", request.organization.slug)


def _get(request: MemberRequest, shop_id: int) -> ShopConnection:
    return get_object_or_404(connected_shops(request.organization), pk=shop_id)


def _collecting(request: MemberRequest, connection: ShopConnection, told: str) -> HttpResponse:
    dispatch_due_shops.apply_async(queue="interactive")
    messages.success(request, told % {"name": connection.name})
    return redirect("conversions:shop", request.organization.slug, connection.pk)
