"""Who listens at a source, and which of its posts they want."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitoring.analysis.matching import Document, Matcher
from monitoring.analysis.queries import QueryError, parse
from monitoring.analysis.understanding import Understanding, understand
from monitoring.listening.models import BrandKind, KeywordVersion, Mention, TrackedProfile
from monitoring.listening.storing import Found
from monitoring.platforms.types import Post


@dataclass(frozen=True)
class Listener:
    organization_id: int
    brand_id: int


@dataclass(frozen=True)
class Listeners:
    """The brands listening at a source. Every post is held against all keywords of each of them, whichever
    keyword asked for the source: so a mention always names everything it matches."""

    platform: str
    brands: dict[int, Listener]  # by keyword version
    matcher: Matcher
    own_authors: dict[int, frozenset[str]]  # an organization's own profiles: their posts are no mentions

    def find(self, posts: Sequence[Post]) -> list[Found]:
        """The posts that somebody listens for, and edited ones that stopped matching."""
        understood = [self._understanding(post) if self.matcher.needs_language else None for post in posts]
        documents = [self._document(post, known) for post, known in zip(posts, understood, strict=True)]
        found: list[Found] = []
        unmatched: dict[str, Post] = {}
        for post, known, versions in zip(posts, understood, self.matcher.match_many(documents), strict=True):
            listeners = self._group(versions)
            if listeners:
                understanding = known or self._understanding(post)
                found.extend(self._found(post, understanding, listeners))
            if len(listeners) < len(self.brand_ids):
                unmatched[post.external_id] = post
        return found + self._known_but_unmatched(
            unmatched, {(item.brand_id, item.post.external_id) for item in found}
        )

    @property
    def brand_ids(self) -> set[int]:
        return {listener.brand_id for listener in self.brands.values()}

    def _group(self, versions: Iterable[int]) -> dict[Listener, tuple[int, ...]]:
        grouped: dict[Listener, tuple[int, ...]] = {}
        for version in versions:
            listener = self.brands[version]
            grouped[listener] = (*grouped.get(listener, ()), version)
        return grouped

    def _found(
        self, post: Post, understanding: Understanding, listeners: dict[Listener, tuple[int, ...]]
    ) -> Iterable[Found]:
        for listener, versions in listeners.items():
            if post.author.external_id in self.own_authors.get(listener.organization_id, ()):
                continue
            yield Found(
                organization_id=listener.organization_id,
                brand_id=listener.brand_id,
                post=post,
                versions=versions,
                understanding=understanding,
            )

    def _known_but_unmatched(
        self, posts: dict[str, Post], matched: Collection[tuple[int, str]]
    ) -> list[Found]:
        known = Mention.objects.filter(
            brand_id__in=self.brand_ids, platform=self.platform, external_id__in=list(posts), deleted_at=None
        ).values_list("organization_id", "brand_id", "external_id")
        return [
            Found(
                organization_id=organization_id,
                brand_id=brand_id,
                post=posts[external_id],
                versions=(),
                understanding=self._understanding(posts[external_id]),
            )
            for organization_id, brand_id, external_id in (known if posts else ())
            if (brand_id, external_id) not in matched
        ]

    def _understanding(self, post: Post) -> Understanding:
        return understand(_whole_text(post), language=post.language)

    def _document(self, post: Post, known: Understanding | None) -> Document:
        return Document(
            text=post.text,
            title=post.title,
            language=known.language if known else post.language,
            platform=self.platform,
            author_handle=post.author.handle,
            author_followers=post.author.followers,
        )


def listeners_for(*, platform: str, brand_ids: Iterable[int]) -> Listeners:
    """The listeners among these brands, with their current keywords."""
    rows = (
        KeywordVersion.objects.filter(
            keyword__brand_id__in=sorted(set(brand_ids)), replaced_at=None, keyword__paused_at=None
        )
        .order_by("id")
        .values_list("id", "query", "keyword__brand_id", "keyword__organization_id", "keyword__platforms")
    )
    wanted = [row for row in rows if not row[4] or platform in row[4]]
    return Listeners(
        platform=platform,
        brands={
            version: Listener(organization, brand) for version, _query, brand, organization, _on in wanted
        },
        matcher=_matcher(tuple((version, query) for version, query, *_rest in wanted)),
        own_authors=_own_authors(
            platform, {organization for _version, _query, _brand, organization, _on in wanted}
        ),
    )


@lru_cache(maxsize=64)
def _matcher(queries: tuple[tuple[int, str], ...]) -> Matcher:
    parsed = {}
    for version, text in queries:
        try:
            parsed[version] = parse(text)
        except QueryError:  # the language became stricter since this was saved: the keyword's page says so
            continue
    return Matcher(parsed)


def _own_authors(platform: str, organization_ids: set[int]) -> dict[int, frozenset[str]]:
    profiles = (
        TrackedProfile.objects.filter(
            organization_id__in=organization_ids, platform=platform, brand__kind=BrandKind.OWN
        )
        .exclude(external_id="")
        .values_list("organization_id", "external_id")
    )
    grouped: dict[int, frozenset[str]] = {}
    for organization_id, external_id in profiles:
        grouped[organization_id] = grouped.get(organization_id, frozenset()) | {external_id}
    return grouped


def _whole_text(post: Post) -> str:
    return f"{post.title}\n{post.text}" if post.title else post.text
