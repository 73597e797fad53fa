"""Campaigns with their coupon codes and links, and the words that links are tagged with."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.link_forms import CampaignForm, WordForm
from monitoring.conversions.models import Campaign, UtmField, UtmWord
from monitoring.conversions.reachability import customers_can_reach
from monitoring.conversions.selectors.campaigns import list_campaigns, list_words, read_campaign
from monitoring.conversions.services.campaigns import (
    CouponTaken,
    TagTaken,
    archive_campaign,
    change_campaign,
    create_campaign,
    restore_campaign,
)
from monitoring.conversions.services.words import add_word, keep_words, remove_word
from monitoring.conversions.views.links import page_of_links


@require_safe
@member()
def campaigns(request: MemberRequest) -> HttpResponseBase:
    """What is done to bring customers, and every link."""
    context = {
        "campaigns": list_campaigns(organization=request.organization),
        "reachable": customers_can_reach(settings.PUBLIC_URL),
        "public_url": settings.PUBLIC_URL,
        **page_of_links(request),
    }
    return render(request, "conversions/campaigns.html", context)


@require_safe
@member()
def archived_campaigns(request: MemberRequest) -> HttpResponseBase:
    found = list_campaigns(organization=request.organization, archived=True)
    return render(request, "conversions/archived_campaigns.html", {"campaigns": found})


@require_safe
@member()
def campaign(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """One campaign: what it brought, its codes and its links."""
    found = _find(request, campaign_id)
    context = {
        "each": read_campaign(campaign=found),
        "campaign": found,
        "reachable": customers_can_reach(settings.PUBLIC_URL),
        "public_url": settings.PUBLIC_URL,
        **page_of_links(request, campaign=found),
    }
    return render(request, "conversions/campaign.html", context)


@member(Act.EDIT_CAMPAIGNS)
def new_campaign(request: MemberRequest) -> HttpResponseBase:
    facts = CampaignForm.facts_of(None, request.organization)
    form = CampaignForm(request.POST or None, initial=facts)
    if form.is_valid() and (made := _save(request, form, None)):
        messages.success(request, _("“%(name)s” is ready for its first link.") % {"name": made.name})
        return redirect("conversions:campaign", request.organization.slug, made.pk)
    return render_form(request, "conversions/new_campaign.html", form)


@member(Act.EDIT_CAMPAIGNS)
def edit_campaign(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    found = _find(request, campaign_id)
    form = CampaignForm(request.POST or None, initial=CampaignForm.facts_of(found, request.organization))
    if form.is_valid() and _save(request, form, found):
        messages.success(request, _("Changed."))
        return redirect("conversions:campaign", request.organization.slug, found.pk)
    return render_form(request, "conversions/edit_campaign.html", form, {"campaign": found})


@require_POST
@member(Act.EDIT_CAMPAIGNS)
def put_aside(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """Archive a campaign, or bring it back."""
    found = _find(request, campaign_id)
    if "restore" in request.POST:
        restore_campaign(campaign=found)
        messages.success(request, _("“%(name)s” is back on the list.") % {"name": found.name})
    else:
        archive_campaign(campaign=found)
        messages.success(
            request, _("“%(name)s” is archived. Its links and codes go on counting.") % {"name": found.name}
        )
    return redirect("conversions:campaigns", request.organization.slug)


@member(to_change=Act.EDIT_CAMPAIGNS)
def words(request: MemberRequest) -> HttpResponseBase:
    """The words for links; a new one is added here."""
    keep_words(organization=request.organization)
    form = WordForm(request.POST or None)
    if form.is_valid():
        word = add_word(organization=request.organization, **form.cleaned_data)
        messages.success(request, _("“%(word)s” is one of your words.") % {"word": word.word})
        return redirect("conversions:words", request.organization.slug)
    found = list_words(organization=request.organization)
    lists = [(field.label, found[field.value]) for field in UtmField]
    return render_form(request, "conversions/words.html", form, {"lists": lists})


@require_POST
@member(Act.EDIT_CAMPAIGNS)
def drop_word(request: MemberRequest, word_id: int) -> HttpResponseBase:
    word = get_object_or_404(UtmWord, organization=request.organization, pk=word_id)
    remove_word(word=word)
    messages.success(
        request, _("“%(word)s” is no longer offered. Links that carry it stay.") % {"word": word.word}
    )
    return redirect("conversions:words", request.organization.slug)


def _find(request: MemberRequest, campaign_id: int) -> Campaign:
    found = Campaign.objects.select_related("organization")
    return get_object_or_404(found, organization=request.organization, pk=campaign_id)


def _save(request: MemberRequest, form: CampaignForm, found: Campaign | None) -> Campaign | None:
    """None where the form has an error now."""
    try:
        if found:
            return change_campaign(campaign=found, plan=form.plan())
        return create_campaign(organization=request.organization, plan=form.plan())
    except TagTaken:
        form.add_error("slug", _("Another campaign has this tag. Archived ones keep theirs."))
    except CouponTaken as error:
        form.add_error("coupons", _("%(code)s belongs to another campaign.") % {"code": error})
    return None
