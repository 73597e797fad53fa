"""Triggers that keep the engagement of each day exact, whoever writes the history of a post and however.

As in listening, each statement locks its brands in order (the same keys), then adds its differences.
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

FUNCTION = """
create function audience_count_on_{operation}() returns trigger language plpgsql as $$
declare
    touched bigint;
begin
    for touched in select distinct brand_id from ({changes}) change order by 1 loop
        perform pg_advisory_xact_lock(7000000000000000000 + touched);
    end loop;

    insert into audience_engagementday as total (organization_id, brand_id, day, platform, interactions, posts)
    select organization_id, brand_id, (counted_at at time zone time_zone)::date, platform,
        sum(sign * gained), coalesce(sum(sign) filter (where is_first), 0)
    from ({changes}) change join accounts_organization organization on organization.id = organization_id
    group by 1, 2, 3, 4
    having sum(sign * gained) <> 0 or coalesce(sum(sign) filter (where is_first), 0) <> 0
    order by 2, 3, 4
    on conflict (brand_id, day, platform) do update set
        interactions = total.interactions + excluded.interactions, posts = total.posts + excluded.posts;

    delete from audience_engagementday total
    using (
        select distinct brand_id, (counted_at at time zone time_zone)::date as day
        from ({changes}) change join accounts_organization organization on organization.id = organization_id
    ) counted
    where total.brand_id = counted.brand_id and total.day = counted.day
        and total.interactions = 0 and total.posts = 0;
    return null;
end $$;

create trigger count_on_{operation} after {operation} on audience_postengagement
{tables} for each statement execute function audience_count_on_{operation}();
"""

DROP = "drop trigger count_on_{operation} on audience_postengagement; drop function audience_count_on_{operation}();"


class Migration(migrations.Migration):
    dependencies = [("audience", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(operation=operation, changes=changes, tables=TABLES[operation]),
            DROP.format(operation=operation),
        )
        for operation, changes in CHANGES.items()
    ]
