"""Conversions are counted by their number, reversals subtracted; tagged visits are counted; credits fall due.

A credit falls due for the local day of every entry that changed, and for the days of all entries that stand on a
conversion whose touches changed. `crediting.days` takes these days and computes them anew.
"""

from django.db import migrations

from monitoring.conversions import counting_triggers

CONVERSION = """
    insert into conversions_conversionday as total (organization_id, day, kind, channel, currency, number, amount)
    select organization_id, (occurred_at at time zone time_zone)::date, kind, channel, change.currency,
        sum(sign * change.number), sum(sign * coalesce(amount, 0))
    from ({changes}) change join accounts_organization organization on organization.id = organization_id
    where voided_at is null
    group by 1, 2, 3, 4, 5
    having sum(sign * change.number) <> 0 or sum(sign * coalesce(amount, 0)) <> 0
    order by 1, 2, 3, 4, 5
    on conflict (organization_id, day, kind, channel, currency) do update set
        number = total.number + excluded.number, amount = total.amount + excluded.amount;
    insert into conversions_creditdue (organization_id, day)
    select distinct organization_id, (occurred_at at time zone time_zone)::date
    from ({changes}) change join accounts_organization organization on organization.id = organization_id
    order by 1, 2
    on conflict do nothing;
"""
VISIT = """
    insert into conversions_visitday as total (organization_id, day, channel, campaign_id, visits)
    select organization_id, (occurred_at at time zone time_zone)::date, channel, coalesce(campaign_id, 0), sum(sign)
    from ({changes}) change join accounts_organization organization on organization.id = organization_id
    where not is_bot and click_id is null
    group by 1, 2, 3, 4
    having sum(sign) <> 0
    order by 1, 2, 3, 4
    on conflict (organization_id, day, channel, campaign_id) do update set visits = total.visits + excluded.visits;
"""
TOUCH = """
    insert into conversions_creditdue (organization_id, day)
    select distinct entry.organization_id, (entry.occurred_at at time zone time_zone)::date
    from (select distinct conversion_id from ({changes}) change) touched
    join conversions_conversion entry on touched.conversion_id in (entry.id, entry.reverses_id)
    join accounts_organization organization on organization.id = entry.organization_id
    order by 1, 2
    on conflict do nothing;
"""
WITHOUT_REVERSALS = """
    insert into conversions_conversionday as total (organization_id, day, kind, channel, currency, number, amount)
    select organization_id, (occurred_at at time zone time_zone)::date, kind, channel, change.currency, sum(sign),
        sum(sign * coalesce(amount, 0))
    from ({changes}) change join accounts_organization organization on organization.id = organization_id
    where voided_at is null
    group by 1, 2, 3, 4, 5
    having sum(sign) <> 0 or sum(sign * coalesce(amount, 0)) <> 0
    order by 1, 2, 3, 4, 5
    on conflict (organization_id, day, kind, channel, currency) do update set
        number = total.number + excluded.number, amount = total.amount + excluded.amount;
"""
# What somebody tapped at the counter so far was a visit to the store.
STORE_VISITS = """
    update conversions_conversion set kind = 'store_visit' where kind = 'visit' and origin = 'counter';
    insert into conversions_creditdue (organization_id, day)
    select distinct organization_id, day from conversions_conversionday on conflict do nothing;
"""


class Migration(migrations.Migration):
    dependencies = [("conversions", "0003_everything_it_earned")]

    operations = [
        *(
            counting_triggers.replace("conversion", operation, CONVERSION, WITHOUT_REVERSALS)
            for operation in counting_triggers.CHANGES
        ),
        *(counting_triggers.add("visit", operation, VISIT) for operation in counting_triggers.CHANGES),
        *(counting_triggers.add("touch", operation, TOUCH) for operation in counting_triggers.CHANGES),
        *(
            counting_triggers.belongs_to_organization(table)
            for table in ("visitday", "creditday", "creditdue")
        ),
        migrations.RunSQL(STORE_VISITS, migrations.RunSQL.noop),
    ]
