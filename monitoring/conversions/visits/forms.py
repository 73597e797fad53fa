"""What an admin types about the organization's own site."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import idna
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from monitoring.conversions.models import Site

MOST_HOSTS: Final = 20
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def read_public_host(typed: str) -> str:
    """The same, but no name without a dot: it leads elsewhere in each network. Raises ValidationError."""
    host = read_host(typed)
    if "." not in host and ":" not in host and not settings.DEBUG:
        message = _("“%(typed)s” has no dot. Name the whole address, such as shop.example.com.")
        raise ValidationError(message, code="host", params={"typed": typed[:60]})
    return host


def read_host(typed: str) -> str:
    """The host of an address as browsers write it, without `www.`. Raises ValidationError."""
    try:
        host = urlsplit(typed if _SCHEME.match(typed) else f"//{typed}").hostname or ""
        host = host if _is_address(host) else idna.encode(host, uts46=True).decode()
    except ValueError:  # idna's errors are some, too
        raise _not_understood(typed) from None
    if not _is_address(host) and not _HOST.fullmatch(host):
        raise _not_understood(typed)
    short = host.removeprefix("www.")
    return short if "." in short else host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _not_understood(typed: str) -> ValidationError:
    message = _("“%(typed)s” is no address of a site. Write it like shop.example.com.")
    return ValidationError(message, code="host", params={"typed": typed[:60]})


class SiteForm(forms.Form):
    """Which pages may report, and whether they ask."""

    hosts = forms.CharField(
        label=_("Addresses of your site"),
        max_length=4000,
        help_text=_("One a line, such as example.com or shop.example.com. Only pages of these may report."),
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    asks_how_heard = forms.BooleanField(
        label=_("Ask “How did you hear of us?” after an order"),
        required=False,
        help_text=_("In a small box that nobody has to answer. Who came by no link can say it there."),
    )

    @classmethod
    def facts_of(cls, site: Site | None) -> dict[str, Any]:
        if site is None:
            return {}
        return {"hosts": "\n".join(site.hosts), "asks_how_heard": site.asks_how_heard}

    def clean_hosts(self) -> list[str]:
        hosts = [read_host(line) for line in re.split(r"[\s,;]+", self.cleaned_data["hosts"]) if line]
        if len(hosts) > MOST_HOSTS:
            raise ValidationError(_("At most %(most)s addresses."), code="many", params={"most": MOST_HOSTS})
        return list(dict.fromkeys(hosts))
