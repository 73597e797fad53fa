"""How long the credits of 100,000 conversions with ten touches each take in one pass, beside bare aggregates.

    python -m tests.benchmarks crediting [--conversions N] [--touches N] [--rounds N]

The conversions lie within two years, in three currencies; a twentieth is given back later. The five models are computed
by one statement. Beside it in turn: counting the same touches by what they name, and sorting them by conversion and
time with one running sum, which is the least that any model but the equal one needs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median

from django.db import connection, transaction

from accounts.models import Organization, User
from accounts.services import create_organization
from monitoring.conversions.crediting.days import compute_days, miscredited_days
from monitoring.conversions.models import ConversionDay, CreditDay, CreditDue
from monitoring.conversions.rollups import lock_counting, rebuild_conversion_days

MAKE = """
    insert into conversions_conversion (organization_id, kind, occurred_at, number, amount, currency, heard_of_us_from,
        channel, origin, idempotency_key, order_number, note, evidence, created_at)
    select %(organization)s, 'order', now() - random() * interval '730 days', 1, (1 + number %% 9000)::numeric,
        (array['EUR', 'JPY', 'KWD'])[1 + number %% 3],
        (array['instagram', 'friend', '', '', ''])[1 + number %% 5], '', 'shop', 'made ' || number, '', '', '{}', now()
    from generate_series(1, %(conversions)s) number
"""
GIVE_BACK = """
    insert into conversions_conversion (organization_id, kind, occurred_at, number, amount, currency, heard_of_us_from,
        channel, origin, idempotency_key, order_number, note, evidence, created_at, reverses_id)
    select organization_id, kind, occurred_at + interval '5 days', -1, -amount, currency, heard_of_us_from, channel,
        origin, 'back ' || id, '', '', '{}', now(), id
    from conversions_conversion where organization_id = %(organization)s and id %% 20 = 0
"""
TOUCH = """
    insert into conversions_touch (organization_id, conversion_id, key, found, occurred_at, channel)
    select organization_id, conversion.id, 'visit:' || touch, 'visit',
        conversion.occurred_at - random() * interval '28 days',
        (array['instagram', 'facebook', 'tiktok', 'mail', 'google', 'bluesky'])[1 + floor(random() * 6)::int]
    from conversions_conversion conversion, generate_series(1, %(touches)s) touch
    where organization_id = %(organization)s and reverses_id is null order by conversion.id
"""
COUNT = (
    "select channel, count(*), max(occurred_at) from conversions_touch where organization_id = %s group by 1"
)
SORT = """
    select max(so_far) from (
        select sum(1) over (partition by conversion_id order by occurred_at, id rows unbounded preceding) as so_far
        from conversions_touch where organization_id = %s
    ) sorted
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--conversions", type=int, default=100_000)
    parser.add_argument("--touches", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    organization = make_business(chosen.conversions, chosen.touches)
    days = sorted(set(ConversionDay.objects.values_list("day", flat=True)))
    took = measure(
        organization, chosen.rounds, lambda: compute_days(organization_id=organization.pk, days=days)
    )
    CreditDue.objects.all().delete()
    print(f"{chosen.conversions:,} conversions, {chosen.touches} touches each, {len(days)} days")
    print(
        f"{CreditDay.objects.count():,} credits; {miscredited_days(organization_id=organization.pk)} differ"
    )
    for name, seconds in took.items():
        print(f"{name:10} {median(seconds):6.2f} s (best {min(seconds):.2f})")
    for name in ("count", "sort"):
        print(f"credit takes {median(took['credit']) / median(took[name]):.1f} times as long as {name}")


def make_business(conversions: int, touches: int) -> Organization:
    """Written past the triggers, counted afterwards."""
    person = User.objects.create_user("owner@example.com", "a kettle sings at dawn")
    organization = create_organization(
        owner=person, name="Halden Coffee", time_zone="Europe/Berlin", currency="EUR"
    )
    numbers = {"organization": organization.pk, "conversions": conversions, "touches": touches}
    with connection.cursor() as cursor:
        for table in ("conversion", "touch"):
            cursor.execute(f"alter table conversions_{table} disable trigger user")
        for statement in (MAKE, GIVE_BACK, TOUCH):
            cursor.execute(statement, numbers)
        for table in ("conversion", "touch"):
            cursor.execute(f"alter table conversions_{table} enable trigger user")
        cursor.execute("analyze conversions_conversion, conversions_touch")
    rebuild_conversion_days(organization=organization)
    return organization


def measure(organization: Organization, rounds: int, credit: Callable[[], None]) -> dict[str, list[float]]:
    """The three in turn, so that whatever else the machine does meets them alike."""
    took: dict[str, list[float]] = {"count": [], "sort": [], "credit": []}
    for _round in range(rounds):
        for name, statement in (("count", COUNT), ("sort", SORT)):
            took[name].append(timed(lambda sql=statement: read(sql, organization)))  # type: ignore[misc]
        took["credit"].append(timed(credit))
    return took


@transaction.atomic
def read(statement: str, organization: Organization) -> None:
    lock_counting([organization.pk])
    with connection.cursor() as cursor:
        cursor.execute("set local work_mem = '256MB'; set local jit = off")
        cursor.execute(statement, [organization.pk])
        cursor.fetchall()


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
