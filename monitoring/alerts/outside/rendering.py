"""A view as RSS 2.0 or JSON Feed 1.1. The same mentions give the same bytes, so that readers can ask what changed.

Titles and texts were written by strangers. In RSS a description is markup for whoever reads it, and some readers take
a title for markup, too: descriptions are escaped twice, and titles hold no angle brackets at all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from accounts.mail import choose_language
from monitoring.alerts.models import FeedFormat, ViewFeed
from monitoring.alerts.wording import (
    author_of,
    clean,
    in_one_line,
    in_short,
    name_platform,
    page_of_mention,
    web_address,
    words_of,
)
from monitoring.listening.models import Mention, SavedView
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.filtering import filter_mentions
from monitoring.listening.selectors.saved_views import read_choice

MOST_ITEMS: Final = 50
LONGEST_TEXT: Final = 2_000
_LONGEST_TITLE: Final = 100
CONTENT_TYPES: Final = {
    FeedFormat.RSS: "application/rss+xml; charset=utf-8",
    FeedFormat.JSON: "application/feed+json; charset=utf-8",
}
_NO_MARKUP: Final = str.maketrans({"<": "‹", ">": "›"})
_NO_MARKUP_IN_JSON: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


@dataclass(frozen=True)
class RenderedFeed:
    body: bytes
    content_type: str
    fingerprint: str
    changed_at: datetime


class _Rss(Rss201rev2Feed):
    """An empty feed was not built just now: else it would change whenever somebody looks."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.feed["made_at"]


def latest_mentions(view: SavedView, most: int) -> list[Mention]:
    """What the view's tab shows, its first rows."""
    choice = read_choice(view)
    found = filter_mentions(brand=view.brand, wanted=choice.wanted)
    return list(found.defer("search").order_by("-published_at", "-pk")[:most])


def render_feed(*, feed: ViewFeed, now: datetime) -> RenderedFeed:
    """The feed as it is now, and since when it is so."""
    organization = feed.view.organization
    with translation.override(choose_language(organization.language)):
        mentions = latest_mentions(feed.view, MOST_ITEMS)
        body = _as_json(feed, mentions) if feed.format == FeedFormat.JSON else _as_rss(feed, mentions)
    fingerprint = sha256(body).hexdigest()
    changed_at = feed.changed_at
    if fingerprint != feed.fingerprint:
        changed_at = now.replace(microsecond=0)
        ViewFeed.objects.filter(pk=feed.pk).update(fingerprint=fingerprint, changed_at=changed_at)
    return RenderedFeed(body, CONTENT_TYPES[FeedFormat(feed.format)], fingerprint, changed_at)


def _as_rss(feed: ViewFeed, mentions: Sequence[Mention]) -> bytes:
    rss = _Rss(
        title=_title_of(feed.view).translate(_NO_MARKUP),
        link=_page_of(feed.view),
        description=_describe(feed.view).translate(_NO_MARKUP),
        language=translation.get_language(),
        made_at=feed.created_at,
    )
    for mention in mentions:
        rss.add_item(
            title=_title_of_item(mention).translate(_NO_MARKUP),
            link=_link_of(feed.view, mention),
            description=escape(in_short(words_of(mention), LONGEST_TEXT)).replace("\n", "<br>"),
            author_name=author_of(mention).translate(_NO_MARKUP),
            pubdate=mention.published_at,
            unique_id=_name_of(mention),
            unique_id_is_permalink=False,
            categories=[name_platform(mention.platform)],
        )
    text: str = rss.writeString("utf-8")
    return text.encode()


def _as_json(feed: ViewFeed, mentions: Sequence[Mention]) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title_of(feed.view),
        "home_page_url": _page_of(feed.view),
        "description": _describe(feed.view),
        "language": translation.get_language(),
        "items": [_item(feed.view, mention) for mention in mentions],
    }
    return json.dumps(document, ensure_ascii=False).translate(_NO_MARKUP_IN_JSON).encode()


def _item(view: SavedView, mention: Mention) -> dict[str, Any]:
    author = {"name": author_of(mention), "url": web_address(mention.author_url)}
    item: dict[str, Any] = {
        "id": _name_of(mention),
        "url": _link_of(view, mention),
        "title": _title_of_item(mention),
        "content_text": in_short(words_of(mention), LONGEST_TEXT),
        "date_published": mention.published_at.isoformat(),
        "authors": [{name: value for name, value in author.items() if value}],
        "tags": [name_platform(mention.platform), str(Tone(mention.tone).label)],
    }
    if mention.edited_at:
        item["date_modified"] = mention.edited_at.isoformat()
    return item


def _title_of(view: SavedView) -> str:
    facts = {"view": view.name, "business": view.organization.name}
    return in_one_line(_("%(view)s · %(business)s") % facts, 200)


def _describe(view: SavedView) -> str:
    return clean(_("What people say about %(brand)s.") % {"brand": view.brand.name})


def _title_of_item(mention: Mention) -> str:
    who, platform = author_of(mention) or _("Somebody"), name_platform(mention.platform)
    words = in_one_line(mention.title or mention.text, _LONGEST_TITLE)
    start = _("%(who)s on %(platform)s") % {"who": who, "platform": platform}
    return f"{start}: {words}" if words else start


def _name_of(mention: Mention) -> str:
    return f"urn:smedash:mention:{mention.pk}"


def _link_of(view: SavedView, mention: Mention) -> str:
    return web_address(mention.url) or page_of_mention(view.organization, mention)


def _page_of(view: SavedView) -> str:
    mentions = reverse("listening:mentions", args=[view.organization.slug])
    return settings.PUBLIC_URL + mentions + read_choice(view).address()
