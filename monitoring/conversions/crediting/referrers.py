"""Which channel a referring site is. Only sites that are known count: a payment page refers customers too."""

from __future__ import annotations

import re

from monitoring.conversions.models import Channel
from monitoring.conversions.visits.sources import channel_of_tags

# Anybody may run a Mastodon server; many say it in their name.
_MASTODON = re.compile(
    r"(?:mastodon|mstdn|masto)\.|(?:.*\.)?(?:fosstodon\.org|hachyderm\.io|mas\.to|infosec\.exchange)\Z"
)
_SEARCH = re.compile(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}\Z")
_APPS = {
    "com.google.android.googlequicksearchbox": Channel.GOOGLE,
    "com.google.android.gm": Channel.MAIL,
    "com.facebook.katana": Channel.FACEBOOK,
    "com.instagram.android": Channel.INSTAGRAM,
    "com.linkedin.android": Channel.LINKEDIN,
    "com.reddit.frontpage": Channel.REDDIT,
    "mail.google.com": Channel.MAIL,
}


def channel_of_referrer(host: str) -> str:
    """The channel of a host in lower case, or nothing: lm.facebook.com, t.co, out.reddit.com, www.google.co.uk."""
    if host in _APPS:
        return _APPS[host]
    if _SEARCH.match(host):
        return Channel.GOOGLE
    if _MASTODON.match(host):
        return Channel.MASTODON
    return next((channel for name in _names(host) if (channel := _channel(name))), "")


def _names(host: str) -> list[str]:
    """The host and those it lies under, the whole first."""
    labels = host.split(".")
    return [".".join(labels[first:]) for first in range(len(labels) - 1)]


def _channel(name: str) -> str:
    channel = channel_of_tags(name, "")
    return "" if channel == Channel.OTHER else channel
