"""Mentions from elsewhere: from another tool, from an export of this one, from a table that somebody kept.

A row belongs to the brand that is chosen and goes the way of a post that was found: it is held against the brand's
keywords, understood, and stored by `store_mentions`, which counts it. It is known again by the platform's id or by its
address, or else by who said what when; so a file may come twice, and a post that was collected already stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from monitoring.jobs.importers import TIME_OF_DAY, BadRow, Field, Setting, Text, read_number
from monitoring.lib.dates import parse_moment
from monitoring.lib.exporting import arm
from monitoring.listening.collecting.listeners import Listeners, listeners_for
from monitoring.listening.files.storing import Refusal, Row, store_rows
from monitoring.listening.forgetting.erased_authors import normal_handle
from monitoring.listening.models import Brand, BrandKind, KeywordVersion, TrackedProfile
from monitoring.platforms.bounds import LONGEST_SHORT_ID, short_id
from monitoring.platforms.registry import IMPORTED, platforms
from monitoring.platforms.types import Author, Engagement, Post

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_NOON: Final = time(12)
_WEB: Final = ("https://", "http://")
# What other tools call the platforms that we know by another name.
_ALSO_CALLED: Final = {"twitter": "x", "x (twitter)": "x", "rss": "feeds", "blog": "feeds", "news": "feeds"}
_COUNTS: Final = ("likes", "replies", "shares", "quotes", "views")


def _brands(organization: Organization) -> list[tuple[str, Text]]:
    brands = Brand.objects.filter(organization=organization).order_by("pk")
    return [(str(number), name) for number, name in brands.values_list("pk", "name")]


def _keywords(organization: Organization) -> list[tuple[str, Text]]:
    return [
        (str(version.pk), f"{version.keyword.brand.name}: {version.query}")
        for version in _versions(organization)
    ]


def _versions(organization: Organization) -> list[KeywordVersion]:
    current = KeywordVersion.objects.filter(keyword__organization=organization, replaced_at=None)
    return list(current.select_related("keyword__brand").order_by("keyword__brand_id", "pk"))


class MentionsImporter:
    """Mentions that something else has collected."""

    slug = "mentions"
    title = gettext_lazy("Mentions")
    explanation = gettext_lazy(
        "One line a post: its text and when it was published. What one of your keywords fits comes in; choose a "
        "keyword to take every line in. Posts that are here already stay as they are."
    )
    fields: Sequence[Field] = (
        Field(
            name="brand",
            label=gettext_lazy("About which brand"),
            known_as=("brand", "marke", "marca", "marque"),
            is_needed=True,
            always_of=_brands,
        ),
        Field(
            name="text",
            label=gettext_lazy("Text"),
            known_as=(
                "text", "full text", "content", "message", "post", "snippet", "body", "hit sentence", "inhalt",
                "texto", "texte", "testo", "contenu", "isi",
            ),
            is_needed=True,
        ),
        Field(
            name="published",
            label=gettext_lazy("Published"),
            known_as=(
                "published", "published at", "date", "created at", "timestamp", "datum", "veröffentlicht", "fecha",
                "data", "tanggal",
            ),
            is_needed=True,
            is_date=True,
        ),
        TIME_OF_DAY,
        Field(
            name="platform",
            label=gettext_lazy("Platform"),
            known_as=("platform", "network", "source", "source type", "page type", "plattform", "quelle", "red"),
            always=[(platform.slug, platform.name) for platform in platforms()],
            help=gettext_lazy("One that SMEdash does not read, or none at all, counts as “Imported”."),
        ),
        Field(name="community", label=gettext_lazy("Community"), known_as=("community", "subreddit", "group")),
        Field(
            name="id",
            label=gettext_lazy("Id on the platform"),
            known_as=("id", "post id", "mention id", "tweet id", "external id"),
            help=gettext_lazy("With it a post is known again, whatever else changed in its line."),
        ),
        Field(
            name="url",
            label=gettext_lazy("Address"),
            known_as=("address", "url", "link", "permalink", "post url", "adresse", "enlace"),
        ),
        Field(name="title", label=gettext_lazy("Title"), known_as=("title", "headline", "titel", "título", "titre")),
        Field(
            name="author",
            label=gettext_lazy("Author"),
            known_as=("author", "author name", "full name", "name", "autor", "auteur", "autore"),
        ),
        Field(
            name="handle",
            label=gettext_lazy("Handle"),
            known_as=("handle", "username", "screen name", "author handle", "influencer", "benutzername"),
        ),
        Field(
            name="followers",
            label=gettext_lazy("Followers"),
            known_as=("followers", "author followers", "follower", "seguidores", "abonnés", "pengikut"),
        ),
        Field(name="language", label=gettext_lazy("Language"), known_as=("language", "lang", "sprache", "idioma")),
        Field(name="likes", label=gettext_lazy("Likes"), known_as=("likes", "favorites", "reactions")),
        Field(name="replies", label=gettext_lazy("Replies"), known_as=("replies", "comments", "kommentare")),
        Field(name="shares", label=gettext_lazy("Shares"), known_as=("shares", "retweets", "reposts", "boosts")),
        Field(name="quotes", label=gettext_lazy("Quotes"), known_as=("quotes",)),
        Field(name="views", label=gettext_lazy("Views"), known_as=("views", "impressions")),
        Field(
            name="keyword",
            label=gettext_lazy("Keyword"),
            always_of=_keywords,
            help=gettext_lazy("Choose one, and lines come in under it that no keyword fits."),
        ),
    )  # fmt: skip

    def prepare(self, organization: Organization) -> Mapping[str, Any]:
        """Brands and keywords by number and by what they are called, and the organization's own profiles."""
        brands = {
            brand.pk: brand for brand in Brand.objects.filter(organization=organization).order_by("-pk")
        }
        versions = _versions(organization)
        profiles = TrackedProfile.objects.filter(organization=organization, brand__kind=BrandKind.OWN)
        return {
            "brands": {brand.name.casefold(): brand for brand in brands.values()}
            | {str(number): brand for number, brand in brands.items()},
            "keywords": {version.query.casefold(): version for version in versions}
            | {str(version.pk): version for version in versions},
            "platforms": _platform_names(),
            "own": {(profile.platform, normal_handle(profile.handle)) for profile in profiles},
            "listeners": {},
        }

    def read(self, said: Mapping[str, str], key: str, setting: Setting) -> Row:
        said = {name: arm(text) for name, text in said.items()}
        brand = setting.extra["brands"].get(said["brand"].casefold())
        if brand is None:
            raise BadRow(_("You have no brand “%(text)s”.") % {"text": said["brand"]})
        platform = setting.extra["platforms"].get(said["platform"].casefold(), IMPORTED.slug)
        post = _read_post(said, platform, setting)
        version = _read_version(said["keyword"], brand, setting)
        if (platform, normal_handle(post.author.handle)) in setting.extra["own"]:
            raise BadRow(_("You wrote this yourselves: posts of your own profiles are no mentions."))
        listeners = _listeners(platform, brand, setting)
        if version is None and not listeners.catches(post):
            raise BadRow(str(Refusal.UNMATCHED.label) % {"brand": brand.name})
        return Row(platform=platform, brand=brand, post=post, version=version, has_native_id=bool(said["id"]))

    def write(self, items: Sequence[Row], setting: Setting) -> tuple[int, Sequence[tuple[int, str]]]:
        return store_rows(
            rows=items, listeners_of=lambda platform, brand: _listeners(platform, brand, setting)
        )


def _platform_names() -> dict[str, str]:
    known = {
        name.casefold(): platform.slug for platform in platforms() for name in (platform.slug, platform.name)
    }
    return {**_ALSO_CALLED, **known}


def _listeners(platform: str, brand: Brand, setting: Setting) -> Listeners:
    """Looked up once for each file."""
    known: dict[tuple[str, int], Listeners] = setting.extra["listeners"]
    if (platform, brand.pk) not in known:
        known[platform, brand.pk] = listeners_for(platform=platform, brand_ids=[brand.pk])
    return known[platform, brand.pk]


def _read_version(text: str, brand: Brand, setting: Setting) -> int | None:
    if not text:
        return None
    version: KeywordVersion | None = setting.extra["keywords"].get(text.casefold())
    if version is None or version.keyword.brand_id != brand.pk:
        raise BadRow(_("“%(brand)s” has no keyword “%(text)s”.") % {"brand": brand.name, "text": text})
    return version.pk


def _read_post(said: Mapping[str, str], platform: str, setting: Setting) -> Post:
    published_at = _read_moment(said, setting)
    url = said["url"] if said["url"].startswith(_WEB) else ""
    external_id = said["id"] or _made_up_id(said, url, published_at)
    community = said["community"] or (said["platform"] if platform == IMPORTED.slug else "")
    return Post(
        external_id=short_id(external_id),
        url=url,
        text=said["text"],
        title=said["title"],
        published_at=published_at,
        author=_read_author(said, external_id),
        community=community,
        language=said["language"].casefold()[:12] or None,
        engagement=Engagement(**{name: read_number(said[name]) for name in _COUNTS}),
    )


def _made_up_id(said: Mapping[str, str], url: str, published_at: datetime) -> str:
    """The same for the same post, whatever was counted of it meanwhile."""
    if url and len(url) < 900:
        return f"url:{url}"
    words = "\x1f".join(
        (url, said["handle"] or said["author"], published_at.isoformat(), said["title"], said["text"])
    )
    return f"hash:{hashlib.sha256(words.encode(errors='replace')).hexdigest()}"


def _read_author(said: Mapping[str, str], external_id: str) -> Author:
    """Nobody knows whether two posts without an author are of one person: each has its own."""
    handle, name = said["handle"].removeprefix("@"), said["author"]
    return Author(
        external_id=short_id(normal_handle(handle) or name or f"of {external_id}", LONGEST_SHORT_ID),
        handle=handle,
        name=name,
        followers=read_number(said["followers"]),
    )


def _read_moment(said: Mapping[str, str], setting: Setting) -> datetime:
    words = f"{said['published']} {said['clock']}".strip()
    try:
        moment = parse_moment(
            said["published"], setting.order, setting.zone, clock=said["clock"], default=_NOON
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRow(_("“%(text)s” is no day we can read.") % {"text": words}) from None
    if not moment >= EARLIEST or moment.astimezone(setting.zone).date() > _today(setting):
        raise BadRow(_("This day is in the future, or before the year 2000."))
    return min(moment, timezone.now())


def _today(setting: Setting) -> date:
    return timezone.now().astimezone(setting.zone).date()
