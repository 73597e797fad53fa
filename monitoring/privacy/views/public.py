"""The public page: what an organization stores about those who speak of it, and how to ask for it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from accounts.form_pages import WRONG
from monitoring.conversions.clicks.visitors import network_of
from monitoring.conversions.limiting import Limit, seconds_to_wait
from monitoring.lib.markdown import render_markdown
from monitoring.privacy.author_requests import confirm_request, find_by_token, receive_request
from monitoring.privacy.forms import AuthorRequestForm
from monitoring.privacy.models import PrivacyPage
from monitoring.privacy.publishing import find_public_page
from monitoring.privacy.tasks import confirm_author, tell_admins_of_author

_A_MINUTE = 5
_TOO_MANY = 429


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """For everybody. The answer to a request is the same whether it was taken or not."""
    found = find_public_page(slug=slug)
    if found is None:
        raise Http404
    form = AuthorRequestForm(request.POST or None)
    if not form.is_bound:
        return _render(request, found, form)
    now = timezone.now()
    if seconds_to_wait(Limit(f"privacy:{network_of(request, at=now)}", _A_MINUTE)):
        return _render(request, found, form, status=_TOO_MANY)
    if not form.is_valid():
        return _render(request, found, form, status=WRONG)
    _take(found, form, now)
    return render(request, "privacy/public_sent.html", {"business": found.organization})


def confirm(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Behind the link in the mail. Only a press of the button confirms: programs that read mail open links."""
    found = find_by_token(token=token)
    if found is None or found.organization.slug != slug:
        return render(request, "privacy/public_ended.html", status=404)
    if request.method == "POST" and confirm_request(request=found):
        tell_admins_of_author.delay(found.pk)
        found.refresh_from_db()
    context = {"business": found.organization, "asked": found}
    response = render(request, "privacy/public_confirm.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _take(page: PrivacyPage, form: AuthorRequestForm, now: datetime) -> None:
    if form.is_by_a_program or not settings.EMAIL_HOST:
        return
    asked = receive_request(
        organization=page.organization,
        asked=form.asked,
        language=get_language() or settings.LANGUAGE_CODE,
        now=now,
    )
    if asked is not None:
        confirm_author.delay(asked.pk)


def _render(
    request: HttpRequest, page: PrivacyPage, form: AuthorRequestForm, status: int = 200
) -> HttpResponse:
    context = {
        "business": page.organization,
        "page": page,
        "text": render_markdown(page.text),
        "form": form,
        "can_mail": bool(settings.EMAIL_HOST),
        "too_many": status == _TOO_MANY,
    }
    return render(request, "privacy/public.html", context, status=status)
