"""One author, as an organization knows them: what it stores, and what it would hand out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Min, Q, QuerySet

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.listening.forgetting.erased_authors import normal_handle
from monitoring.listening.models import BrandKind, Mention, TrackedProfile
from monitoring.platforms.registry import connector_class, platform_of

_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Author:
    """By the platform's own id where we know it, or else by the handle. `key` is empty where nothing is stored."""

    platform: str
    handle: str
    key: str = ""

    @property
    def external_id(self) -> str:
        return self.key.removeprefix(f"{self.platform}:")

    @property
    def is_vague(self) -> bool:
        """Nobody we know, and a name that each of the platform's many servers may give to somebody else."""
        platform = platform_of(self.platform)
        has_servers = platform.many_servers and not platform.servers_are_read_whole
        return not self.key and has_servers and "@" not in self.handle

    @property
    def hint(self) -> str:
        """Enough to tell two erasures apart, and too little to find anybody."""
        name = platform_of(self.platform).name
        return f"{normal_handle(self.handle)[:2]}… · {name}"[:40]


@dataclass(frozen=True, kw_only=True)
class StoredAbout:
    """What would go."""

    author: Author
    mentions: int
    profiles: int
    published: int  # posts of profiles that are watched
    examples: list[Mention]
    is_ours: bool  # one of the organization's own profiles

    @property
    def is_nothing(self) -> bool:
        return not (self.mentions or self.profiles)


def author_of(mention: Mention) -> Author:
    return Author(platform=mention.platform, handle=mention.author_handle, key=mention.author_key)


def find_author(*, organization: Organization, platform: str, handle: str) -> Author:
    """Whoever has that handle or id. Of several that had the handle, the one who spoke last."""
    wanted = _handle_in(platform, handle)
    mentions = Mention.objects.filter(organization=organization, platform=platform, deleted_at=None)
    named = Q(author_handle__iexact=wanted) | Q(author_key=f"{platform}:{handle.strip()}")
    found = mentions.filter(named).order_by("-published_at", "-pk").first()
    if found is not None:
        return author_of(found)
    profile = _profiles(organization, platform).filter(handle__iexact=wanted).exclude(external_id="").first()
    key = f"{platform}:{profile.external_id}" if profile else ""
    return Author(platform=platform, handle=wanted, key=key)


def _handle_in(platform: str, pasted: str) -> str:
    """As posts name their author: people also paste the address of a profile."""
    handle = pasted.strip().removeprefix("@")
    link = connector_class(platform).recognize(handle) if "/" in handle else None
    return link.handle.removeprefix("@") if link else handle


def mentions_by(*, organization: Organization, author: Author) -> QuerySet[Mention]:
    """Found by the index that begins with the brand."""
    brands = list(organization.brands.values_list("pk", flat=True))
    if not author.key:
        return Mention.objects.none()
    return Mention.objects.filter(brand_id__in=brands, author_key=author.key)


def profiles_of(*, organization: Organization, author: Author) -> QuerySet[TrackedProfile]:
    """Profiles of somebody else that are watched and belong to the author. One's own stay."""
    return _named(_profiles(organization, author.platform), author).exclude(brand__kind=BrandKind.OWN)


def stored_about(*, organization: Organization, author: Author) -> StoredAbout:
    mentions = mentions_by(organization=organization, author=author)
    profiles = profiles_of(organization=organization, author=author)
    ours = _profiles(organization, author.platform).filter(brand__kind=BrandKind.OWN)
    return StoredAbout(
        author=author,
        mentions=mentions.count(),
        profiles=profiles.count(),
        published=PublishedPost.objects.filter(profile__in=profiles).count(),
        examples=list(mentions.filter(deleted_at=None).order_by("-published_at")[:_SHOWN]),
        is_ours=_named(ours, author).exists(),
    )


def export_about(*, organization: Organization, author: Author) -> dict[str, object]:
    """Everything that is stored about an author, for them to read."""
    mentions = mentions_by(organization=organization, author=author).filter(deleted_at=None)
    first = mentions.aggregate(first=Min("collected_at"))["first"]
    return {
        "organization": organization.name,
        "platform": author.platform,
        "author": author.handle,
        "stored_since": first.isoformat() if first else None,
        "posts": list(_posts(mentions.order_by("published_at", "pk"))),
        "watched_profiles": list(
            profiles_of(organization=organization, author=author).values("platform", "handle", "name", "url")
        ),
    }


def _posts(mentions: QuerySet[Mention]) -> Iterator[dict[str, object]]:
    columns = (
        "url", "title", "text", "author_handle", "author_name", "author_url", "author_followers", "published_at",
        "collected_at", "edited_at", "language", "tone", "hashtags", "handles", "links", "terms",
        "likes", "replies", "shares", "quotes", "views",
    )  # fmt: skip
    yield from mentions.values(*columns).iterator(1000)


def _profiles(organization: Organization, platform: str) -> QuerySet[TrackedProfile]:
    return TrackedProfile.objects.filter(organization=organization, platform=platform)


def _named(profiles: QuerySet[TrackedProfile], author: Author) -> QuerySet[TrackedProfile]:
    known = Q(handle__iexact=author.handle) if author.handle else Q(pk=None)
    return profiles.filter(known | (Q(external_id=author.external_id) if author.key else Q(pk=None)))
