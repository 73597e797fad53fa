"""What a browser may do with our answers, beyond what Django and django-csp say for pages (docs/security.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponseBase

# Passkeys alone are ours; nothing else that a browser could offer is asked for anywhere.
_PERMISSIONS: Final = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "camera",
                "display-capture",
                "geolocation",
                "gyroscope",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "usb",
            )
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)

# It knows no list of hosts: what some may frame says so by `frame-ancestors` in its own policy, and exempts itself.
_NO_FRAMES: Final = "X-Frame-Options"
# A page says more by itself, and so does what is made for other sites (the script for a shop's pages, say).
_UNLESS_SAID: Final[Mapping[str, str]] = {
    "Permissions-Policy": _PERMISSIONS,
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    _NO_FRAMES: "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


class BrowserPolicyMiddleware:
    """Outermost of all, so that redirects, refusals, files and broken pages carry a policy as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in _UNLESS_SAID.items():
            if name != _NO_FRAMES or not getattr(response, "xframe_options_exempt", False):
                response.headers.setdefault(name, value)
        return response
