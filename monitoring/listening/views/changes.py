"""Do something to mentions: to one, to those that are selected, to everything that matches. And undo it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import MemberRequest, member
from accounts.permissions import Act
from monitoring.listening.models import BulkChange, ChangeAct, Mention, Tag
from monitoring.listening.models.mentions import STILL_THERE
from monitoring.listening.selectors.changes import SaidChange, latest_changes, say_changes
from monitoring.listening.selectors.rows import mention_rows
from monitoring.listening.services.changes import change_matching, change_selected, undo_change
from monitoring.listening.services.tags import LONGEST_NAME, TooManyTags, find_or_create_tag, normal_name
from monitoring.listening.showing.choosing import TONES, Choice
from monitoring.listening.tasks import work_on_change

UNDO: Final = "undo:"  # how a message says where it can be undone
_PLAIN_ACTS: Final = {
    act.value: act
    for act in (
        ChangeAct.ANSWER,
        ChangeAct.ARCHIVE,
        ChangeAct.NOT_ABOUT_US,
        ChangeAct.PUT_BACK,
        ChangeAct.MUTE,
        ChangeAct.DELETE,
    )
}
_LARGEST_NUMBER: Final = 2**63 - 1


class NoSuchAct(ValueError):
    """What was sent names nothing that can be done; it says why."""


@require_POST
@member(Act.JUDGE_MENTIONS)
def change_mentions(request: MemberRequest) -> HttpResponse:
    """To the selected ones, or to everything that the address filters."""
    choice = Choice(request.organization, request.GET)
    matching = request.POST.get("scope") == "matching"
    ids = [] if matching else _numbers(request.POST.getlist("chosen"))
    if not matching and not ids:
        messages.warning(request, _("Select mentions first."))
        return _back(request)
    if matching and (choice.brand is None or str(choice.brand.pk) != request.POST.get("brand")):
        messages.warning(request, _("That brand is gone. Nothing was changed."))
        return _back(request)
    try:
        act, value = read_act(request)
    except NoSuchAct as error:
        messages.error(request, str(error))
        return _back(request)
    if matching:
        change = change_matching(choice=choice, act=act, value=value, by=request.user)
    else:
        change = change_selected(
            organization=request.organization, act=act, value=value, ids=ids, by=request.user
        )
    return _tell(request, change)


@require_POST
@member(Act.JUDGE_MENTIONS)
def change_mention(request: MemberRequest, mention_id: int) -> HttpResponse:
    """To one. A browser with JavaScript gets its row anew."""
    mine = Mention.objects.filter(STILL_THERE, organization=request.organization)
    mention = get_object_or_404(mine, pk=mention_id)
    try:
        act, value = read_act(request)
    except NoSuchAct as error:
        return HttpResponse(str(error), status=400)
    change = change_selected(
        organization=request.organization, act=act, value=value, ids=[mention.pk], by=request.user
    )
    if not request.htmx or not change.is_over:
        return _tell(request, change, gone=mention.pk if act == ChangeAct.DELETE else None)
    _note(request, change)
    left = mine.filter(pk=mention_id).defer("search")
    context = {
        "rows": mention_rows(request.organization, list(left)),
        "is_selectable": _is_list(request),
        "undo_next": request.POST.get("next", ""),
    }
    return render(request, "listening/_changed_row.html", context)


@require_GET
@member(Act.JUDGE_MENTIONS)
def changes(request: MemberRequest) -> HttpResponse:
    context = {"changes": latest_changes(organization=request.organization)}
    return render(request, "listening/changes.html", context)


@require_GET
@member(Act.JUDGE_MENTIONS)
def change(request: MemberRequest, change_id: int) -> HttpResponse:
    """How far a large one is. It may be left."""
    said = _find(request, change_id)
    template = "listening/_change.html" if request.htmx else "listening/change.html"
    return render(request, template, {"said": said})


@require_POST
@member(Act.JUDGE_MENTIONS)
def undo(request: MemberRequest, change_id: int) -> HttpResponse:
    undone = _find(request, change_id).change
    if not undo_change(change=undone):
        messages.warning(request, _("It is too late: this can no longer be undone."))
        return _back(request)
    return _tell(request, undone)


def _is_list(request: MemberRequest) -> bool:
    """Whether the row stands where rows can be selected."""
    shown = urlsplit(request.htmx.current_url_abs_path or "").path
    return shown == reverse("listening:mentions", args=[request.organization.slug])


def read_act(request: MemberRequest) -> tuple[ChangeAct, int | None]:
    """What is to be done, and with which tone or tag. Raises NoSuchAct."""
    name, _colon, value = request.POST.get("act", "").partition(":")
    if name in _PLAIN_ACTS and not value:
        return _PLAIN_ACTS[name], None
    if name == ChangeAct.JUDGE and value in {*TONES, "machine"}:
        return ChangeAct.JUDGE, TONES.get(value)
    if name == ChangeAct.TAG and value == "new":
        return ChangeAct.TAG, _new_tag(request)
    if name in (ChangeAct.TAG, ChangeAct.UNTAG):
        tag = Tag.objects.filter(organization=request.organization, pk__in=_numbers([value])).first()
        if tag is None:
            raise NoSuchAct(_("That tag is gone."))
        return ChangeAct(name), tag.pk
    raise NoSuchAct(_("Choose what to do with the mentions."))


def _new_tag(request: MemberRequest) -> int:
    name = normal_name(request.POST.get("new_tag", "").replace("\0", ""))
    if not 0 < len(name) <= LONGEST_NAME:
        raise NoSuchAct(_("A tag has a name of at most 60 characters."))
    try:
        return find_or_create_tag(organization=request.organization, name=name).pk
    except TooManyTags as error:
        raise NoSuchAct(_("You have 100 tags. Delete one before you make another.")) from error


def _numbers(texts: list[str]) -> list[int]:
    numbers = (int(text) for text in texts if text.isdecimal() and len(text) < 20)
    return [number for number in numbers if number <= _LARGEST_NUMBER]


def _find(request: MemberRequest, change_id: int) -> SaidChange:
    mine = BulkChange.objects.filter(organization=request.organization).select_related(
        "organization", "created_by"
    )
    return say_changes([get_object_or_404(mine, pk=change_id)])[0]


def _tell(request: MemberRequest, change: BulkChange, gone: int | None = None) -> HttpResponse:
    """What came of it; where it takes longer, the page that says how far it is."""
    if change.is_over:
        _note(request, change)
        return _back(request, gone)
    work_on_change.delay(change.pk)
    progress = reverse("listening:change", args=[request.organization.slug, change.pk])
    return HttpResponseClientRedirect(progress) if request.htmx else HttpResponseRedirect(progress)


def _note(request: MemberRequest, change: BulkChange) -> None:
    said = say_changes([change])[0]
    undo_at = reverse("listening:undo_change", args=[request.organization.slug, change.pk])
    offer = f"{UNDO}{undo_at}" if change.can_be_undone and change.changed else ""
    messages.success(request, said.sentence, extra_tags=offer)


def _back(request: MemberRequest, gone: int | None = None) -> HttpResponse:
    """To where it was asked for; from the page of a mention that is gone, to all of them."""
    slug, where = request.organization.slug, request.POST.get("next", "")
    own_page = reverse("listening:mention", args=[slug, gone]) if gone else ""
    if url_has_allowed_host_and_scheme(where, allowed_hosts=None) and urlsplit(where).path != own_page:
        return HttpResponseRedirect(where)  # an address: `redirect` would take a word for a page's name
    return redirect("listening:mentions", slug)
