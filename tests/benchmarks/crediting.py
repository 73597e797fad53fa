"""How long the credits of 100,000 conversions with ten touches each take in one pass, beside bare aggregates.

    python -m tests.benchmarks crediting [--conversions N] [--touches N] [--rounds N]

The conversions lie within two years, in three currencies; a twentieth is given back later. The five models are computed
by one statement. Beside it in turn: counting the same touches by what they name, and sorting them by conversion and
time with one running sum, which is the least that any model but the equal one needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from statistics import median

from django.db import connection, transaction

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from monitoring.conversions.crediting.days import compute_days, miscredited_days
from monitoring.conversions.models import ConversionDay, CreditDay, CreditDue
from monitoring.conversions.rollups import lock_counting, rebuild_conversion_days
from tests.benchmarks.cost import Cost, measure

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
    credit = partial(compute_days, organization_id=organization.pk, days=days)
    took = measure_in_turn(organization, chosen.rounds, credit)
    CreditDue.objects.all().delete()
    print(f"{chosen.conversions:,} conversions, {chosen.touches} touches each, {len(days)} days")
    print(
        f"{CreditDay.objects.count():,} credits; {miscredited_days(organization_id=organization.pk)} differ"
    )
    processor = {name: median(cost.database for cost in costs) for name, costs in took.items()}
    for name, costs in took.items():
        clock = min(cost.clock for cost in costs)
        print(
            f"{name:8} {processor[name]:5.2f} s of the session's processor, {clock:5.2f} s by the clock at best"
        )
    for name in ("count", "sort"):
        print(f"credit takes {processor['credit'] / processor[name]:.1f} times as long as {name}")


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


def measure_in_turn(
    organization: Organization, rounds: int, credit: Callable[[], None]
) -> dict[str, list[Cost]]:
    """The three in turn, so that whatever else the machine does meets them alike."""
    ways: dict[str, Callable[[], None]] = {
        "count": partial(read, COUNT, organization),
        "sort": partial(read, SORT, organization),
        "credit": credit,
    }
    took: dict[str, list[Cost]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, work in ways.items():
            took[name].append(measure(work))
    return took


@transaction.atomic
def read(statement: str, organization: Organization) -> None:
    lock_counting([organization.pk])
    with connection.cursor() as cursor:
        cursor.execute(
            "set local work_mem = '256MB'; set local jit = off; set local max_parallel_workers_per_gather = 0"
        )
        cursor.execute(statement, [organization.pk])
        cursor.fetchall()


if __name__ == "__main__":
    main()
