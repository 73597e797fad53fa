"""What a collection hands to whoever stores it."""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.analysis.understanding import Understanding
from monitoring.platforms.types import Post


@dataclass(frozen=True, kw_only=True)
class Found:
    """A post that a brand listens for, understood. `versions` is empty when an edited post stopped matching."""

    organization_id: int
    brand_id: int
    post: Post
    versions: tuple[int, ...]
    understanding: Understanding
