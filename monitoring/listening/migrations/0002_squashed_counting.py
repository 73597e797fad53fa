"""Triggers that keep the counts of mentions exact, whoever writes and however.

Each statement locks its brands in order, then adds its differences to the counts. `listening.storing.LOCK_SPACE`
names the same keys, so that a transaction of several statements can lock all its brands first. What changed is read
once for all counts; an update that changes nothing that is counted (when to refresh a mention, say) takes no lock and
counts nothing. The tables of counts leave room on their pages, so that most updates stay on their page and touch no
index. What is set aside is not counted.
"""

from django.db import migrations

COUNTED = (
    "organization_id, brand_id, published_at, is_counted, platform, language, tone, is_question, interactions, "
    "author_followers, hashtags, terms, keyword_versions, links, community"
)
CHANGES = {
    "insert": f"select 1 as sign, {COUNTED} from new_rows",
    "delete": f"select -1 as sign, {COUNTED} from old_rows",
    "update": f"""
        select 1 as sign, * from (select {COUNTED} from new_rows except all select {COUNTED} from old_rows) came
        union all
        select -1 as sign, * from (select {COUNTED} from old_rows except all select {COUNTED} from new_rows) went""",
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
    if touched is null then
        return null;
    end if;

    with change as materialized (
        select sign, change.organization_id, brand_id, (published_at at time zone time_zone)::date as day,
            date_trunc('hour', published_at, time_zone) as hour, platform, change.language,
            case tone when 1 then sign else 0 end as positive, case tone when 0 then sign else 0 end as neutral,
            case tone when -1 then sign else 0 end as negative, case when is_question then sign else 0 end as questions,
            sign * interactions as interactions, sign * coalesce(author_followers, 0) as followers, hashtags, terms,
            keyword_versions, links, community
        from ({changes}) change join accounts_organization organization on organization.id = change.organization_id
        where is_counted
    ), days as (
        insert into listening_mentionday as total
            (organization_id, brand_id, day, platform, language, mentions, positive, neutral, negative, questions,
             interactions, followers)
        select organization_id, brand_id, day, platform, language, sum(sign), sum(positive), sum(neutral),
            sum(negative), sum(questions), sum(interactions), sum(followers)
        from change group by 1, 2, 3, 4, 5 order by 2, 3, 4, 5
        on conflict (brand_id, day, platform, language) do update set
            mentions = total.mentions + excluded.mentions, positive = total.positive + excluded.positive,
            neutral = total.neutral + excluded.neutral, negative = total.negative + excluded.negative,
            questions = total.questions + excluded.questions,
            interactions = total.interactions + excluded.interactions, followers = total.followers + excluded.followers
    ), hours as (
        insert into listening_mentionhour as total
            (organization_id, brand_id, hour, mentions, positive, neutral, negative, interactions)
        select organization_id, brand_id, hour, sum(sign), sum(positive), sum(neutral), sum(negative), sum(interactions)
        from change group by 1, 2, 3 order by 2, 3
        on conflict (brand_id, hour) do update set
            mentions = total.mentions + excluded.mentions, positive = total.positive + excluded.positive,
            neutral = total.neutral + excluded.neutral, negative = total.negative + excluded.negative,
            interactions = total.interactions + excluded.interactions
    ), spoken as materialized (
        select organization_id, brand_id, day, kind, term, sum(sign) as mentions, sum(positive) as positive,
            sum(neutral) as neutral, sum(negative) as negative
        from (
            select organization_id, brand_id, day, 'hashtag' as kind, unnest(hashtags) as term, sign, positive,
                neutral, negative from change
            union all
            select organization_id, brand_id, day, 'term', unnest(terms), sign, positive, neutral, negative from change
            union all
            select organization_id, brand_id, day, 'keyword', unnest(keyword_versions)::text, sign, positive, neutral,
                negative from change
            union all
            select organization_id, brand_id, day, 'link', link, sign, positive, neutral, negative
                from change, unnest(links) link where length(link) <= 500
            union all
            select organization_id, brand_id, day, 'community', community, sign, positive, neutral, negative
                from change where community <> ''
        ) word
        group by 1, 2, 3, 4, 5
        having sum(sign) <> 0 or sum(positive) <> 0 or sum(neutral) <> 0 or sum(negative) <> 0
    ), known as (
        update listening_termday total set
            mentions = total.mentions + spoken.mentions, positive = total.positive + spoken.positive,
            neutral = total.neutral + spoken.neutral, negative = total.negative + spoken.negative
        from spoken
        where total.brand_id = spoken.brand_id and total.day = spoken.day and total.kind = spoken.kind
            and total.term = spoken.term
        returning total.brand_id, total.day, total.kind, total.term
    )
    -- The brands are locked: what is not known now stays so. A plain insert takes half the time of an upsert.
    insert into listening_termday
        (organization_id, brand_id, day, kind, term, mentions, positive, neutral, negative)
    select organization_id, brand_id, day, kind, term, mentions, positive, neutral, negative from spoken
    where not exists (
        select from known where known.brand_id = spoken.brand_id and known.day = spoken.day
        and known.kind = spoken.kind and known.term = spoken.term);
    return null;
end $$;

create trigger count_on_{operation} after {operation} on listening_mention
{tables} for each statement execute function listening_count_on_{operation}();
"""

DROP = (
    "drop trigger count_on_{operation} on listening_mention; drop function listening_count_on_{operation}();"
)
ROOM = "alter table {table} set (fillfactor = {percent})"
COUNTS = ("listening_mentionday", "listening_mentionhour", "listening_termday")

# A link may be longer than an index takes: its hash is looked up, then the link compared.
LINK_KEYS = """
create function listening_link_keys(links text[]) returns bigint[] language sql immutable strict parallel safe
return (select array_agg(hashtextextended(link, 0)) from unnest(links) link)
"""
MENTIONS_OF_A_LINK = """
create index mentions_of_a_link on listening_mention using gin (brand_id int8_ops, listening_link_keys(links))
where has_link
"""


class Migration(migrations.Migration):
    replaces = [("listening", "0002_rollup_triggers"), ("listening", "0003_count_in_one_pass")]
    dependencies = [("listening", "0001_squashed_tables")]

    operations = [
        *(
            migrations.RunSQL(
                FUNCTION.format(operation=operation, changes=changes, tables=TABLES[operation]),
                DROP.format(operation=operation),
            )
            for operation, changes in CHANGES.items()
        ),
        *(
            migrations.RunSQL(ROOM.format(table=table, percent=70), ROOM.format(table=table, percent=100))
            for table in COUNTS
        ),
        migrations.RunSQL(LINK_KEYS, "drop function listening_link_keys(text[])"),
        migrations.RunSQL(MENTIONS_OF_A_LINK, "drop index mentions_of_a_link"),
    ]
