"""The house rules: everybody reads them, admins write them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.forms.rules import RulesForm
from accounts.house_rules import (
    differences,
    find_acknowledgment,
    list_readers,
    list_versions,
    suggest_rules,
)
from accounts.permissions import Act, may
from accounts.services.rules import WrittenMeanwhile, acknowledge_rules, write_rules
from monitoring.lib.markdown import render_markdown

MOST_VERSIONS = 50


@require_GET
@member()
def house_rules(request: MemberRequest) -> HttpResponse:
    """The newest version, and whether one has read it; admins see who has."""
    versions = list(list_versions(organization=request.organization).defer("text")[:MOST_VERSIONS])
    if not versions:
        return render(request, "accounts/rules.html")
    rules = versions[0]
    writes = may(request.membership.role, Act.WRITE_RULES)
    context = {
        "rules": rules,
        "text": render_markdown(rules.text),
        "versions": versions,
        "acknowledged": find_acknowledgment(rules=rules, user=request.user),
        "readers": list_readers(rules=rules) if writes else None,
    }
    return render(request, "accounts/rules.html", context)


@require_GET
@member()
def version(request: MemberRequest, number: int) -> HttpResponse:
    """One version as it was, and what it changed."""
    versions = list_versions(organization=request.organization)
    rules = get_object_or_404(versions, version=number)
    before = versions.filter(version=number - 1).first()
    context = {
        "rules": rules,
        "text": render_markdown(rules.text),
        "changes": differences(before=before.text, after=rules.text) if before else None,
    }
    return render(request, "accounts/rules_version.html", context)


@member(Act.WRITE_RULES)
def write(request: MemberRequest) -> HttpResponseBase:
    """A new version, made from the newest, or from a text to begin with."""
    newest = list_versions(organization=request.organization).first()
    initial = {
        "text": newest.text if newest else suggest_rules(organization=request.organization),
        "after_version": newest.version if newest else 0,
    }
    form = RulesForm(request.POST or None, initial=initial)
    page = {"newest": newest}
    if not form.is_valid():
        return render_form(request, "accounts/write_rules.html", form, page)
    try:
        write_rules(organization=request.organization, by=request.user, **form.cleaned_data)
    except WrittenMeanwhile as error:
        form.add_error(None, _say_written_meanwhile(error))
        return render_form(request, "accounts/write_rules.html", form, page | {"meanwhile": error.newest})
    messages.success(request, _("Saved. Everybody is asked to read it."))
    return redirect("accounts:house_rules", request.organization.slug)


@require_POST
@member()
def acknowledge(request: MemberRequest, number: int) -> HttpResponseBase:
    """ "I have read this", said of the newest version."""
    newest = list_versions(organization=request.organization).first()
    if newest is None or newest.version != number:
        messages.info(request, _("A newer version was written while you read. Please read this one."))
    else:
        acknowledge_rules(rules=newest, user=request.user)
        messages.success(request, _("Noted. Thank you for reading."))
    return redirect("accounts:house_rules", request.organization.slug)


def _say_written_meanwhile(error: WrittenMeanwhile) -> str:
    told = _(
        "%(name)s wrote version %(version)s while you were writing. Put what you need from it into your text, and "
        "save again."
    )
    return told % {"name": error.newest.written_by or _("Somebody"), "version": error.newest.version}
