"""Pages go compressed to whoever takes them so: a page of mentions is a sixth of its size then."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPagesMiddleware(GZipMiddleware):
    """Django's own, with its guard against guessing secrets by length (BREACH), for pages and parts of them.

    Files are left alone: most are compressed already, and whoever fetches one wants to see how much is still to come.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response
