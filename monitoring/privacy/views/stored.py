"""What is stored and for how long, and the public page that says so to everybody else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.lib.markdown import render_markdown
from monitoring.listening.forgetting.retention import limit_retention, list_retention
from monitoring.privacy.author_requests import count_waiting_requests
from monitoring.privacy.facts import WhatIsStored
from monitoring.privacy.forms import PageForm, RetentionForm
from monitoring.privacy.models import PrivacyPage
from monitoring.privacy.page_text import suggest_text
from monitoring.privacy.publishing import save_page


@member(to_change=Act.GUARD_PRIVACY)
def stored(request: MemberRequest) -> HttpResponseBase:
    """Everybody in the team reads it; admins limit how long mentions are kept."""
    organization = request.organization
    form = RetentionForm(request.POST or None, retention=list_retention(organization=organization))
    if form.is_valid():
        limit_retention(organization=organization, days=form.cleaned_data)
        messages.success(request, _("Saved. What is too old goes tonight."))
        return redirect("privacy:stored", organization.slug)
    facts = WhatIsStored(organization)
    context = {
        "facts": facts,
        "platforms": [(fact, form[fact.retention.platform.slug]) for fact in facts.platforms],
        "waiting": count_waiting_requests(organization=organization),
        "page": PrivacyPage.objects.filter(organization=organization).first(),
    }
    return render_form(request, "privacy/stored.html", form, context)


@member(Act.GUARD_PRIVACY)
def page(request: MemberRequest) -> HttpResponseBase:
    """Write the public page; `publish` shows it to everybody, `hide` to nobody, `save` leaves that as it is."""
    organization = request.organization
    found = PrivacyPage.objects.filter(organization=organization).first()
    text = found.text if found else _suggested(request)
    form = PageForm(request.POST or None, initial={"text": text})
    if not form.is_valid():
        context = {"page": found, "preview": render_markdown(text)}
        return render_form(request, "privacy/page.html", form, context)
    saved = save_page(
        organization=organization,
        text=form.cleaned_data["text"],
        by=request.user,
        is_public={"publish": True, "hide": False}.get(request.POST.get("act", "")),
    )
    messages.success(request, _("Published.") if saved.published_at else _("Saved. Nobody else sees it."))
    return redirect("privacy:page", organization.slug)


def _suggested(request: MemberRequest) -> str:
    facts = WhatIsStored(request.organization)
    return suggest_text(
        organization=request.organization,
        platforms=[fact.retention.platform.slug for fact in facts.platforms if fact.mentions],
    )
