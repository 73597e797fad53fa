"""How long the goals page and the overview take with a million of everything, beside the emptiest page.

    python -m tests.benchmarks goals [--mentions N] [--visits N] [--conversions N] [--requests N]

A million mentions within 90 days, a million visits and 100,000 conversions within two years, all of one business: its
own brand has a third of the mentions, nine competitors the rest. A quarter of the conversions is in another currency.
Requests go through the whole application in this process. A database that is there already is measured by
`python -m tests.with_django tests.benchmarks.goals`.
"""

from __future__ import annotations

import argparse
import logging
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import Organization
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.models import (
    Assumptions,
    Cadence,
    Campaign,
    Channel,
    Conversion,
    Goal,
    Kind,
    TrackedLink,
    Visit,
)
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.rollups import rebuild_conversion_days
from monitoring.conversions.services.costs import Expense, record_spend
from monitoring.conversions.services.goal_results import close_due_periods, recount_closed_periods
from monitoring.conversions.services.goals import Aim, add_goal
from monitoring.conversions.services.links import create_link
from monitoring.listening.models import Mention
from smedash.garbage import set_aside_what_stays
from tests.benchmarks.many_mentions import make_world
from tests.benchmarks.pages import measure

LINKS, DAYS = 60, 730
# As many visits come by links as by tags; the first are clicks as well.
VISITS = """
    insert into conversions_visit (visit_id, organization_id, occurred_at, visitor, link_id, channel, campaign_id,
        utm_source, utm_medium, utm_campaign, landing, referrer, is_bot, click_id)
    select gen_random_uuid(), %(organization)s, now() - random() * interval '730 days', md5(number::text),
        case number %% 2 when 0 then link.id end, link.channel, link.campaign_id, link.channel, 'social', '', '/', '',
        number %% 40 = 0, case number %% 2 when 0 then gen_random_uuid() end
    from generate_series(1, %(visits)s) number
    join (select id, channel, campaign_id, row_number() over (order by id) - 1 as place from conversions_trackedlink
        where organization_id = %(organization)s) link on link.place = number %% %(links)s
"""
CLICKS = """
    insert into conversions_click (click_id, organization_id, link_id, clicked_at, visitor, is_bot, is_repeat)
    select click_id, organization_id, link_id, occurred_at, visitor, false, link_id %% 9 = 0
    from conversions_visit where organization_id = %(organization)s and click_id is not null
"""
CONVERSIONS = """
    insert into conversions_conversion (organization_id, kind, occurred_at, number, amount, currency, heard_of_us_from,
        channel, origin, idempotency_key, order_number, note, evidence, created_at)
    select %(organization)s, (array['order', 'order', 'order', 'booking'])[1 + number %% 4],
        now() - random() * interval '730 days', 1, (1 + number %% 90)::numeric,
        (array['EUR', 'EUR', 'EUR', 'USD'])[1 + number / 7 %% 4], heard, heard, 'shop', 'made ' || number, '', '', '{}',
        now()
    from (select number, (%(channels)s::text[])[1 + number %% %(number_of_channels)s] as heard
        from generate_series(1, %(conversions)s) number) made
"""
TOUCHES = """
    insert into conversions_touch (organization_id, conversion_id, key, found, occurred_at, channel, campaign_id,
        link_id)
    select conversion.organization_id, conversion.id, 'visit:' || touch, 'visit',
        conversion.occurred_at - touch * interval '1 day', link.channel, link.campaign_id, link.id
    from conversions_conversion conversion cross join generate_series(1, 2) touch
    join (select id, channel, campaign_id, row_number() over (order by id) - 1 as place from conversions_trackedlink
        where organization_id = %(organization)s) link on link.place = (conversion.id + touch) %% %(links)s
    where conversion.organization_id = %(organization)s and conversion.id %% 3 > 0
"""
RATES = """
    insert into conversions_referencerate (currency, day, per_euro)
    select 'USD', day::date, 1.1 from generate_series(now() - interval '760 days', now(), interval '1 day') day
    where extract(isodow from day) <= 5
"""
TABLES = ("visit", "click", "conversion", "touch")


def make_business(organization: Organization, visits: int, conversions: int) -> None:
    _make_links(organization)
    facts: dict[str, Any] = {
        "organization": organization.pk,
        "visits": visits,
        "conversions": conversions,
        "links": LINKS,
        "channels": [*Channel.values, ""],
        "number_of_channels": len(Channel.values) + 1,
    }
    with connection.cursor() as cursor:
        # Counted at the end, at once.
        for table in TABLES:
            cursor.execute(f"alter table conversions_{table} disable trigger user")
        for statement in (VISITS, CLICKS, CONVERSIONS, TOUCHES):
            cursor.execute(statement, facts)
        for table in TABLES:
            cursor.execute(f"alter table conversions_{table} enable trigger user")
        cursor.execute(RATES)
    rebuild_conversion_days(organization=organization)
    credit_due_days(seconds=600)
    _set_goals(organization)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _make_links(organization: Organization) -> None:
    today = timezone.localdate()
    for number in range(LINKS):
        campaign = None
        if number % 10 == 0:
            campaign = Campaign.objects.create(
                organization=organization,
                name=f"Campaign {number}",
                slug=f"campaign-{number}",
                starts_on=today,
            )
        link = create_link(
            organization=organization,
            target="https://example.com/menu",
            label=f"Link {number}",
            channel=SOCIAL[number % len(SOCIAL)],
        )
        TrackedLink.objects.filter(pk=link.pk).update(campaign=campaign)
    Assumptions.objects.create(organization=organization, margin=Decimal(45), hourly_rate=Decimal(28))
    for number in range(100):
        day = today - timedelta(days=7 * number)
        expense = Expense(
            amount_a_day=Decimal(9), currency="EUR", first_day=day, last_day=day, channel=Channel.TIKTOK
        )
        record_spend(organization=organization, expense=expense, idempotency_key=f"ad {number}")


def _set_goals(organization: Organization) -> None:
    money = Aim(counts=Kind.ORDER, target=Decimal(90_000), measure="amount", currency="EUR")
    add_goal(organization=organization, aim=money)
    add_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(900), cadence=Cadence.WEEK))
    add_goal(
        organization=organization, aim=Aim(counts=Kind.VISIT, target=Decimal(9_000), cadence=Cadence.QUARTER)
    )
    Goal.objects.update(created_at=timezone.now() - timedelta(days=DAYS))
    close_due_periods(now=timezone.now())
    while recount_closed_periods():
        continue


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--mentions", type=int, default=1_000_000)
    options.add_argument("--visits", type=int, default=1_000_000)
    options.add_argument("--conversions", type=int, default=100_000)
    options.add_argument("--requests", type=int, default=40)
    arguments = options.parse_args()
    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    logging.disable(logging.WARNING)
    began = time.perf_counter()
    if not Mention.objects.exists():
        make_world(arguments.mentions, organizations=1)
    organization = Organization.objects.order_by("pk")[0]
    if not Conversion.objects.exists():
        make_business(organization, arguments.visits, arguments.conversions)
    print(
        f"{Mention.objects.count():,} mentions, {Visit.objects.count():,} visits, {Conversion.objects.count():,} "
        f"conversions, made in {time.perf_counter() - began:.0f} s"
    )
    measure_pages(organization, arguments.requests)


def measure_pages(organization: Organization, requests: int) -> None:
    client = Client()
    client.force_login(organization.memberships.get().user)
    get_resolver().url_patterns  # noqa: B018 - as the web server does before it sets aside what it imported
    set_aside_what_stays()
    empty = measure("the framework's emptiest page", client, "/healthz", requests)
    goals = reverse("conversions:goal", args=[organization.slug])
    overview = reverse("dashboard:overview", args=[organization.slug])
    for name, address in (
        ("goals, 30 days", goals),
        ("the rest of it", f"{goals}more/"),
        ("overview, 30 days", overview),
        ("overview, 90 days", f"{overview}?period=90d"),
        ("goals, 12 months", f"{goals}?period=365d"),
        ("the rest, equal parts by campaign", f"{goals}more/?model=linear&by=campaign"),
        ("the rest, 12 months, a year ago", f"{goals}more/?period=365d&compare=year"),
    ):
        cost = measure(name, client, address, requests)
        print(
            f"{'':34} {cost.p95 / empty.p95:.0f} empty pages at the 95th percentile by the clock, "
            f"{cost.work / empty.work:.0f} of the processors"
        )


if __name__ == "__main__":
    main()
