"""Triggers that keep the counts of mentions exact, whoever writes and however.

Each statement locks its brands in order, then adds its differences to the counts. `listening.storing.LOCK_SPACE`
names the same keys, so that a transaction of several statements can lock all its brands first.
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
create function listening_count_on_{operation}() returns trigger language plpgsql as $$
declare
    touched bigint;
begin
    for touched in select distinct brand_id from ({changes}) change order by 1 loop
        perform pg_advisory_xact_lock(7000000000000000000 + touched);
    end loop;

    insert into listening_mentionday as total
        (organization_id, brand_id, day, platform, language, mentions, positive, neutral, negative, questions,
         interactions, followers)
    select organization_id, brand_id, (published_at at time zone time_zone)::date, platform, change.language, sum(sign),
        coalesce(sum(sign) filter (where tone = 1), 0), coalesce(sum(sign) filter (where tone = 0), 0),
        coalesce(sum(sign) filter (where tone = -1), 0), coalesce(sum(sign) filter (where is_question), 0),
        sum(sign * interactions), sum(sign * coalesce(author_followers, 0))
    from ({changes}) change join accounts_organization organization on organization.id = organization_id
    where deleted_at is null
    group by 1, 2, 3, 4, 5
    having sum(sign) <> 0 or sum(sign * interactions) <> 0 or sum(sign * tone) <> 0 or sum(sign * abs(tone)) <> 0
        or coalesce(sum(sign) filter (where is_question), 0) <> 0 or sum(sign * coalesce(author_followers, 0)) <> 0
    order by 2, 3, 4, 5
    on conflict (brand_id, day, platform, language) do update set
        mentions = total.mentions + excluded.mentions, positive = total.positive + excluded.positive,
        neutral = total.neutral + excluded.neutral, negative = total.negative + excluded.negative,
        questions = total.questions + excluded.questions, interactions = total.interactions + excluded.interactions,
        followers = total.followers + excluded.followers;

    insert into listening_mentionhour as total
        (organization_id, brand_id, hour, mentions, positive, neutral, negative, interactions)
    select organization_id, brand_id, date_trunc('hour', published_at, time_zone), sum(sign),
        coalesce(sum(sign) filter (where tone = 1), 0), coalesce(sum(sign) filter (where tone = 0), 0),
        coalesce(sum(sign) filter (where tone = -1), 0), sum(sign * interactions)
    from ({changes}) change join accounts_organization organization on organization.id = organization_id
    where deleted_at is null
    group by 1, 2, 3
    having sum(sign) <> 0 or sum(sign * interactions) <> 0 or sum(sign * tone) <> 0 or sum(sign * abs(tone)) <> 0
    order by 2, 3
    on conflict (brand_id, hour) do update set
        mentions = total.mentions + excluded.mentions, positive = total.positive + excluded.positive,
        neutral = total.neutral + excluded.neutral, negative = total.negative + excluded.negative,
        interactions = total.interactions + excluded.interactions;

    insert into listening_termday as total
        (organization_id, brand_id, day, kind, term, mentions, positive, neutral, negative)
    select organization_id, brand_id, (published_at at time zone time_zone)::date, kind, term, sum(sign),
        coalesce(sum(sign) filter (where tone = 1), 0), coalesce(sum(sign) filter (where tone = 0), 0),
        coalesce(sum(sign) filter (where tone = -1), 0)
    from ({changes}) change join accounts_organization organization on organization.id = organization_id
    cross join lateral (
        select 'hashtag' as kind, unnest(hashtags) as term union select 'term', unnest(terms)) spoken
    where deleted_at is null
    group by 1, 2, 3, 4, 5
    having sum(sign) <> 0 or sum(sign * tone) <> 0 or sum(sign * abs(tone)) <> 0
    order by 2, 3, 4, 5
    on conflict (brand_id, day, kind, term) do update set
        mentions = total.mentions + excluded.mentions, positive = total.positive + excluded.positive,
        neutral = total.neutral + excluded.neutral, negative = total.negative + excluded.negative;
    return null;
end $$;

create trigger count_on_{operation} after {operation} on listening_mention
{tables} for each statement execute function listening_count_on_{operation}();
"""

DROP = (
    "drop trigger count_on_{operation} on listening_mention; drop function listening_count_on_{operation}();"
)


class Migration(migrations.Migration):
    dependencies = [("listening", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(operation=operation, changes=changes, tables=TABLES[operation]),
            DROP.format(operation=operation),
        )
        for operation, changes in CHANGES.items()
    ]
