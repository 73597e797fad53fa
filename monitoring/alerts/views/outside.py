"""What a view shows to those outside: admins make and revoke feeds and the widget of a shared one.

Feeds of a private view are its owner's.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.permissions import Act
from monitoring.alerts.forms import FeedForm, WidgetForm
from monitoring.alerts.models import ViewFeed
from monitoring.alerts.outside.feeds import make_feed, revoke_feed
from monitoring.alerts.outside.widgets import change_widget, find_widget, make_widget, remove_widget
from monitoring.alerts.views.page import find_view, go_to_page, may_give_out, render_page
from monitoring.listening.models import SavedView
from monitoring.listening.selectors.saved_views import visible_views
from monitoring.listening.services.saved_views import ViewRefused


@require_POST
@member(Act.JUDGE_MENTIONS)
def new_feed(request: MemberRequest, view_id: int) -> HttpResponseBase:
    """The address is shown in the answer to the form that made it, and never again."""
    view, form = find_view(request, view_id), FeedForm(request.POST, auto_id="feed_%s")
    if not may_give_out(request, view):
        return _refuse(request, view)
    if not form.is_valid():
        return render_page(request, view, feed_form=form)
    try:
        _feed, address = make_feed(
            view=view,
            name=form.cleaned_data["reader"],
            feed_format=form.cleaned_data["format"],
            by=request.user,
        )
    except ViewRefused as refusal:
        messages.error(request, str(refusal))
        return go_to_page(request, view)
    return render_page(request, view, secret=address)


@require_POST
@member(Act.JUDGE_MENTIONS)
def end_feed(request: MemberRequest, feed_id: int) -> HttpResponseBase:
    visible = visible_views(membership=request.membership).order_by()
    feeds = ViewFeed.objects.filter(organization=request.organization, view__in=visible)
    feed = get_object_or_404(feeds.select_related("view", "organization"), pk=feed_id)
    if not may_give_out(request, feed.view):
        return _refuse(request, feed.view)
    revoke_feed(feed=feed, now=timezone.now())
    messages.success(request, _("The feed “%(name)s” no longer works.") % {"name": feed.name})
    return go_to_page(request, feed.view)


def _refuse(request: MemberRequest, view: SavedView) -> HttpResponseBase:
    messages.error(request, _("What the team shares is given out by admins and owners."))
    return go_to_page(request, view)


@require_POST
@member(Act.MANAGE_TOKENS)
def widget(request: MemberRequest, view_id: int) -> HttpResponseBase:
    """Make the widget, or change what it shows. The markup for the site is shown once."""
    view, form = find_view(request, view_id), WidgetForm(request.POST, auto_id="widget_%s")
    if not form.is_valid():
        return render_page(request, view, widget_form=form)
    there = find_widget(view=view)
    if there is not None:
        change_widget(widget=there, choice=form.choice)
        messages.success(request, _("Saved. The widget on your site follows within a minute or two."))
        return go_to_page(request, view)
    try:
        _widget, markup = make_widget(view=view, choice=form.choice, by=request.user)
    except ViewRefused as refusal:
        messages.error(request, str(refusal))
        return go_to_page(request, view)
    return render_page(request, view, secret=markup, is_markup=True)


@require_POST
@member(Act.MANAGE_TOKENS)
def end_widget(request: MemberRequest, view_id: int) -> HttpResponseBase:
    view = find_view(request, view_id)
    there = find_widget(view=view)
    if there is not None:
        remove_widget(widget=there)
        messages.success(request, _("The widget is gone. Take its markup out of your site, too."))
    return go_to_page(request, view)
