"""What every answer must say to a browser, whatever it is an answer to."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponseBase

_ALWAYS: Final = {
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Referrer-Policy": {"same-origin", "strict-origin-when-cross-origin"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin", "cross-origin"},
}
_OWN: Final = "'none'", "'self'", "data:", "https://accounts.google.com", "https://login.microsoftonline.com"


def what_is_missing(answer: HttpResponseBase) -> list[str]:
    """The headers that an answer lacks, or that allow too much; empty when all is well."""
    headers = answer.headers
    wrong = [name for name, allowed in _ALWAYS.items() if headers.get(name) not in allowed]
    policy = dict(
        directive.strip().partition(" ")[::2]
        for directive in headers.get("Content-Security-Policy", "").split(";")
    )
    closed = {"default-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}
    sources = {source for allowed in policy.values() for source in allowed.split()}
    if not closed.items() <= policy.items() or not sources <= set(_OWN):
        wrong.append("Content-Security-Policy")
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if "Cache-Control" not in headers:
        wrong.append("Cache-Control")
    return wrong
