"""The words by which mentions are sorted, and the authors who are not heard."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.listening.models import BulkChange, MutedAuthor, Tag
from monitoring.listening.selectors.changes import say_changes
from monitoring.listening.selectors.sorting_out import count_tags, muted_authors
from monitoring.listening.services.changes import unmute_author
from monitoring.listening.services.tags import (
    LONGEST_NAME,
    TagExists,
    TooManyTags,
    delete_tag,
    find_or_create_tag,
    normal_name,
    rename_tag,
)
from monitoring.listening.tasks import work_on_change

_PAGE = 50


class TagForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)

    def clean_name(self) -> str:
        return normal_name(self.cleaned_data["name"])


@member(to_change=Act.JUDGE_MENTIONS)
def tags(request: MemberRequest) -> HttpResponse:
    """All of them with how many mentions they are on; a new one."""
    form = TagForm(request.POST or None)
    if form.is_valid():
        try:
            tag = find_or_create_tag(organization=request.organization, name=form.cleaned_data["name"])
        except TooManyTags:
            form.add_error("name", _("You have 100 tags. Delete one before you make another."))
        else:
            messages.success(request, _("You can tag mentions “%(tag)s” now.") % {"tag": tag.name})
            return redirect("listening:tags", request.organization.slug)
    return render_form(
        request, "listening/tags.html", form, {"counted": count_tags(organization=request.organization)}
    )


@require_POST
@member(Act.JUDGE_MENTIONS)
def rename(request: MemberRequest, tag_id: int) -> HttpResponse:
    tag, form = _tag(request, tag_id), TagForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A tag has a name of at most 60 characters."))
        return redirect("listening:tags", request.organization.slug)
    try:
        rename_tag(tag=tag, name=form.cleaned_data["name"])
        messages.success(request, _("The tag is now called “%(tag)s”.") % {"tag": tag.name})
    except TagExists:
        messages.error(request, _("Another tag has that name."))
    return redirect("listening:tags", request.organization.slug)


@require_POST
@member(Act.JUDGE_MENTIONS)
def delete(request: MemberRequest, tag_id: int) -> HttpResponse:
    tag = _tag(request, tag_id)
    change = delete_tag(tag=tag, by=request.user)
    messages.success(request, _("The tag “%(tag)s” is deleted. Its mentions stay.") % {"tag": tag.name})
    return _go_on(request, change, "listening:tags")


@require_GET
@member()
def muted(request: MemberRequest) -> HttpResponse:
    """Whoever is muted, the latest first; the rest on further pages."""
    before = request.GET.get("before", "")
    authors = muted_authors(organization=request.organization)
    if before.isdecimal() and len(before) < 19:
        authors = authors.filter(pk__lt=int(before))
    shown = list(authors[: _PAGE + 1])
    older = f"?before={shown[_PAGE - 1].pk}" if len(shown) > _PAGE else ""
    return render(
        request, "listening/muted.html", {"authors": shown[:_PAGE], "older": older, "is_later": bool(before)}
    )


@require_POST
@member(Act.JUDGE_MENTIONS)
def unmute(request: MemberRequest, author_id: int) -> HttpResponse:
    author = get_object_or_404(
        MutedAuthor.objects.filter(organization=request.organization).select_related("organization"),
        pk=author_id,
    )
    change = unmute_author(author=author, by=request.user)
    if change.is_over:
        messages.success(request, say_changes([change])[0].sentence)
    return _go_on(request, change, "listening:muted")


def _tag(request: MemberRequest, tag_id: int) -> Tag:
    mine = Tag.objects.filter(organization=request.organization).select_related("organization")
    return get_object_or_404(mine, pk=tag_id)


def _go_on(request: MemberRequest, change: BulkChange, page: str) -> HttpResponse:
    """Back to the page, or to how far it is where it takes longer."""
    if change.is_over:
        return redirect(page, request.organization.slug)
    work_on_change.delay(change.pk)
    return redirect("listening:change", request.organization.slug, change.pk)
