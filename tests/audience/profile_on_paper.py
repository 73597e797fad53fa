"""A platform with one profile that a test writes down: a real connector that reads from a list instead of a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Organization
from monitoring.audience.collecting import collect_profile
from monitoring.listening.collecting.claiming import claim_source
from monitoring.listening.models import (
    Brand,
    BrandKind,
    Outcome,
    Source,
    SourceKind,
    Subscription,
    TrackedProfile,
)
from monitoring.platforms.connector import Connector
from monitoring.platforms.types import Access, Capability, Cursor, Page, Platform, Post, Profile
from tests.listening.platform_of_lists import NOW

HALDEN = Profile(
    external_id="did:halden",
    handle="halden.example",
    name="Halden Coffee",
    url="https://example.com/halden",
    followers=120,
    following=30,
    posts=8,
)


@dataclass
class ProfileOnPaper:
    """What the platform would answer, and what it was asked. Posts are newest first, as everywhere."""

    profile: Profile = HALDEN
    posts: Sequence[Post] = ()
    page_size: int = 2
    errors: list[Exception] = field(default_factory=list)
    requests: list[tuple[str, Cursor | None]] = field(default_factory=list)

    def open(self, *, platform: str, server: str = "", account: object = None) -> Connector:
        described = self
        facts = Platform(
            slug=platform,
            name="Paper",
            short_name="PA",
            color="#000000",
            home="",
            capabilities={Capability.READ_PROFILE: Access.OPEN, Capability.LIST_POSTS: Access.OPEN},
            price_per_post=Decimal(0),
        )

        class PaperConnector(Connector):
            platform = facts

            def __init__(self) -> None:
                self.credentials = {}

            def read_profile(self, handle: str) -> Profile:
                described.note(handle, None)
                return described.profile

            def list_posts(self, handle: str, cursor: Cursor | None = None) -> Page[Post]:
                described.note(handle, cursor)
                start = int(cursor or 0)
                end = start + described.page_size
                more = len(described.posts) > end
                return Page(items=tuple(described.posts[start:end]), next_cursor=str(end) if more else None)

        return PaperConnector()

    def note(self, handle: str, cursor: Cursor | None) -> None:
        self.requests.append((handle, cursor))
        if self.errors:
            raise self.errors.pop(0)

    def collect(self, source: Source) -> Outcome:
        """One run, as a worker does it."""
        claim = claim_source(source.pk)
        assert claim
        return collect_profile(claim, open_=self.open)


def follow(
    organization: Organization,
    source: Source,
    *,
    kind: BrandKind = BrandKind.OWN,
    name: str = "Halden Coffee",
) -> TrackedProfile:
    """A brand's profile, subscribed to the source."""
    brand, _created = Brand.objects.get_or_create(
        organization=organization, name=name, defaults={"kind": kind}
    )
    profile, _created = TrackedProfile.objects.get_or_create(
        organization=organization, brand=brand, platform=source.platform, handle=source.query
    )
    Subscription.objects.create(organization=organization, source=source, profile=profile, backfilled_at=NOW)
    return profile


def make_profile_source(kind: SourceKind, **fields: Any) -> Source:
    return Source.objects.create(
        platform="bluesky",
        kind=kind,
        query="halden.example",
        due_at=NOW,
        interval=timedelta(minutes=15),
        **fields,
    )
