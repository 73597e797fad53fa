"""Triggers that keep the counts by day exact, whoever writes and however.

Each statement locks its organizations in order, then adds its differences to the counts. `rollups.lock_counting`
takes the same locks, so that a transaction of several statements can lock first.
"""

from django.db import migrations

CHANGES = {
    "insert": "select 1 as sign, * from new_rows",
    "delete": "select -1 as sign, * from old_rows",
    "update": "select 1 as sign, * from new_rows union all select -1 as sign, * from old_rows",
}
TABLES = {
    "insert": "referencing new table as new_rows",
    "delete": "referencing old table as old_rows",
    "update": "referencing old table as old_rows new table as new_rows",
}
COUNTS = {
    "conversion": """
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
""",
    "click": """
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
""",
}
FUNCTION = """
create function conversions_count_{row}_{operation}() returns trigger language plpgsql as $$
declare
    touched bigint;
begin
    for touched in select distinct organization_id from ({changes}) change order by 1 loop
        perform pg_advisory_xact_lock(7100000000000000000 + touched);
    end loop;
    {count}
    return null;
end $$;

create trigger count_on_{operation} after {operation} on conversions_{row}
{tables} for each statement execute function conversions_count_{row}_{operation}();
"""
DROP = "drop trigger count_on_{operation} on conversions_{row}; drop function conversions_count_{row}_{operation}();"
# Whoever deletes an organization need not know of the counts.
FOREIGN_KEY = (
    "alter table conversions_{table} add constraint {table}_organization foreign key (organization_id) "
    "references accounts_organization on delete cascade;"
)
DROP_FOREIGN_KEY = "alter table conversions_{table} drop constraint {table}_organization;"


class Migration(migrations.Migration):
    dependencies = [("conversions", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(
                row=row,
                operation=operation,
                changes=changes,
                tables=TABLES[operation],
                count=count.format(changes=changes),
            ),
            DROP.format(row=row, operation=operation),
        )
        for row, count in COUNTS.items()
        for operation, changes in CHANGES.items()
    ] + [
        migrations.RunSQL(FOREIGN_KEY.format(table=table), DROP_FOREIGN_KEY.format(table=table))
        for table in ("conversionday", "clickday")
    ]
