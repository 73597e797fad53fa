"""What a feed, a widget and a mail say about a mention. All of it comes from outside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator

from accounts.models import Organization
from monitoring.listening.models import Mention
from monitoring.listening.selectors.rows import WEB
from monitoring.platforms.registry import UnknownPlatform, connector_class

# Everything else no XML document may hold, not even escaped.
_IN_NO_DOCUMENT: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER_IN_AN_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


def clean(text: str) -> str:
    return _IN_NO_DOCUMENT.sub("", text)


def in_one_line(text: str, longest: int) -> str:
    return Truncator(" ".join(clean(text).split())).chars(longest)


def in_short(text: str, longest: int) -> str:
    """Paragraphs stay."""
    return Truncator(clean(text).strip()).chars(longest)


def web_address(address: str) -> str:
    """The address, if it is one of the web and nothing else; otherwise nothing."""
    if not address.startswith(WEB) or _NEVER_IN_AN_ADDRESS.search(address):
        return ""
    try:
        return address if urlsplit(address).hostname else ""
    except ValueError:
        return ""


def author_of(mention: Mention) -> str:
    return in_one_line(mention.author_name or mention.author_handle, 120)


def name_platform(slug: str) -> str:
    """A platform whose connector was taken out keeps its slug."""
    try:
        return connector_class(slug).platform.name
    except UnknownPlatform:
        return slug


def words_of(mention: Mention) -> str:
    """Title and text, where a platform has both."""
    return "\n\n".join(filter(None, [mention.title.strip(), mention.text.strip()]))


def page_of_mention(organization: Organization, mention: Mention) -> str:
    """Its page here, for members."""
    return settings.PUBLIC_URL + reverse("listening:mention", args=[organization.slug, mention.pk])


def order_as_asked(mentions: Sequence[Mention], ids: Sequence[int]) -> list[Mention]:
    places = {pk: place for place, pk in enumerate(ids)}
    return sorted(mentions, key=lambda mention: places[mention.pk])
