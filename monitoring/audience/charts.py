"""What the charts of the audience page show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from monitoring.audience.selectors.followers import Followers
from monitoring.lib.periods import Period


def gains_together(followers: Iterable[Followers], buckets: int) -> list[int | None]:
    """What each bucket brought to several profiles, as far as these were read. None where none of them was."""
    gains: list[int | None] = [None] * buckets
    for profile in followers:
        for place, gain in enumerate(profile.gains):
            if place >= _begins(profile) and gain is not None:
                gains[place] = (gains[place] or 0) + gain
    return gains


def unread_gains(profiles: Iterable[tuple[str, Followers]], period: Period) -> dict[date, set[str]]:
    """By day, on which platforms a profile that had been read before was not read: its gain is not known."""
    unread: dict[date, set[str]] = {}
    buckets = period.each_bucket()
    for platform, followers in profiles:
        begins = _begins(followers)
        silent = {
            bucket
            for place, (bucket, gain) in enumerate(zip(buckets, followers.gains, strict=True))
            if gain is None and place >= begins
        }
        for day in period.each_day():
            if period.bucket_of(day) in silent:
                unread.setdefault(day, set()).add(platform)
    return unread


def _begins(profile: Followers) -> int:
    """The first bucket for which a gain can be known: the first reading only says where we begin."""
    if profile.before is not None and profile.first_known == 0:
        return 0
    return len(profile.history) if profile.first_known is None else profile.first_known + 1
