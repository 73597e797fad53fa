"""Who listens at a source, and which of its posts they want."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitoring.analysis.matching import Document, Matcher
from monitoring.analysis.queries import QueryError, parse
from monitoring.analysis.understanding import Understanding, understand_many
from monitoring.listening.collecting.found import Found
from monitoring.listening.models import BrandKind, KeywordVersion, Mention, TrackedProfile
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

    def find(self, posts: Iterable[Post]) -> list[Found]:
        """The posts that somebody listens for, and edited ones that stopped matching."""
        return self.mentions_among(self.hear(posts))

    def hear(self, posts: Iterable[Post]) -> Heard:
        """Hold posts against the keywords, and understand those that match. Asks no database."""
        unique = {post.external_id: post for post in posts}
        known = understand_posts(unique.values()) if self.matcher.needs_language else {}
        documents = [self._document(post, known.get(key)) for key, post in unique.items()]
        groups = [self._group(versions) for versions in self.matcher.match_many(documents)]
        matching = [post for post, group in zip(unique.values(), groups, strict=True) if group]
        return Heard(
            by=self,
            posts=unique,
            groups=dict(zip(unique, groups, strict=True)),
            understood=known or understand_posts(matching),
        )

    def catches(self, post: Post) -> bool:
        """Whether a keyword may fit. Asks no database and understands nothing: what depends on that is left open."""
        return self.matcher.needs_language or any(self.matcher.match_many([self._document(post, None)]))

    def mentions_among(self, heard: Heard) -> list[Found]:
        """What `find` gives, of posts that these listeners have heard already."""
        wanted = self._wanted(heard)
        others = {key for key, _listener, _versions in wanted} - heard.understood.keys()
        understood = {**heard.understood, **understand_posts(heard.posts[key] for key in others)}
        return [
            Found(
                organization_id=listener.organization_id,
                brand_id=listener.brand_id,
                post=heard.posts[key],
                versions=versions,
                understanding=understood[key],
            )
            for key, listener, versions in wanted
        ]

    @property
    def brand_ids(self) -> set[int]:
        return {listener.brand_id for listener in self.brands.values()}

    def _group(self, versions: Iterable[int]) -> dict[Listener, tuple[int, ...]]:
        grouped: dict[Listener, tuple[int, ...]] = {}
        for version in versions:
            listener = self.brands[version]
            grouped[listener] = (*grouped.get(listener, ()), version)
        return grouped

    def _wanted(self, heard: Heard) -> list[tuple[str, Listener, tuple[int, ...]]]:
        """Which post belongs to whom, and why: because of these keyword versions, or of none any more."""
        brands = len(self.brand_ids)
        matched = [
            (key, listener, versions)
            for key, group in heard.groups.items()
            for listener, versions in group.items()
            if heard.posts[key].author.external_id not in self.own_authors.get(listener.organization_id, ())
        ]
        taken = {(listener.brand_id, key) for key, listener, _versions in matched}
        lacking = [key for key, group in heard.groups.items() if len(group) < brands]
        return matched + [
            (key, listener, ())
            for key, listener in self._known(lacking)
            if (listener.brand_id, key) not in taken
        ]

    def _known(self, external_ids: Sequence[str]) -> list[tuple[str, Listener]]:
        """Which of these posts are stored already, and for whom."""
        if not external_ids:
            return []
        stored = Mention.objects.filter(
            brand_id__in=self.brand_ids, platform=self.platform, external_id__in=external_ids, deleted_at=None
        ).values_list("external_id", "organization_id", "brand_id")
        return [(key, Listener(organization_id, brand_id)) for key, organization_id, brand_id in stored]

    def _document(self, post: Post, known: Understanding | None) -> Document:
        return Document(
            text=post.text,
            title=post.title,
            language=known.language if known else post.language,
            platform=self.platform,
            author_handle=post.author.handle,
            author_followers=post.author.followers,
        )


@dataclass(frozen=True)
class Heard:
    """Posts by their external ids, who listens for them, and the understanding of those that somebody does."""

    by: Listeners
    posts: Mapping[str, Post]
    groups: Mapping[str, Mapping[Listener, tuple[int, ...]]]
    understood: Mapping[str, Understanding]


def understand_posts(posts: Iterable[Post]) -> dict[str, Understanding]:
    """Understand posts; the keys are their external ids."""
    posts = list(posts)
    found = understand_many(map(_whole_text, posts), [post.language for post in posts])
    return dict(zip([post.external_id for post in posts], found, strict=True))


def listeners_for(*, platform: str, brand_ids: Iterable[int]) -> Listeners:
    """The listeners among these brands, with their current keywords."""
    rows = (
        KeywordVersion.objects.filter(
            keyword__brand_id__in=sorted(set(brand_ids)),
            replaced_at=None,
            keyword__paused_at=None,
            keyword__organization__delete_at=None,
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
