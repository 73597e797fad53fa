"""Rank the authors who speak about an organization's market: once a day, in one pass over the mentions.

Pages read only what this wrote. A list is kept for each length of time, for each kind of brand and for all of them, and
within it for each platform: the first of all platforms are among the first of each. Small organizations, and those that
have just begun, are ranked every hour, because their lists change with every mention.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organization
from monitoring.listening.authors.influence import SCORE_IN_SQL
from monitoring.listening.models import AuthorRanking, Brand, RankedAuthor

DAYS: Final = (30, 90, 365)
KEPT: Final = 200  # authors of each list
RANKED_EVERY: Final = timedelta(days=1)
SMALL: Final = 1_000  # mentions
SMALL_RANKED_EVERY: Final = timedelta(hours=1)
AT_ONCE: Final = 200  # organizations of one task

# One pass over the mentions, whose age says in which of the lengths of time they count. Grouped by brand first: of
# millions of mentions, only what one author said about one brand is left to add up.
_RANK_BY: Final = """
    with said as materialized (
        select platform, author_key, brand_id,
            (published_at < %(middle)s)::int + (published_at < %(short)s)::int as age,
            count(*) as mentions, count(*) filter (where tone = 1) as positive,
            count(*) filter (where tone = -1) as negative, sum(interactions)::bigint as interactions,
            max(author_followers) as followers, max(id) as latest
        from listening_mention
        where brand_id = any(%(brands)s::bigint[]) and published_at >= %(long)s and is_counted
        group by platform, author_key, brand_id, age
    ), spoke as materialized (
        select days, platform, author_key, brand_id, sum(mentions)::bigint as mentions,
            sum(positive)::bigint as positive, sum(negative)::bigint as negative,
            sum(interactions)::bigint as interactions, max(followers) as followers, max(latest) as latest
        from said join unnest(%(days)s::int[]) with ordinality length (days, place) on age < place
        group by days, platform, author_key, brand_id
    ), summed as (
        select days, coalesce(kind, '') as kind, platform, author_key, sum(mentions)::bigint as mentions,
            sum(positive)::bigint as positive, sum(negative)::bigint as negative,
            sum(interactions)::bigint as interactions, max(followers) as followers, max(latest) as latest
        from spoke join listening_brand brand on brand.id = brand_id
        group by grouping sets ((days, kind, platform, author_key), (days, platform, author_key))
    ), scored as (
        select *, {score} as influence from summed
    ), first as (
        select * from (
            select *, row_number() over (
                partition by days, kind, platform order by influence desc, latest desc) as place
            from scored) placed
        where place <= %(kept)s
    ), about as (
        select days, first.kind, first.author_key,
            array_agg(brand_id order by spoke.mentions desc, brand_id) as brands
        from first join spoke using (days, author_key) join listening_brand brand on brand.id = brand_id
        where first.kind in ('', brand.kind)
        group by 1, 2, 3
    )
    insert into listening_rankedauthor (organization_id, days, kind, platform, mention_id, followers, mentions,
        positive, negative, interactions, influence, brands)
    select %(organization)s, days, kind, platform, latest, followers, mentions, positive, negative, interactions,
        influence, brands
    from first join about using (days, kind, author_key)
"""
_RANK: Final = _RANK_BY.format(score=SCORE_IN_SQL)


def due_for_ranking(*, now: datetime) -> list[int]:
    """Organizations with brands whose lists are missing or too old."""
    old = Q(author_ranking=None) | Q(author_ranking__ranked_at=None)
    old |= Q(author_ranking__ranked_at__lt=now - RANKED_EVERY)
    old |= Q(author_ranking__mentions__lt=SMALL, author_ranking__ranked_at__lt=now - SMALL_RANKED_EVERY)
    with_brands = Brand.objects.values("organization")
    due = Organization.objects.filter(old, pk__in=with_brands, delete_at=None)
    return list(due.order_by("author_ranking__ranked_at", "pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def rank_authors(*, organization_id: int, now: datetime | None = None) -> int:
    """Make an organization's lists anew. Returns how many entries they have. Two that rank the same take turns."""
    now = now or timezone.now()
    AuthorRanking.objects.bulk_create([AuthorRanking(organization_id=organization_id)], ignore_conflicts=True)
    ranking = AuthorRanking.objects.select_for_update().get(pk=organization_id)
    brands = list(Brand.objects.filter(organization=organization_id).values_list("pk", flat=True))
    RankedAuthor.objects.filter(organization=organization_id).delete()
    written = _rank(organization_id, brands, now)
    ranking.ranked_at, ranking.mentions = now, _count(brands, now)
    ranking.save(update_fields=["ranked_at", "mentions"])
    return written


def _rank(organization_id: int, brands: list[int], now: datetime) -> int:
    short, middle, long = (now - timedelta(days=days) for days in DAYS)
    parameters: dict[str, int | datetime | list[int]] = {
        "organization": organization_id,
        "brands": brands,
        "days": list(DAYS),
        "short": short,
        "middle": middle,
        "long": long,
        "kept": KEPT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANK, parameters)
        written: int = cursor.rowcount
    return written


def _count(brands: list[int], now: datetime) -> int:
    """From the counts by day: to the day is near enough to tell small from large."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(mentions), 0)::bigint from listening_mentionday"
            " where brand_id = any(%s::bigint[]) and day >= %s",
            [brands, (now - timedelta(days=max(DAYS))).date()],
        )
        (mentions,) = cursor.fetchone()
    return int(mentions)
