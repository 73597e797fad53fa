"""Where feeds live: the searches that are feeds, and the feeds behind pasted addresses.

A search text names its feed:

    news:"blue bottle" coffee          Google News, the edition of the United States
    news-de:"blue bottle" kaffee       Google News, the German edition
    reddit:("blue bottle" OR coffee)   Reddit's search
    https://blog.example/feed          this feed, whole
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup

from monitoring.analysis.queries import Conjunction, Query
from monitoring.platforms.connectors.native_search import (
    allowed_alternatives,
    fitting,
    prefixed_parts,
    quoted_parts,
)
from monitoring.platforms.html_text import without_comments
from monitoring.platforms.http import Answer

GOOGLE_NEWS = "https://news.google.com"
REDDIT = "https://www.reddit.com"
YOUTUBE = "https://www.youtube.com"

_SEARCH = re.compile(r"(news(?:-[a-z]{2})?|reddit):(.+)", re.DOTALL)
# The edition of Google News for a language: its largest one.
_EDITIONS = {
    "ar": ("ar", "EG"), "bn": ("bn", "BD"), "cs": ("cs", "CZ"), "de": ("de", "DE"), "el": ("el", "GR"),
    "en": ("en-US", "US"), "es": ("es-419", "MX"), "fr": ("fr", "FR"), "he": ("he", "IL"), "hi": ("hi", "IN"),
    "hu": ("hu", "HU"), "id": ("id", "ID"), "it": ("it", "IT"), "ja": ("ja", "JP"), "ko": ("ko", "KR"),
    "nl": ("nl", "NL"), "pl": ("pl", "PL"), "pt": ("pt-BR", "BR"), "ro": ("ro", "RO"), "ru": ("ru", "RU"),
    "sv": ("sv", "SE"), "ta": ("ta", "IN"), "te": ("te", "IN"), "th": ("th", "TH"), "tr": ("tr", "TR"),
    "uk": ("uk", "UA"), "vi": ("vi", "VN"), "zh": ("zh-CN", "CN"),
}  # fmt: skip
_LONGEST_QUERY = 512
_FEED_PATH = re.compile(
    r"/(?:feeds?|rss|atom)/?$|\.(?:rss|atom|rdf|xml)$|/feed\.json$|^/alerts/feeds/", re.IGNORECASE
)
# A parser would look at the whole page, for minutes if it is made for that.
_LINK_ELEMENT = re.compile(rb"""<link\b(?:[^<>"']|"[^"<]*"|'[^'<]*')*>""", re.IGNORECASE)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_YOUTUBE_CHANNEL = re.compile(r"/channel/(UC[\w-]{10,40})(?:/.*)?")
_YOUTUBE_PAGE = re.compile(r"/(?:@|c/|user/)[^/]+/?(?:videos/?)?")
_SUBREDDIT = re.compile(r"/r/(\w{2,40})/?(?:new/?)?")
_REDDITOR = re.compile(r"/u(?:ser)?/([\w-]{2,40})/?")


def news_searches(query: Query, slug: str) -> Iterable[str]:
    """One for each alternative and language it asks for."""
    for item in allowed_alternatives(query, slug):
        words = _news_words(item)
        for language in item.languages or ("en",):
            if words and language in _EDITIONS:
                yield f"news:{words}" if language == "en" else f"news-{language}:{words}"


def reddit_searches(query: Query, slug: str) -> Iterable[str]:
    """All alternatives in one search, as long as it fits: Reddit hands out few answers an hour."""
    texts = sorted({text for text in map(_reddit_words, allowed_alternatives(query, slug)) if text})
    together = " OR ".join(f"({text})" for text in texts) if len(texts) > 1 else "".join(texts)
    for text in [together] if together and len(together) <= _LONGEST_QUERY else texts:
        yield f"reddit:{text}"


def _news_words(item: Conjunction) -> str:
    """Google knows no prefixes; an alternative that is nothing but one cannot be searched for."""
    return fitting(quoted_parts(item), longest=_LONGEST_QUERY)


def _reddit_words(item: Conjunction) -> str:
    parts = [*quoted_parts(item), *prefixed_parts(item)]
    return fitting(parts, longest=_LONGEST_QUERY, joint=" AND ")


def search_address(text: str, since: datetime | None) -> str | None:
    """The feed that a search text names, or None if it names none."""
    found = _SEARCH.fullmatch(text)
    if found and found[1] == "reddit":
        return f"{REDDIT}/search.rss?{urlencode({'q': found[2], 'sort': 'new', 't': 'month', 'limit': 100})}"
    if found:
        language, country = _EDITIONS.get(found[1].partition("-")[2] or "en", _EDITIONS["en"])
        words = f"{found[2]} after:{since:%Y-%m-%d}" if since else found[2]
        edition = {"hl": language, "gl": country, "ceid": f"{country}:{language.partition('-')[0]}"}
        return f"{GOOGLE_NEWS}/rss/search?{urlencode({'q': words, **edition})}"
    return text if text.startswith(("http://", "https://")) else None


def feed_behind(pasted: str) -> str | None:
    """The feed of a pasted address, if it looks like one or belongs to a site whose feeds we know."""
    address = pasted.strip()
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or re.search(r"\s", address):
        return None
    site = parts.netloc.lower().removeprefix("www.").removeprefix("old.").removeprefix("m.")
    if site == "youtube.com":
        return _youtube_feed(parts.path) or (parts.geturl() if parts.path == "/feeds/videos.xml" else None)
    if site == "reddit.com" and not parts.path.endswith(".rss"):
        return _reddit_feed(parts.path)
    if _FEED_PATH.search(parts.path) or site.startswith(("feeds.", "rss.")):
        return parts.geturl()
    return None


def _youtube_feed(path: str) -> str | None:
    """A channel's page leads to its feed by a link in it; a channel's number leads there directly."""
    if channel := _YOUTUBE_CHANNEL.fullmatch(path):
        return f"{YOUTUBE}/feeds/videos.xml?channel_id={channel[1]}"
    return f"{YOUTUBE}{quote(path, safe='/@')}" if _YOUTUBE_PAGE.fullmatch(path) else None


def _reddit_feed(path: str) -> str | None:
    if subreddit := _SUBREDDIT.fullmatch(path):
        return f"{REDDIT}/r/{subreddit[1]}/new/.rss?limit=100"
    redditor = _REDDITOR.fullmatch(path)
    return f"{REDDIT}/user/{redditor[1]}/.rss?limit=100" if redditor else None


def linked_feed(page: Answer) -> str | None:
    """The feed that a web page names in its head."""
    shown = without_comments(page.content.decode("latin-1")).encode("latin-1")  # whatever its encoding is
    soup = BeautifulSoup(b"".join(_LINK_ELEMENT.findall(shown)), "html.parser")
    for link in soup.find_all("link", rel="alternate", type=_FEED_TYPES):
        address = urljoin(page.url, str(link.get("href", "")))
        if address.startswith(("http://", "https://")) and "comments" not in address:
            return address
    return None


def unwrapped(url: str) -> str:
    """The address that Google wraps into a redirect of its own (in Alerts and old News links)."""
    parts = urlsplit(url)
    if not (parts.hostname or "").endswith("google.com"):
        return url
    inner = parse_qs(parts.query)
    target = next(iter(inner.get("url", []) or inner.get("q", [])), "")
    return (
        target if parts.path in {"/url", "/news/url"} and target.startswith(("http://", "https://")) else url
    )
