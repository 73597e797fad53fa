"""Recount mentions from the rows: after a change of time zone, and to prove that the triggers count right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from accounts.models import Organization
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import Brand
from monitoring.listening.models.rollups import LONGEST_COUNTED_LINK

_TONES = (
    "count(*) filter (where tone = 1), count(*) filter (where tone = 0), count(*) filter (where tone = -1)"
)
_DAY = "(published_at at time zone time_zone)::date"
_FROM = (
    "from listening_mention mention "
    "join accounts_organization organization on organization.id = organization_id"
)
_WHERE = "where organization_id = %(organization)s and is_counted"


@dataclass(frozen=True)
class Rollup:
    table: str
    key: tuple[str, ...]
    counts: tuple[str, ...]
    recount: str


ROLLUPS = (
    Rollup(
        table="listening_mentionday",
        key=("organization_id", "brand_id", "day", "platform", "language"),
        counts=("mentions", "positive", "neutral", "negative", "questions", "interactions", "followers"),
        recount=f"select organization_id, brand_id, {_DAY}, platform, mention.language, count(*), {_TONES}, "
        "count(*) filter (where is_question), sum(interactions), sum(coalesce(author_followers, 0)) "
        f"{_FROM} {_WHERE} group by 1, 2, 3, 4, 5",
    ),
    Rollup(
        table="listening_mentionhour",
        key=("organization_id", "brand_id", "hour"),
        counts=("mentions", "positive", "neutral", "negative", "interactions"),
        recount="select organization_id, brand_id, date_trunc('hour', published_at, time_zone), count(*), "
        f"{_TONES}, sum(interactions) {_FROM} {_WHERE} group by 1, 2, 3",
    ),
    Rollup(
        table="listening_termday",
        key=("organization_id", "brand_id", "day", "kind", "term"),
        counts=("mentions", "positive", "neutral", "negative"),
        recount=f"select organization_id, brand_id, {_DAY}, kind, term, count(*), {_TONES} {_FROM} cross join lateral "
        "(select 'hashtag' as kind, unnest(hashtags) as term union all select 'term', unnest(terms) "
        "union all select 'keyword', unnest(keyword_versions)::text "
        "union all select 'link', link from unnest(links) link "
        f"where length(link) <= {LONGEST_COUNTED_LINK} "
        "union all select 'community', community where community <> '') spoken "
        f"{_WHERE} group by 1, 2, 3, 4, 5",
    ),
)


def rebuild_rollups(*, organization: Organization) -> None:
    """Count all mentions of an organization anew. Writers wait meanwhile; readers see the old counts."""
    rebuild(ROLLUPS, organization=organization)


def miscounted_rows(*, organization: Organization) -> int:
    """How many rows of the rollups differ from a recount. Zero, always."""
    return count_miscounted(ROLLUPS, organization=organization)


@transaction.atomic
def rebuild(rollups: Iterable[Rollup], *, organization: Organization) -> None:
    lock_brands(Brand.objects.filter(organization=organization).values_list("id", flat=True))
    parameters = {"organization": organization.pk}
    with connection.cursor() as cursor:
        for rollup in rollups:
            cursor.execute(f"delete from {rollup.table} where organization_id = %(organization)s", parameters)
            columns = ", ".join(rollup.key + rollup.counts)
            cursor.execute(
                f"insert into {rollup.table} ({columns}) {rollup.recount} order by 1, 2, 3", parameters
            )


def count_miscounted(rollups: Iterable[Rollup], *, organization: Organization) -> int:
    different = 0
    with connection.cursor() as cursor:
        for rollup in rollups:
            columns = ", ".join(rollup.key + rollup.counts)
            nothing = " or ".join(f"{count} <> 0" for count in rollup.counts)
            kept = f"select {columns} from {rollup.table} where organization_id = %(organization)s and ({nothing})"
            cursor.execute(
                f"with kept as ({kept}), counted ({columns}) as ({rollup.recount}) select count(*) from "
                "((table kept except table counted) union all (table counted except table kept)) difference",
                {"organization": organization.pk},
            )
            different += cursor.fetchone()[0]
    return different
