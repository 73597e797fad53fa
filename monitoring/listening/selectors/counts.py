"""How many mentions, by day, platform, language and tone: read from the rollups, never from the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, Mention, MentionDay, TermDay, TermKind
from monitoring.listening.storing import SAMPLED_AUTHORS

EXACT_AUTHORS_UP_TO = 20_000  # mentions; beyond, one author in sixteen is counted


@dataclass(frozen=True)
class Volume:
    """Mentions of one day, or of a whole period."""

    mentions: int = 0
    positive: int = 0
    neutral: int = 0
    negative: int = 0
    questions: int = 0
    interactions: int = 0
    followers: int = 0

    def __add__(self, other: Volume) -> Volume:
        return Volume(*(getattr(self, name) + getattr(other, name) for name in _COUNTS))


@dataclass(frozen=True)
class Share:
    """One platform's, language's or term's part of the mentions."""

    name: str
    mentions: int
    positive: int
    negative: int


@dataclass(frozen=True)
class Estimate:
    number: int
    is_exact: bool


_COUNTS = ("mentions", "positive", "neutral", "negative", "questions", "interactions", "followers")
_SUMS = tuple(f"{name}__sum" for name in _COUNTS)
_SHARED = {"total": Sum("mentions"), "total_positive": Sum("positive"), "total_negative": Sum("negative")}


def volume_by_day(*, brands: Iterable[Brand], period: Period) -> dict[date, Volume]:
    """The days on which somebody spoke. A missing day is zero where sources were covered, unknown elsewhere."""
    sums = [Sum(name) for name in _COUNTS]
    rows = _days(brands, period).order_by("day").values("day").annotate(*sums).values_list("day", *_SUMS)
    return {day: Volume(*counts) for day, *counts in rows}


def shares_by(*, field: str, brands: Iterable[Brand], period: Period) -> list[Share]:
    """The mentions of a period by platform or language, the largest part first."""
    rows = _days(brands, period).order_by().values(field).annotate(**_SHARED)
    shares = [Share(*row) for row in rows.values_list(field, *_SHARED)]
    return sorted(
        (share for share in shares if share.mentions), key=lambda share: (-share.mentions, share.name)
    )


def mentions_by_brand(*, brands: Iterable[Brand], period: Period) -> dict[int, int]:
    """How much each brand is spoken about, by its id."""
    rows = _days(brands, period).order_by().values("brand_id").annotate(total=Sum("mentions"))
    return dict(rows.values_list("brand_id", "total"))


def top_terms(*, kind: TermKind, brand: Brand, period: Period, limit: int = 10) -> list[Share]:
    days = TermDay.objects.filter(brand_id=brand.pk, day__range=(period.first, period.last), kind=kind)
    totals = (
        days.order_by()
        .values("term")
        .annotate(total=Sum("mentions"), praise=Sum("positive"), complaint=Sum("negative"))
    )
    rows = totals.order_by("-total", "term").values_list("term", "total", "praise", "complaint")[:limit]
    return [Share(*row) for row in rows if row[1]]


def count_authors(*, brand: Brand, period: Period, mentions: int) -> Estimate:
    """How many different people spoke. `mentions` is the known number of mentions in the period."""
    authors = Mention.objects.filter(
        organization_id=brand.organization_id,
        brand=brand,
        published_at__gte=period.starts_at,
        published_at__lt=period.ends_at,
        deleted_at=None,
    )
    if mentions <= EXACT_AUTHORS_UP_TO:
        return Estimate(authors.values("author_key").distinct().count(), is_exact=True)
    sampled = authors.filter(author_in_sample=True).values("author_key").distinct().count()
    return Estimate(sampled * SAMPLED_AUTHORS, is_exact=False)


def _days(brands: Iterable[Brand], period: Period) -> QuerySet[MentionDay]:
    ids = [brand.pk for brand in brands]
    return MentionDay.objects.filter(brand_id__in=ids, day__range=(period.first, period.last))
