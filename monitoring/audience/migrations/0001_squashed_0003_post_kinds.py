"""The audience and its posts, with triggers that keep the engagement of each day exact, whoever writes the history of a
post and however.

As in listening, each statement locks its brands in order (the same keys), then adds its differences.
"""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models

from monitoring.lib.creating_models import CreateModels

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
    initial = True
    replaces = [
        ("audience", "0001_initial"),
        ("audience", "0002_engagement_triggers"),
        ("audience", "0003_post_kinds"),
    ]
    dependencies = [
        ("accounts", "0001_squashed_0008_address_of_everybody"),
        ("listening", "0001_squashed_tables"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="EngagementDay",
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "brand_id",
                            "day",
                            "platform",
                            blank=True,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("organization_id", models.BigIntegerField()),
                    ("brand_id", models.BigIntegerField()),
                    ("day", models.DateField()),
                    ("platform", models.CharField(max_length=40)),
                    ("interactions", models.BigIntegerField(default=0)),
                    ("posts", models.BigIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name="PublishedPost",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("likes", models.BigIntegerField(null=True)),
                    ("replies", models.BigIntegerField(null=True)),
                    ("shares", models.BigIntegerField(null=True)),
                    ("quotes", models.BigIntegerField(null=True)),
                    ("views", models.BigIntegerField(null=True)),
                    ("platform", models.CharField(max_length=40)),
                    ("external_id", models.CharField(max_length=1000)),
                    ("native_id", models.CharField(blank=True, max_length=500)),
                    ("url", models.CharField(blank=True, max_length=2000)),
                    ("title", models.TextField(blank=True)),
                    ("text", models.TextField(blank=True)),
                    ("parent_id", models.CharField(max_length=1000, null=True)),
                    ("published_at", models.DateTimeField()),
                    ("refreshed_at", models.DateTimeField()),
                    ("removed_at", models.DateTimeField(null=True)),
                    (
                        "interactions",
                        models.GeneratedField(
                            db_persist=True,
                            expression=django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.functions.comparison.Coalesce(models.F("likes"), 0),
                                        "+",
                                        django.db.models.functions.comparison.Coalesce(
                                            models.F("replies"), 0
                                        ),
                                    ),
                                    "+",
                                    django.db.models.functions.comparison.Coalesce(models.F("shares"), 0),
                                ),
                                "+",
                                django.db.models.functions.comparison.Coalesce(models.F("quotes"), 0),
                            ),
                            output_field=models.BigIntegerField(),
                        ),
                    ),
                    (
                        "brand",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="listening.brand",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "profile",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="published",
                            to="listening.trackedprofile",
                        ),
                    ),
                    (
                        "guessed_kind",
                        models.CharField(
                            choices=[
                                ("product", "Product"),
                                ("offer", "Offer"),
                                ("tip", "Tip"),
                                ("story", "Story"),
                                ("question", "Question"),
                                ("answer", "Answer"),
                            ],
                            max_length=10,
                        ),
                    ),
                    (
                        "corrected_kind",
                        models.CharField(
                            choices=[
                                ("product", "Product"),
                                ("offer", "Offer"),
                                ("tip", "Tip"),
                                ("story", "Story"),
                                ("question", "Question"),
                                ("answer", "Answer"),
                            ],
                            max_length=10,
                            null=True,
                        ),
                    ),
                    (
                        "kind",
                        models.GeneratedField(
                            db_persist=True,
                            expression=django.db.models.functions.comparison.Coalesce(
                                "corrected_kind", "guessed_kind"
                            ),
                            output_field=models.CharField(
                                choices=[
                                    ("product", "Product"),
                                    ("offer", "Offer"),
                                    ("tip", "Tip"),
                                    ("story", "Story"),
                                    ("question", "Question"),
                                    ("answer", "Answer"),
                                ],
                                max_length=10,
                            ),
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            fields=["organization", "brand", "-published_at"], name="latest_posts_of_a_brand"
                        ),
                        models.Index(fields=["profile", "-published_at"], name="latest_posts_of_a_profile"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("profile", "external_id"), name="one_post_per_profile"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PostEngagement",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("likes", models.BigIntegerField(null=True)),
                    ("replies", models.BigIntegerField(null=True)),
                    ("shares", models.BigIntegerField(null=True)),
                    ("quotes", models.BigIntegerField(null=True)),
                    ("views", models.BigIntegerField(null=True)),
                    ("platform", models.CharField(max_length=40)),
                    ("measured_at", models.DateTimeField()),
                    ("counted_at", models.DateTimeField()),
                    ("gained", models.BigIntegerField()),
                    ("is_first", models.BooleanField()),
                    (
                        "brand",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="listening.brand",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "post",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="history",
                            to="audience.publishedpost",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["organization", "brand"], name="engagement_to_recount")],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("post", "measured_at"), name="one_measurement_at_a_time"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="AudienceSnapshot",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("hour", models.DateTimeField()),
                    ("taken_at", models.DateTimeField()),
                    ("followers", models.BigIntegerField(null=True)),
                    ("following", models.BigIntegerField(null=True)),
                    ("posts", models.BigIntegerField(null=True)),
                    (
                        "organization",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "profile",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="snapshots",
                            to="listening.trackedprofile",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("followers", None), _negated=True),
                            fields=["profile", "-taken_at"],
                            include=("followers",),
                            name="followers_over_time",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("profile", "hour"), name="one_snapshot_an_hour")
                    ],
                },
            ),
        ),
        *(
            migrations.RunSQL(
                FUNCTION.format(operation=operation, changes=changes, tables=TABLES[operation]),
                DROP.format(operation=operation),
            )
            for operation, changes in CHANGES.items()
        ),
    ]
