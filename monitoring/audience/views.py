"""The audience page: who follows us and our competitors, and what our posts brought."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.audience.charts import gains_together, unread_gains
from monitoring.audience.forms import OURSELVES, SOMEBODY_NEW, ProfileForm
from monitoring.audience.models import PublishedPost
from monitoring.audience.selectors.engagement import (
    best_posts,
    count_posts,
    sum_by_bucket,
    sum_per_day,
)
from monitoring.audience.selectors.profiles import ProfileStanding, list_standings
from monitoring.audience.services import AlreadyFollowed, correct_kind, follow_profile, stop_following
from monitoring.audience.success import Success
from monitoring.audience.tasks import dispatch_due_profiles
from monitoring.lib.charts import Series, TimeAxis, draw_chart, join_tables
from monitoring.lib.hatching import hatch_unread
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, BrandKind, TrackedProfile
from monitoring.listening.selectors.coverage import silences_by_platform, unread_by_day
from monitoring.listening.selectors.watching import read_watch
from monitoring.listening.services.brands import create_brand
from monitoring.listening.showing.choosing import Choice
from monitoring.listening.showing.unread import name_unread


@require_GET
@member()
def audience(request: MemberRequest) -> HttpResponse:
    return _page(request, ProfileForm(organization=request.organization))


@require_POST
@member(Act.EDIT_KEYWORDS)
def add(request: MemberRequest) -> HttpResponse:
    """Follow a profile."""
    form = ProfileForm(request.POST, organization=request.organization)
    if not form.is_valid():
        return _page(request, form)
    try:
        profile = follow_profile(brand=_chosen_brand(form), link=form.cleaned_data["pasted"])
    except AlreadyFollowed as error:
        told = _("You follow this profile already, under %(brand)s.") % {"brand": error.profile.brand}
        form.add_error("pasted", told)
        return _page(request, form)
    dispatch_due_profiles.apply_async(queue="interactive")
    messages.success(
        request,
        _("Following %(profile)s. The first numbers come within a minute.") % {"profile": profile.handle},
    )
    return redirect("audience:audience", request.organization.slug)


@require_POST
@member(Act.EDIT_KEYWORDS)
def remove(request: MemberRequest, profile_id: int) -> HttpResponse:
    """Stop following a profile."""
    profile = get_object_or_404(TrackedProfile, organization=request.organization, pk=profile_id)
    stop_following(profile=profile)
    messages.success(request, _("You no longer follow %(profile)s.") % {"profile": profile.handle})
    return redirect("audience:audience", request.organization.slug)


@require_POST
@member(Act.JUDGE_MENTIONS)
def correct(request: MemberRequest, post_id: int) -> HttpResponse:
    """Say what kind of post it is; nothing chosen takes our guess."""
    post = get_object_or_404(PublishedPost, organization=request.organization, pk=post_id)
    kind = request.POST.get("kind", "")
    if kind and kind not in PublishedPost.Kind.values:
        return HttpResponseBadRequest(_("There is no such kind of post."))
    correct_kind(post=post, kind=kind)
    if request.htmx:
        return render(
            request, "audience/_kind.html", {"post": post, "post_kinds": PublishedPost.Kind.choices}
        )
    return redirect("audience:audience", request.organization.slug)


def _chosen_brand(form: ProfileForm) -> Brand:
    chosen = form.cleaned_data["brand"]
    if chosen == OURSELVES:
        return create_brand(organization=form.organization, name=form.organization.name, kind=BrandKind.OWN)
    if chosen == SOMEBODY_NEW:
        name = form.cleaned_data["competitor"]
        return create_brand(organization=form.organization, name=name, kind=BrandKind.COMPETITOR)
    return form.brands[chosen]


def _page(request: MemberRequest, form: ProfileForm) -> HttpResponse:
    organization, choice = request.organization, Choice(request.organization, request.GET)
    standings = list_standings(organization=organization, period=choice.period)
    own = [row for row in standings if row.is_own]
    context = {
        "choice": choice,
        "exported": choice.address(),
        "exported_posts": choice.address(of="posts"),
        "groups": [group for group in (own, [row for row in standings if not row.is_own]) if group],
        "own": own,
        "troubled": [row for row in standings if row.health.is_trouble],
        "change": _change_of(own),
        "posts": best_posts(organization=organization, period=choice.period),
        "posts_count": count_posts(organization=organization, period=choice.period),
        "success": Success(organization, choice.period, standings),
        "post_kinds": PublishedPost.Kind.choices,
        **_charts(request, own, choice.period),
    }
    return render_form(request, "audience/audience.html", form, context)


def _change_of(standings: list[ProfileStanding]) -> int | None:
    """How our followers changed in all; None unless at least one profile's change is known."""
    changes = [row.followers.change for row in standings if row.followers.change is not None]
    return sum(changes) if changes else None


def _charts(request: MemberRequest, own: list[ProfileStanding], period: Period) -> dict[str, object]:
    axis = TimeAxis(period)
    gained = gains_together([row.followers for row in own], len(axis.buckets))
    now = timezone.now()
    sources = read_watch(organization=request.organization, now=now).own_posts
    days = sum_per_day(organization=request.organization, period=period, now=now, read=sources)
    interactions = sum_by_bucket(period, ((day.day, day.interactions) for day in days))
    unread_profiles = unread_gains([(row.profile.platform, row.followers) for row in own], period)
    unread_posts = unread_by_day(silences_by_platform(sources, period, now))
    growth = draw_chart(axis, [Series(label=_("New followers"), values=gained)], hide_x=True)
    engagement = draw_chart(axis, [Series(label=_("Interactions"), values=interactions, color="text-3")])
    growth = hatch_unread(growth, name_unread(axis, unread_profiles))
    engagement = hatch_unread(engagement, name_unread(axis, unread_posts))
    return {
        "growth": growth,
        "engagement": engagement,
        "table": join_tables(growth, engagement),
        "step": {"day": _("per day"), "week": _("per week"), "month": _("per month")}[period.bucket],
        "interactions": sum(value for value in interactions if value is not None),
    }
