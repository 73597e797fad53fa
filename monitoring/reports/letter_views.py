"""The switch of the weekly letter, how it looks, and the one click that ends it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member
from accounts.mail import read_mail_status
from accounts.middleware import for_anybody
from monitoring.lib.periods import local_day, week_of
from monitoring.reports.letters.choosing import choose_letter, find_reader, wants_letter
from monitoring.reports.letters.sending import render_letter
from monitoring.reports.letters.timing import reader_zone
from monitoring.reports.models import Letter

_CHOICES: Final = {"yes": True, "no": False}


@member()
def letter(request: MemberRequest) -> HttpResponseBase:
    """Each member's own letter: on or off, and as it would be sent now."""
    membership = request.membership
    if request.method == "POST":
        wants = _CHOICES.get(request.POST.get("wants", ""))
        if wants is not None:
            choose_letter(membership=membership, wants=wants)
            messages.success(request, _("The letter is on.") if wants else _("The letter is off."))
        return redirect("reports:letter", request.organization.slug)
    membership.user = request.user
    now, zone = timezone.now(), reader_zone(membership)
    monday = week_of(local_day(now, zone), 1)
    context = {
        "wants": wants_letter(membership=membership),
        "mail": read_mail_status(),
        "zone": str(zone),
        "last": Letter.objects.filter(membership=membership).order_by("-monday").first(),
        "rendered": render_letter(membership=membership, monday=monday, now=now),
    }
    return render(request, "reports/letter_page.html", context)


@csrf_exempt  # mail programs send the click themselves (RFC 8058): the token is all they have, and enough
@never_cache
@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def letter_off(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, because mail servers follow links; sending the form does."""
    membership = find_reader(token=token)
    if membership is None:
        raise Http404
    if request.method == "POST":
        choose_letter(membership=membership, wants=False)
    context = {"business": membership.organization, "is_off": not wants_letter(membership=membership)}
    return render(request, "reports/letter_off.html", context)
