"""Triggers that keep the counts by day exact and say which credits fall due, whoever writes and however.

Each statement locks its organizations in order, then adds its differences to the counts. `rollups.lock_counting`
takes the same locks, so that a transaction of several statements can lock first. Conversions are counted by their
number, reversals subtracted; tagged visits are counted.

A credit falls due for the local day of every entry that changed, and for the days of all entries that stand on a
conversion whose touches changed; all of them when what credits are computed with changes. `crediting.days` takes
these days and computes them anew.
"""

from django.db import migrations

from monitoring.conversions import counting_triggers

CLICK = """
    insert into conversions_clickday as total (organization_id, day, link_id, visits, repeats, bots)
    select organization_id, (clicked_at at time zone time_zone)::date, link_id,
        coalesce(sum(sign) filter (where not is_bot and not is_repeat), 0),
        coalesce(sum(sign) filter (where not is_bot and is_repeat), 0),
        coalesce(sum(sign) filter (where is_bot), 0)
    from ({changes}) change join accounts_organization organization on organization.id = organization_id
    group by 1, 2, 3
    order by 1, 2, 3
    on conflict (organization_id, day, link_id) do update set
        visits = total.visits + excluded.visits, repeats = total.repeats + excluded.repeats,
        bots = total.bots + excluded.bots;
"""
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

# What holds for an organization that said nothing is in models.Assumptions too.
MARK = """
create function conversions_credit_anew() returns trigger language plpgsql as $$
declare
    touched bigint := coalesce(new.organization_id, old.organization_id);
begin
    if (coalesce(new.window_days, 30), coalesce(new.half_life_days, 7))
        = (coalesce(old.window_days, 30), coalesce(old.half_life_days, 7)) then
        return null;
    end if;
    perform pg_advisory_xact_lock(7100000000000000000 + touched);
    insert into conversions_creditdue (organization_id, day)
    select organization_id, day from conversions_conversionday where organization_id = touched
    union select organization_id, day from conversions_creditday where organization_id = touched
    order by 1, 2
    on conflict do nothing;
    return null;
end $$;

create trigger credit_anew after insert or update or delete on conversions_assumptions
for each row execute function conversions_credit_anew();
"""
UNMARK = "drop trigger credit_anew on conversions_assumptions; drop function conversions_credit_anew();"

COUNTED = {"click": CLICK, "conversion": CONVERSION, "visit": VISIT, "touch": TOUCH}


class Migration(migrations.Migration):
    replaces = [
        ("conversions", "0002_rollup_triggers"),
        ("conversions", "0004_ledger_triggers"),
        ("conversions", "0005_credit_anew"),
    ]
    dependencies = [("conversions", "0001_squashed_tables")]

    operations = [
        *(
            counting_triggers.add(row, operation, count)
            for row, count in COUNTED.items()
            for operation in counting_triggers.CHANGES
        ),
        *(
            counting_triggers.belongs_to_organization(table)
            for table in ("conversionday", "clickday", "visitday", "creditday", "creditdue")
        ),
        migrations.RunSQL(MARK, UNMARK),
    ]
