"""Mentions get a status, tags and the community they stand in; what is set aside is not counted any more.

The triggers of 0003 count keywords, links and communities by day as well. What is there already is counted here.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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

FUNCTION = """
create or replace function listening_count_on_{operation}() returns trigger language plpgsql as $$
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
"""

COUNT_WHAT_IS_THERE = """
insert into listening_termday (organization_id, brand_id, day, kind, term, mentions, positive, neutral, negative)
select organization_id, brand_id, (published_at at time zone time_zone)::date, kind, term, count(*),
    count(*) filter (where tone = 1), count(*) filter (where tone = 0), count(*) filter (where tone = -1)
from listening_mention mention join accounts_organization organization on organization.id = organization_id
cross join lateral (
    select 'keyword' as kind, unnest(keyword_versions)::text as term
    union all select 'link', link from unnest(links) link where length(link) <= 500
) spoken
where is_counted group by 1, 2, 3, 4, 5
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_address_of_everybody"),
        ("listening", "0005_recheck_old_mentions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MutedAuthor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author_key", models.CharField(max_length=600)),
                ("author_name", models.CharField(blank=True, max_length=500)),
                ("muted_at", models.DateTimeField(auto_now_add=True)),
                (
                    "muted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="muted_authors",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "author_key"), name="one_muting_per_author"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tags",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "name"), name="one_tag_per_name")
                ]
            },
        ),
        migrations.AddField(
            model_name="mention",
            name="community",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="mention",
            name="status",
            field=models.SmallIntegerField(
                choices=[
                    (0, "Open"),
                    (1, "Archived"),
                    (2, "Not about us"),
                    (3, "Author muted"),
                    (4, "Deleted"),
                ],
                db_default=0,
                default=0,
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="is_counted",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(deleted_at=None, status__in=(0, 1), then=True), default=False
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.RemoveIndex(model_name="mention", name="sampled_authors"),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("author_in_sample", True), ("is_counted", True)),
                fields=["brand", "published_at", "author_key"],
                name="sampled_authors",
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("status", 0), _negated=True),
                fields=["brand", "status", "-published_at", "-id"],
                name="mentions_set_aside",
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("brand_id", name="int8_ops"),
                models.F("tags"),
                condition=models.Q(("tags", []), _negated=True),
                name="tagged_mentions",
            ),
        ),
        migrations.AlterField(
            model_name="termday",
            name="kind",
            field=models.CharField(
                choices=[
                    ("hashtag", "Hashtag"),
                    ("term", "Term"),
                    ("keyword", "Keyword"),
                    ("link", "Link"),
                    ("community", "Community"),
                ],
                max_length=12,
            ),
        ),
        *(
            migrations.RunSQL(FUNCTION.format(operation=operation, changes=changes), migrations.RunSQL.noop)
            for operation, changes in CHANGES.items()
        ),
        migrations.RunSQL(COUNT_WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
