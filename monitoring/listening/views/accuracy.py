"""How often the machine's sentiment is right on one's own mentions, and the samples by which that is measured."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from accounts.permissions import Act
from monitoring.analysis.sentiment.measuring import FEWEST, SENTIMENTS, Confusion
from monitoring.lib.exporting import choose_table, read_format
from monitoring.lib.periods import PRESETS, Period, last_days
from monitoring.listening.files.accuracy import tables_of_accuracy
from monitoring.listening.models import Brand, LabelSample, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.accuracy import (
    corrected_accuracy,
    list_samples,
    measured_accuracy,
    next_to_judge,
    sample_state,
)
from monitoring.listening.selectors.counts import count_period
from monitoring.listening.services.labelling import (
    SIZE,
    discard_sample,
    draw_sample,
    say_label,
    take_back_last,
)
from monitoring.listening.showing.choosing import TONES, Choice

_PERIODS: Final = {
    "30d": gettext_lazy("the last 30 days"),
    "90d": gettext_lazy("the last 90 days"),
    "365d": gettext_lazy("the last 12 months"),
}
_UNSURE: Final = "unsure"


@require_GET
@member()
def accuracy(request: MemberRequest) -> HttpResponse:
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        return render(request, "listening/no_brand.html")
    year = _period(request, "365d")
    measured, corrected = measured_accuracy(brand=choice.brand), corrected_accuracy(brand=choice.brand)
    context = {
        "choice": choice,
        "brand": choice.brand,
        "measured": measured,
        "measured_table": _table(measured.confusion),
        "corrected": corrected,
        "corrected_table": _table(corrected.confusion),
        "samples": list_samples(brand=choice.brand),
        "languages": [share.name for share in count_period(brands=[choice.brand], period=year).languages],
        "periods": _PERIODS.items(),
        "size": SIZE,
        "fewest": FEWEST,
        **{f"export_{name}": _file_address(choice, name) for name in ("csv", "xlsx")},
    }
    return render(request, "listening/accuracy.html", context)


@require_safe
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """Every count of the page, or with `of=samples` the samples."""
    wanted_format = read_format(file_format)
    brand = Choice(request.organization, request.GET).brand
    if brand is None:
        raise Http404
    table = choose_table(tables_of_accuracy(brand), request.GET.get("of", ""), wanted_format)
    return send_table(request, table, wanted_format)


def _file_address(choice: Choice, file_format: str) -> str:
    return (
        reverse("listening:export_accuracy", args=[choice.organization.slug, file_format]) + choice.address()
    )


def _table(confusion: Confusion) -> list[tuple[str, list[tuple[int, bool]]]]:
    """Rows are what people say, columns what the machine said; each number, and whether both agree."""
    return [
        (
            str(Tone(person).label),
            [(number, row == column) for column, number in enumerate(confusion.counts[row])],
        )
        for row, person in enumerate(SENTIMENTS)
    ]


@require_POST
@member(Act.JUDGE_MENTIONS)
def draw(request: MemberRequest) -> HttpResponse:
    """Let chance choose mentions, and begin to judge them."""
    brand = Choice(request.organization, request.POST).brand
    if brand is None:
        raise Http404
    period = _period(request, request.POST.get("period", ""))
    language = request.POST.get("language", "").replace("\0", "")[:12]
    sample = draw_sample(brand=brand, period=period, language=language, by=request.user)
    if sample is None:
        messages.info(request, _("There is no mention in that time to choose from."))
        return redirect(_accuracy_address(request, brand))
    return redirect("listening:sample", request.organization.slug, sample.pk)


@require_http_methods(["GET", "POST"])
@member(Act.JUDGE_MENTIONS)
def sample(request: MemberRequest, sample_id: int) -> HttpResponse:
    """One mention after the other, and at the end what came of it. It can be left and gone on with."""
    found = _sample(request, sample_id)
    if request.method == "POST":
        _take(request, found)
        if not request.htmx:
            return redirect("listening:sample", request.organization.slug, found.pk)
    state = sample_state(sample=found)
    context = {
        "sample": found,
        "state": state,
        "mention": next_to_judge(sample=found),
        "place": state.judged + 1,
        "table": _table(state.confusion),
        "fewest": FEWEST,
        "accuracy_address": _accuracy_address(request, found.brand),
    }
    template = "listening/_labelling.html" if request.htmx else "listening/sample.html"
    return render(request, template, context)


@require_POST
@member(Act.JUDGE_MENTIONS)
def discard(request: MemberRequest, sample_id: int) -> HttpResponse:
    found = _sample(request, sample_id)
    discard_sample(sample=found)
    messages.success(request, _("The sample is deleted. What it corrected stays corrected."))
    return redirect(_accuracy_address(request, found.brand))


def _take(request: MemberRequest, sample: LabelSample) -> None:
    """What the buttons send. A judgement names the mention that was shown: two windows do not mix them up."""
    if "back" in request.POST:
        take_back_last(sample=sample)
        return
    tone, number = request.POST.get("tone", ""), request.POST.get("mention", "")
    if (tone not in TONES and tone != _UNSURE) or not (number.isdecimal() and len(number) < 19):
        return
    mine = Mention.objects.filter(organization=request.organization, deleted_at=None).defer("search")
    if int(number) in sample.mention_ids:
        mention = get_object_or_404(mine, pk=int(number))
        say_label(sample=sample, mention=mention, said=TONES.get(tone), by=request.user)


def _sample(request: MemberRequest, sample_id: int) -> LabelSample:
    mine = LabelSample.objects.filter(organization=request.organization).select_related(
        "brand", "organization"
    )
    return get_object_or_404(mine, pk=sample_id)


def _period(request: MemberRequest, preset: str) -> Period:
    days = PRESETS[preset if preset in _PERIODS else "90d"]
    return last_days(days, now=timezone.now(), zone=ZoneInfo(request.organization.time_zone))


def _accuracy_address(request: MemberRequest, brand: Brand) -> str:
    return f"{reverse('listening:accuracy', args=[request.organization.slug])}?brand={brand.pk}"
