"""`/s.js` and what it loads: the same files for every site, from memory, with an address that never changes."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.middleware import for_anybody

# A new version reaches every page within an hour; meanwhile no page waits for it.
_KEPT: Final = "public, max-age=3600, stale-while-revalidate=86400"


@dataclass(frozen=True)
class Script:
    text: bytes
    compressed: bytes
    tag: str


@cache
def load_script(name: str) -> Script:
    text = (settings.BASE_DIR / "static" / "site" / name).read_bytes()
    return Script(text, gzip.compress(text, mtime=0), hashlib.sha256(text).hexdigest()[:16])


@for_anybody
@require_safe
def snippet(request: HttpRequest) -> HttpResponseBase:
    return _serve(request, load_script("s.js"))


@for_anybody
@require_safe
def question(request: HttpRequest) -> HttpResponseBase:
    return _serve(request, load_script("s-ask.js"))


def _serve(request: HttpRequest, script: Script) -> HttpResponse:
    is_compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    tag = f'"{script.tag}{"-gzip" if is_compressed else ""}"'
    headers = {"Cache-Control": _KEPT, "ETag": tag, "Cross-Origin-Resource-Policy": "cross-origin"}
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304, headers=headers)
    else:
        body = script.compressed if is_compressed else script.text
        response = HttpResponse(body, content_type="text/javascript; charset=utf-8", headers=headers)
        if is_compressed:
            response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
