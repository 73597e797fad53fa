# ruff: noqa: S608 - the SQL is made of our own table names, never of what somebody sent
"""Recount conversions and clicks from the rows: after a change of time zone, and to prove the triggers right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection, transaction

from accounts.models import Organization
from monitoring.conversions.models import DetailsKept

LOCK_SPACE = 7_100_000_000_000_000_000  # the triggers (counting_triggers) lock the same keys

_FROM_THE_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Rollup:
    table: str
    columns: str
    counts: tuple[str, ...]
    recount: str
    # Its rows are forgotten after a while (`forgetting`): what was counted of them stays as it is.
    outlives: bool = False


ROLLUPS = (
    Rollup(
        table="conversions_conversionday",
        columns="organization_id, day, kind, channel, currency, number, amount",
        counts=("number", "amount"),
        recount="""
            select organization_id, (occurred_at at time zone time_zone)::date, kind, channel, conversion.currency,
                sum(conversion.number), sum(coalesce(amount, 0))
            from conversions_conversion conversion
            join accounts_organization organization on organization.id = organization_id
            where organization_id = %(organization)s and voided_at is null group by 1, 2, 3, 4, 5""",
    ),
    Rollup(
        table="conversions_clickday",
        columns="organization_id, day, link_id, visits, repeats, bots",
        counts=("visits", "repeats", "bots"),
        recount="""
            select organization_id, greatest((clicked_at at time zone time_zone)::date, %(first_day)s), link_id,
                count(*) filter (where not is_bot and not is_repeat),
                count(*) filter (where not is_bot and is_repeat), count(*) filter (where is_bot)
            from conversions_click
            join accounts_organization organization on organization.id = organization_id
            where organization_id = %(organization)s and clicked_at >= %(since)s group by 1, 2, 3""",
        outlives=True,
    ),
    Rollup(
        table="conversions_visitday",
        columns="organization_id, day, channel, campaign_id, visits",
        counts=("visits",),
        recount="""
            select organization_id, greatest((occurred_at at time zone time_zone)::date, %(first_day)s), channel,
                coalesce(campaign_id, 0), count(*)
            from conversions_visit join accounts_organization organization on organization.id = organization_id
            where organization_id = %(organization)s and occurred_at >= %(since)s and not is_bot and click_id is null
            group by 1, 2, 3, 4""",
        outlives=True,
    ),
)
# Days that were and days that are: the former may hold nothing any longer.
_CREDIT_ANEW = """
    insert into conversions_creditdue (organization_id, day)
    select organization_id, day from conversions_conversionday where organization_id = %(organization)s
    union select organization_id, day from conversions_creditday where organization_id = %(organization)s
    order by 1, 2
    on conflict do nothing
"""


def lock_counting(organization_ids: Iterable[int]) -> None:
    """Other writers of these organizations wait until the transaction ends. Call before the first write."""
    with connection.cursor() as cursor:
        for organization_id in sorted(set(organization_ids)):
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK_SPACE + organization_id])


def _counted_anew(rollup: Rollup) -> str:
    since = " and day >= %(first_day)s" if rollup.outlives else ""
    return f"organization_id = %(organization)s{since}"


def _parameters(organization: Organization) -> dict[str, Any]:
    kept = DetailsKept.objects.filter(organization=organization).first()
    return {
        "organization": organization.pk,
        "since": kept.since if kept else _FROM_THE_BEGINNING,
        "first_day": kept.first_day if kept else _FROM_THE_BEGINNING.date(),
    }


@transaction.atomic
def rebuild_conversion_days(*, organization: Organization) -> None:
    """Count an organization's conversions, clicks and visits anew, by its present time zone. Writers wait meanwhile.

    Its credits fall due.
    """
    lock_counting([organization.pk])
    parameters = _parameters(organization)
    with connection.cursor() as cursor:
        for rollup in ROLLUPS:
            cursor.execute(f"delete from {rollup.table} where {_counted_anew(rollup)}", parameters)
            cursor.execute(
                f"insert into {rollup.table} ({rollup.columns}) {rollup.recount} order by 1, 2", parameters
            )
        cursor.execute(_CREDIT_ANEW, parameters)


def miscounted_days(*, organization: Organization) -> int:
    """How many rows of the rollups differ from a recount, as far as there is something to count. Zero, always."""
    different = 0
    with connection.cursor() as cursor:
        for rollup in ROLLUPS:
            something = " or ".join(f"{count} <> 0" for count in rollup.counts)
            kept = f"select {rollup.columns} from {rollup.table} where {_counted_anew(rollup)}"
            cursor.execute(
                f"with kept as ({kept} and ({something})), recounted ({rollup.columns}) as ({rollup.recount}), "
                f"counted as (select * from recounted where {something}) "
                "select count(*) from ((table kept except table counted) union all "
                "(table counted except table kept)) difference",
                _parameters(organization),
            )
            different += cursor.fetchone()[0]
    return different
