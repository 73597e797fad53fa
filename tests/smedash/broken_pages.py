"""A page that always breaks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the database password is hunter2")


urlpatterns = [path("broken/", broken)]
