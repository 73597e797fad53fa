"""What the charts of the audience page show."""

from __future__ import annotations

from collections.abc import Iterable

from monitoring.audience.selectors.followers import Followers


def gains_together(followers: Iterable[Followers], buckets: int) -> list[int | None]:
    """What each bucket brought to several profiles. None where one that had been read before was not read."""
    gains: list[int | None] = [0] * buckets
    known = [False] * buckets
    for profile in followers:
        begins = _begins(profile)
        for place, gain in enumerate(profile.gains):
            if place < begins:
                continue
            known[place] = True
            total = gains[place]
            gains[place] = None if gain is None or total is None else total + gain
    return [gain if is_known else None for gain, is_known in zip(gains, known, strict=True)]


def _begins(profile: Followers) -> int:
    """The first bucket for which a gain can be known: the first reading only says where we begin."""
    if profile.before is not None and profile.first_known == 0:
        return 0
    return len(profile.history) if profile.first_known is None else profile.first_known + 1
