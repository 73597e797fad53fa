"""A profile of ours, with its two sources: its numbers and its posts."""

from __future__ import annotations

import pytest

from accounts.models import Organization
from monitoring.listening.models import Source, SourceKind, TrackedProfile
from tests.audience.profile_on_paper import follow, make_profile_source


@pytest.fixture
def numbers(db: None) -> Source:
    return make_profile_source(SourceKind.PROFILE)


@pytest.fixture
def posts(db: None) -> Source:
    return make_profile_source(SourceKind.POSTS)


@pytest.fixture
def profile(organization: Organization, numbers: Source, posts: Source) -> TrackedProfile:
    follow(organization, numbers)
    return follow(organization, posts)
