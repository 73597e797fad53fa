"""Who speaks about the market, the most influential first: read from the lists that `listening.ranking` makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from accounts.models import Organization
from monitoring.listening.authors.influence import Influence
from monitoring.listening.authors.ranking import DAYS
from monitoring.listening.models import AuthorRanking, BrandKind, RankedAuthor

SHOWN: Final = 50
USUAL_DAYS: Final = 90


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which list. An empty kind or platform is any."""

    days: int = USUAL_DAYS
    kind: str = ""
    platform: str = ""


@dataclass(frozen=True)
class Influencer:
    ranked: RankedAuthor
    brands: tuple[str, ...]  # whom they spoke about, by name

    @property
    def name(self) -> str:
        mention = self.ranked.mention
        return mention.author_name or mention.author_handle or mention.author_key.partition(":")[2]

    @property
    def handle(self) -> str:
        handle = self.ranked.mention.author_handle
        return handle if handle != self.name else ""

    @property
    def neutral(self) -> int:
        return self.ranked.mentions - self.ranked.positive - self.ranked.negative

    @property
    def influence(self) -> Influence:
        """The same sum once more, with its parts."""
        return Influence(
            followers=self.ranked.followers,
            mentions=self.ranked.mentions,
            interactions=self.ranked.interactions,
        )


@dataclass(frozen=True)
class InfluencerPage:
    influencers: list[Influencer]
    next_cursor: str  # "" on the last page


def read_wanted(*, days: str, kind: str, platform: str, platforms: Sequence[str]) -> Wanted:
    """What an address names; whatever it names wrongly is not asked for."""
    return Wanted(
        days=next((each for each in DAYS if str(each) == days), USUAL_DAYS),
        kind=kind if kind in BrandKind.values else "",
        platform=platform if platform in platforms else "",
    )


def ranked_at(*, organization: Organization) -> datetime | None:
    """When the lists were made; None before the first time."""
    ranking = AuthorRanking.objects.filter(pk=organization.pk).first()
    return ranking.ranked_at if ranking else None


def page_of_influencers(
    *, organization: Organization, names: dict[int, str], wanted: Wanted, after: str = ""
) -> InfluencerPage:
    """`names` are those of the brands. `after` is the cursor of the page before."""
    ranked = _ranked(organization, wanted)
    position = _read_cursor(after)
    if position:
        influence, number = position
        ranked = ranked.filter(Q(influence__lt=influence) | Q(influence=influence, id__lt=number))
    rows = list(ranked[: SHOWN + 1])
    last = rows[SHOWN - 1] if len(rows) > SHOWN else None
    return InfluencerPage(
        [_influencer(row, names) for row in rows[:SHOWN]],
        next_cursor=f"{last.influence!r}_{last.pk}" if last else "",
    )


def every_influencer(
    *, organization: Organization, names: dict[int, str], wanted: Wanted
) -> Iterator[Influencer]:
    for row in _ranked(organization, wanted).iterator(chunk_size=500):
        yield _influencer(row, names)


def _ranked(organization: Organization, wanted: Wanted) -> QuerySet[RankedAuthor]:
    """Whom somebody muted since, and whose mention is gone, is left out."""
    ranked = RankedAuthor.objects.filter(
        organization=organization, days=wanted.days, kind=wanted.kind, mention__is_counted=True
    )
    if wanted.platform:
        ranked = ranked.filter(platform=wanted.platform)
    return ranked.select_related("mention").defer("mention__search").order_by("-influence", "-id")


def _influencer(row: RankedAuthor, names: dict[int, str]) -> Influencer:
    return Influencer(row, tuple(names[brand] for brand in row.brands if brand in names))


def _read_cursor(text: str) -> tuple[float, int] | None:
    influence, _line, number = text.partition("_")
    try:
        return float(influence), int(number)
    except (ValueError, OverflowError):
        return None
