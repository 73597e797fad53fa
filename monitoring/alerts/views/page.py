"""The page of one saved view: its name and sharing, one's mails about it, and what it shows outside."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import MemberRequest
from accounts.form_pages import WRONG
from accounts.mail import read_mail_status
from accounts.permissions import Act, may
from monitoring.alerts.forms import AlertForm, FeedForm, NameForm, WidgetForm
from monitoring.alerts.mails.choosing import find_alert
from monitoring.alerts.mails.timing import reader_zone
from monitoring.alerts.models import ViewWidget
from monitoring.alerts.outside.feeds import list_feeds
from monitoring.alerts.outside.widgets import find_widget
from monitoring.conversions.models import Site
from monitoring.listening.models import SavedView
from monitoring.listening.selectors.saved_views import address_of, visible_views


def find_view(request: MemberRequest, view_id: int) -> SavedView:
    """A colleague's own view is not found, like one of another business."""
    views = visible_views(membership=request.membership)
    return get_object_or_404(views.select_related("brand", "organization", "created_by"), pk=view_id)


def go_to_page(request: MemberRequest, view: SavedView) -> HttpResponseRedirect:
    return redirect("alerts:view", request.organization.slug, view.pk)


def may_give_out(request: MemberRequest, view: SavedView) -> bool:
    """Let those outside read it: what is shared as admin, one's own as who may do more than look."""
    return may(request.membership.role, Act.MANAGE_TOKENS if view.is_shared else Act.JUDGE_MENTIONS)


def render_page(request: MemberRequest, view: SavedView, **more: Any) -> HttpResponse:
    """`more` are forms that were sent and do not hold, and secrets that are shown once."""
    role = request.membership.role
    may_open = may_give_out(request, view)
    context = {
        "view": view,
        "mentions_address": reverse("listening:mentions", args=[request.organization.slug])
        + address_of(view),
        "is_theirs": not view.is_shared or may(role, Act.JUDGE_MENTIONS),
        "is_maker": view.created_by_id == request.user.pk,
        "name_form": NameForm(initial={"name": view.name}),
        **_mails(request, view),
        **(_outside(request, view) if may_open else {}),
        **more,
    }
    status = WRONG if any(getattr(form, "errors", None) for form in more.values()) else 200
    response = render(request, "alerts/view.html", context, status=status)
    response["Cache-Control"] = "no-store" if "secret" in more else "private, no-cache"
    return response


def _mails(request: MemberRequest, view: SavedView) -> dict[str, object]:
    alert = find_alert(view=view, membership=request.membership)
    request.membership.user = request.user
    return {
        "alert": alert,
        "alert_form": AlertForm(initial={"rhythm": alert.rhythm} if alert else {}),
        "mail": read_mail_status(),
        "zone": str(reader_zone(request.membership)),
    }


def _outside(request: MemberRequest, view: SavedView) -> dict[str, object]:
    feeds = {"may_open": True, "feeds": list_feeds(view=view), "feed_form": FeedForm(auto_id="feed_%s")}
    if not view.is_shared:
        return feeds
    widget = find_widget(view=view)
    return {
        **feeds,
        "widget": widget,
        "widget_form": WidgetForm(auto_id="widget_%s", initial=_widget_facts(request, widget)),
    }


def _widget_facts(request: MemberRequest, widget: ViewWidget | None) -> dict[str, Any]:
    """Where there is none yet, the hosts of the business's own site are proposed."""
    if widget is not None:
        return WidgetForm.facts_of(widget)
    site = Site.objects.filter(organization=request.organization).first()
    return {"hosts": "\n".join(site.hosts)} if site else {}
