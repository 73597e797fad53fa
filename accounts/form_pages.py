"""A page with a form."""

from __future__ import annotations

from collections.abc import Mapping

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WRONG = 422


def render_form(
    request: HttpRequest, template: str, form: BaseForm, context: Mapping[str, object] | None = None
) -> HttpResponse:
    """The page, with status 422 where what was sent cannot be accepted: nothing changed, and everything is kept."""
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **(context or {})}, status=status)
