"""Mentions, where they come from, and what people do with them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.lookups
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models

from monitoring.lib.creating_models import CreateModels


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("listening", "0001_initial"),
        ("listening", "0004_privacy"),
        ("listening", "0005_recheck_old_mentions"),
        ("listening", "0006_what_people_did_with_mentions"),
        ("listening", "0007_saved_views"),
        ("listening", "0008_authors_labels_engagement"),
        ("listening", "0009_bulk_changes"),
        ("listening", "0010_keywords_applied_to_the_past"),
        ("listening", "0011_look_for_feeds_too"),
        ("listening", "0012_filter_from_an_index"),
    ]
    dependencies = [
        ("accounts", "0001_squashed_0008_address_of_everybody"),
        ("platforms", "0001_squashed_0002_look_every_month"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGinExtension(),
        CreateModels(
            migrations.CreateModel(
                name="MentionDay",
                fields=[
                    ("mentions", models.BigIntegerField(default=0)),
                    ("positive", models.BigIntegerField(default=0)),
                    ("neutral", models.BigIntegerField(default=0)),
                    ("negative", models.BigIntegerField(default=0)),
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "brand_id",
                            "day",
                            "platform",
                            "language",
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
                    ("language", models.CharField(max_length=12)),
                    ("questions", models.BigIntegerField(default=0)),
                    ("interactions", models.BigIntegerField(default=0)),
                    ("followers", models.BigIntegerField(default=0)),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="MentionHour",
                fields=[
                    ("mentions", models.BigIntegerField(default=0)),
                    ("positive", models.BigIntegerField(default=0)),
                    ("neutral", models.BigIntegerField(default=0)),
                    ("negative", models.BigIntegerField(default=0)),
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "brand_id", "hour", blank=True, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("organization_id", models.BigIntegerField()),
                    ("brand_id", models.BigIntegerField()),
                    ("hour", models.DateTimeField()),
                    ("interactions", models.BigIntegerField(default=0)),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="TermDay",
                fields=[
                    ("mentions", models.BigIntegerField(default=0)),
                    ("positive", models.BigIntegerField(default=0)),
                    ("neutral", models.BigIntegerField(default=0)),
                    ("negative", models.BigIntegerField(default=0)),
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "brand_id",
                            "day",
                            "kind",
                            "term",
                            blank=True,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("organization_id", models.BigIntegerField()),
                    ("brand_id", models.BigIntegerField()),
                    ("day", models.DateField()),
                    (
                        "kind",
                        models.CharField(
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
                    ("term", models.TextField()),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Brand",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("own", "Our own"),
                                ("competitor", "Competitor"),
                                ("product", "Product"),
                                ("topic", "Topic"),
                            ],
                            default="own",
                            max_length=12,
                            verbose_name="kind",
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="brands",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("organization", "name"), name="one_brand_per_name")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Keyword",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "platforms",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                        ),
                    ),
                    ("paused_at", models.DateTimeField(null=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "brand",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="keywords",
                            to="listening.brand",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="keywords",
                            to="accounts.organization",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="KeywordVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("query", models.CharField(max_length=1000, verbose_name="query")),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("replaced_at", models.DateTimeField(null=True)),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "keyword",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="versions",
                            to="listening.keyword",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("replaced_at", None)),
                            fields=("keyword",),
                            name="one_current_version",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Source",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("platform", models.CharField(max_length=40)),
                    ("server", models.CharField(blank=True, max_length=255)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("search_posts", "Search"),
                                ("read_profile", "Profile"),
                                ("list_posts", "Own posts"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("query", models.CharField(max_length=1000)),
                    ("due_at", models.DateTimeField()),
                    ("lease_until", models.DateTimeField(null=True)),
                    ("interval", models.DurationField()),
                    ("cursor", models.TextField(null=True)),
                    ("watermark", models.DateTimeField(null=True)),
                    ("checkpoint", models.TextField(null=True)),
                    ("next_watermark", models.DateTimeField(null=True)),
                    ("next_checkpoint", models.TextField(null=True)),
                    ("failures", models.PositiveIntegerField(default=0)),
                    (
                        "outcome",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("running", "Collecting"),
                                ("collected", "Collected"),
                                ("nothing_new", "Nothing new"),
                                ("rate_limited", "Waiting for the platform’s limit"),
                                ("refused", "Access refused"),
                                ("unreachable", "Not reachable"),
                                ("gone", "Not found"),
                                ("not_understood", "Answer not understood"),
                                ("interrupted", "Interrupted, goes on"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("error", models.TextField(blank=True)),
                    ("covered_since", models.DateTimeField(null=True)),
                    ("covered_until", models.DateTimeField(null=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="sources",
                            to="platforms.connectedaccount",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["kind", "due_at"], name="due_sources")],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("platform", "server", "kind", "query", "account"),
                            name="one_source_for_all",
                            nulls_distinct=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Mention",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("platform", models.CharField(max_length=40)),
                    ("external_id", models.CharField(max_length=1000)),
                    ("native_id", models.CharField(blank=True, max_length=500)),
                    ("url", models.CharField(blank=True, max_length=2000)),
                    ("title", models.TextField(blank=True)),
                    ("text", models.TextField(blank=True)),
                    ("published_at", models.DateTimeField()),
                    ("collected_at", models.DateTimeField()),
                    ("edited_at", models.DateTimeField(null=True)),
                    ("parent_id", models.CharField(max_length=1000, null=True)),
                    ("thread_id", models.CharField(max_length=1000, null=True)),
                    ("has_media", models.BooleanField(default=False)),
                    ("author_key", models.CharField(max_length=600)),
                    ("author_handle", models.CharField(blank=True, max_length=500)),
                    ("author_name", models.CharField(blank=True, max_length=500)),
                    ("author_url", models.CharField(blank=True, max_length=2000)),
                    ("author_avatar_url", models.CharField(blank=True, max_length=2000)),
                    ("author_followers", models.BigIntegerField(null=True)),
                    ("author_in_sample", models.BooleanField(default=False)),
                    (
                        "keyword_versions",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    ("no_longer_matches", models.BooleanField(default=False)),
                    ("language", models.CharField(max_length=12)),
                    (
                        "sentiment",
                        models.SmallIntegerField(choices=[(-1, "Negative"), (0, "Neutral"), (1, "Positive")]),
                    ),
                    ("sentiment_confidence", models.FloatField()),
                    (
                        "corrected_sentiment",
                        models.SmallIntegerField(
                            choices=[(-1, "Negative"), (0, "Neutral"), (1, "Positive")], null=True
                        ),
                    ),
                    (
                        "tone",
                        models.GeneratedField(
                            db_persist=True,
                            expression=django.db.models.functions.comparison.Coalesce(
                                "corrected_sentiment", "sentiment"
                            ),
                            output_field=models.SmallIntegerField(
                                choices=[(-1, "Negative"), (0, "Neutral"), (1, "Positive")]
                            ),
                        ),
                    ),
                    (
                        "hashtags",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "handles",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "links",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "terms",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("is_question", models.BooleanField(default=False)),
                    ("search", django.contrib.postgres.search.SearchVectorField(null=True)),
                    ("likes", models.BigIntegerField(null=True)),
                    ("replies", models.BigIntegerField(null=True)),
                    ("shares", models.BigIntegerField(null=True)),
                    ("quotes", models.BigIntegerField(null=True)),
                    ("views", models.BigIntegerField(null=True)),
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
                    ("refresh_at", models.DateTimeField(null=True)),
                    ("deleted_at", models.DateTimeField(null=True)),
                    (
                        "brand",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="mentions",
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
                        "source",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="listening.source",
                        ),
                    ),
                    ("community", models.CharField(blank=True, db_default="", default="", max_length=300)),
                    (
                        "status",
                        models.SmallIntegerField(
                            choices=[
                                (0, "Open"),
                                (1, "Archived"),
                                (2, "Not about us"),
                                (3, "Author muted"),
                                (4, "Deleted"),
                                (5, "No keyword finds it"),
                            ],
                            db_default=0,
                            default=0,
                        ),
                    ),
                    (
                        "tags",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), db_default=[], default=list, size=None
                        ),
                    ),
                    (
                        "is_counted",
                        models.GeneratedField(
                            db_persist=True,
                            expression=models.Case(
                                models.When(deleted_at=None, status__in=(0, 1), then=True), default=False
                            ),
                            output_field=models.BooleanField(),
                        ),
                    ),
                    (
                        "stated_language",
                        models.CharField(blank=True, db_default="", default="", max_length=35),
                    ),
                    (
                        "status_when_found",
                        models.SmallIntegerField(
                            choices=[
                                (0, "Open"),
                                (1, "Archived"),
                                (2, "Not about us"),
                                (3, "Author muted"),
                                (4, "Deleted"),
                                (5, "No keyword finds it"),
                            ],
                            null=True,
                        ),
                    ),
                    (
                        "has_link",
                        models.GeneratedField(
                            db_persist=True,
                            expression=models.Case(models.When(links=[], then=False), default=True),
                            output_field=models.BooleanField(),
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            fields=["brand", "author_key", "-published_at"], name="mentions_of_an_author"
                        ),
                        models.Index(
                            condition=models.Q(("refresh_at", None), _negated=True),
                            fields=["refresh_at"],
                            name="mentions_to_refresh",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass("brand_id", name="int8_ops"),
                            models.F("search"),
                            name="search_within_a_brand",
                        ),
                        django.contrib.postgres.indexes.BrinIndex(
                            autosummarize=True, fields=["collected_at"], name="mentions_by_collection"
                        ),
                        models.Index(
                            condition=models.Q(("author_in_sample", True), ("is_counted", True)),
                            fields=["brand", "published_at", "author_key"],
                            name="sampled_authors",
                        ),
                        models.Index(
                            condition=models.Q(("status", 0), _negated=True),
                            fields=["brand", "status", "-published_at", "-id"],
                            name="mentions_set_aside",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass("brand_id", name="int8_ops"),
                            models.F("tags"),
                            condition=models.Q(("tags", []), _negated=True),
                            name="tagged_mentions",
                        ),
                        models.Index(
                            models.F("brand"),
                            django.db.models.functions.comparison.Coalesce("thread_id", "parent_id"),
                            condition=models.Q(
                                django.db.models.lookups.IsNull(
                                    django.db.models.functions.comparison.Coalesce("thread_id", "parent_id"),
                                    False,
                                )
                            ),
                            name="conversations",
                        ),
                        models.Index(
                            condition=models.Q(("corrected_sentiment", None), _negated=True),
                            fields=["organization", "brand", "-published_at"],
                            name="corrected_mentions",
                        ),
                        models.Index(
                            fields=["organization", "brand", "-published_at", "-id"],
                            include=(
                                "platform",
                                "language",
                                "tone",
                                "status",
                                "is_counted",
                                "is_question",
                                "has_media",
                                "has_link",
                                "author_followers",
                                "interactions",
                                "keyword_versions",
                                "tags",
                                "community",
                            ),
                            name="latest_mentions",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("brand", "platform", "external_id"), name="one_mention_per_brand"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CoverageGap",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("began_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField()),
                    (
                        "source",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="gaps",
                            to="listening.source",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["source", "ended_at"], name="gaps_of_a_source")],
                },
            ),
            migrations.CreateModel(
                name="TrackedProfile",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("platform", models.CharField(max_length=40)),
                    ("server", models.CharField(blank=True, max_length=255)),
                    ("handle", models.CharField(max_length=500)),
                    ("external_id", models.CharField(blank=True, max_length=500)),
                    ("name", models.CharField(blank=True, max_length=300)),
                    ("url", models.URLField(blank=True, max_length=1000)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="profiles",
                            to="platforms.connectedaccount",
                        ),
                    ),
                    (
                        "brand",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="profiles",
                            to="listening.brand",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="tracked_profiles",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("brand", "platform", "server", "handle"),
                            name="one_profile_per_brand_and_handle",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Subscription",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("backfill_cursor", models.TextField(null=True)),
                    ("backfilled_at", models.DateTimeField(null=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "keyword",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="subscriptions",
                            to="listening.keyword",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="subscriptions",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="subscriptions",
                            to="listening.source",
                        ),
                    ),
                    (
                        "profile",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="subscriptions",
                            to="listening.trackedprofile",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("backfilled_at", None)),
                            fields=["source"],
                            name="waiting_backfills",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("keyword", None), _negated=True),
                            fields=("source", "keyword"),
                            name="one_subscription_per_keyword",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("profile", None), _negated=True),
                            fields=("source", "profile"),
                            name="one_subscription_per_profile",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("keyword", None), ("profile", None), _connector="XOR"),
                            name="keyword_or_profile",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CollectionRun",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("is_backfill", models.BooleanField(default=False)),
                    ("started_at", models.DateTimeField()),
                    ("finished_at", models.DateTimeField(null=True)),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("running", "Collecting"),
                                ("collected", "Collected"),
                                ("nothing_new", "Nothing new"),
                                ("rate_limited", "Waiting for the platform’s limit"),
                                ("refused", "Access refused"),
                                ("unreachable", "Not reachable"),
                                ("gone", "Not found"),
                                ("not_understood", "Answer not understood"),
                                ("interrupted", "Interrupted, goes on"),
                            ],
                            default="running",
                            max_length=20,
                        ),
                    ),
                    ("pages", models.PositiveIntegerField(default=0)),
                    ("posts_seen", models.PositiveIntegerField(default=0)),
                    ("posts_new", models.PositiveIntegerField(default=0)),
                    ("error", models.TextField(blank=True)),
                    (
                        "source",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="runs",
                            to="listening.source",
                        ),
                    ),
                    (
                        "subscription",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="listening.subscription",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["source", "-started_at"], name="runs_of_a_source")],
                },
            ),
            migrations.CreateModel(
                name="ErasedAuthor",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("digest", models.CharField(max_length=64)),
                    ("erased_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "organization",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="erased_authors",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "digest"), name="one_hash_per_erased_author"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ErasureKey",
                fields=[
                    (
                        "organization",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="erasure_key",
                            serialize=False,
                            to="accounts.organization",
                        ),
                    ),
                    ("sealed_key", models.TextField(blank=True, editable=False)),
                ],
            ),
            migrations.CreateModel(
                name="RetentionLimit",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("platform", models.CharField(max_length=40)),
                    (
                        "days",
                        models.PositiveIntegerField(
                            validators=[django.core.validators.MinValueValidator(1)], verbose_name="days"
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="retention_limits",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "platform"), name="one_limit_per_platform"
                        )
                    ],
                },
            ),
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
                    ],
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
                    ],
                },
            ),
            migrations.CreateModel(
                name="SavedView",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    ("query", models.TextField(blank=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("position", models.PositiveIntegerField(default=0)),
                    (
                        "brand",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="saved_views",
                            to="listening.brand",
                        ),
                    ),
                    (
                        "created_by",
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
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="saved_views",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "private_to",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="private_views",
                            to="accounts.membership",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("private_to", None)),
                            fields=("organization", "name"),
                            name="one_shared_view_per_name",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("private_to", None), _negated=True),
                            fields=("private_to", "name"),
                            name="one_private_view_per_name",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="AuthorRanking",
                fields=[
                    (
                        "organization",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="author_ranking",
                            serialize=False,
                            to="accounts.organization",
                        ),
                    ),
                    ("ranked_at", models.DateTimeField(null=True)),
                    ("mentions", models.BigIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name="LabelSample",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("first_day", models.DateField()),
                    ("last_day", models.DateField()),
                    ("language", models.CharField(blank=True, max_length=12)),
                    ("population", models.BigIntegerField()),
                    (
                        "mention_ids",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), size=None
                        ),
                    ),
                    ("drawn_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "brand",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="label_samples",
                            to="listening.brand",
                        ),
                    ),
                    (
                        "drawn_by",
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
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="label_samples",
                            to="accounts.organization",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="MentionEngagement",
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "mention_id", "at", blank=True, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "mention",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="engagement",
                            to="listening.mention",
                        ),
                    ),
                    ("at", models.DateTimeField()),
                    ("likes", models.BigIntegerField(null=True)),
                    ("replies", models.BigIntegerField(null=True)),
                    ("shares", models.BigIntegerField(null=True)),
                    ("quotes", models.BigIntegerField(null=True)),
                    ("views", models.BigIntegerField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name="RankedAuthor",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("days", models.SmallIntegerField()),
                    ("kind", models.CharField(blank=True, max_length=12)),
                    ("platform", models.CharField(max_length=40)),
                    ("followers", models.BigIntegerField(null=True)),
                    ("mentions", models.BigIntegerField()),
                    ("positive", models.BigIntegerField()),
                    ("negative", models.BigIntegerField()),
                    ("interactions", models.BigIntegerField()),
                    ("influence", models.FloatField()),
                    (
                        "brands",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    (
                        "mention",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="listening.mention",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="ranked_authors",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            fields=["organization", "days", "kind", "-influence", "-id"],
                            name="most_influential",
                        ),
                        models.Index(
                            fields=["organization", "days", "kind", "platform", "-influence", "-id"],
                            name="most_influential_there",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SentimentLabel",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "machine",
                        models.SmallIntegerField(choices=[(-1, "Negative"), (0, "Neutral"), (1, "Positive")]),
                    ),
                    (
                        "said",
                        models.SmallIntegerField(
                            choices=[(-1, "Negative"), (0, "Neutral"), (1, "Positive")], null=True
                        ),
                    ),
                    ("said_at", models.DateTimeField(auto_now=True)),
                    (
                        "mention",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="listening.mention",
                        ),
                    ),
                    (
                        "said_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "sample",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="labels",
                            to="listening.labelsample",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("sample", "mention"), name="one_label_per_sample_and_mention"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="BulkChange",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "act",
                        models.CharField(
                            choices=[
                                ("judge", "Change sentiment"),
                                ("not_about_us", "Not about us"),
                                ("archive", "Archive"),
                                ("put_back", "Put back"),
                                ("mute", "Mute author"),
                                ("unmute", "Unmute author"),
                                ("delete", "Delete"),
                                ("tag", "Tag"),
                                ("untag", "Take tag off"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("value", models.BigIntegerField(null=True)),
                    ("query", models.TextField(blank=True)),
                    ("newest_id", models.BigIntegerField(null=True)),
                    (
                        "muted",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("running", "Running"),
                                ("done", "Done"),
                                ("undoing", "Being undone"),
                                ("undone", "Undone"),
                                ("burying", "Being deleted for good"),
                                ("buried", "Deleted for good"),
                                ("failed", "Stopped by an error"),
                            ],
                            default="running",
                            max_length=10,
                        ),
                    ),
                    ("is_planned", models.BooleanField(default=False)),
                    ("lease_until", models.DateTimeField(null=True)),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    ("rows", models.PositiveBigIntegerField(default=0)),
                    ("done", models.PositiveBigIntegerField(default=0)),
                    ("changed", models.PositiveBigIntegerField(default=0)),
                    ("restored", models.PositiveBigIntegerField(default=0)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    (
                        "brand",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="listening.brand",
                        ),
                    ),
                    (
                        "created_by",
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
                            related_name="bulk_changes",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["organization", "-created_at"], name="latest_changes"),
                        models.Index(
                            condition=models.Q(("state__in", ["running", "undoing", "burying"])),
                            fields=["state"],
                            name="changes_to_work_on",
                        ),
                        models.Index(fields=["created_at"], name="changes_to_forget"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ChangedBatch",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField()),
                    (
                        "mention_ids",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), size=None
                        ),
                    ),
                    ("done_at", models.DateTimeField(null=True)),
                    ("is_undone", models.BooleanField(db_default=False, default=False)),
                    (
                        "changed_ids",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), db_default=[], default=list, size=None
                        ),
                    ),
                    (
                        "before",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.SmallIntegerField(null=True),
                            db_default=[],
                            default=list,
                            size=None,
                        ),
                    ),
                    (
                        "change",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="batches",
                            to="listening.bulkchange",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("change", "number"), name="one_batch_per_number")
                    ],
                },
            ),
            migrations.CreateModel(
                name="DismissedSuggestion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("word", "Word"),
                                ("hashtag", "Hashtag"),
                                ("misspelling", "Misspelling"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("word", models.CharField(max_length=100)),
                    ("dismissed_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "brand",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="dismissed_suggestions",
                            to="listening.brand",
                        ),
                    ),
                    (
                        "dismissed_by",
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
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="dismissed_suggestions",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("brand", "kind", "word"), name="one_dismissal_per_suggestion"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Replay",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("counting", "Being counted"),
                                ("counted", "Counted"),
                                ("applying", "Being applied"),
                                ("done", "Applied"),
                                ("stopped", "Stopped"),
                                ("failed", "Failed"),
                            ],
                            default="counting",
                            max_length=10,
                        ),
                    ),
                    ("attempt", models.PositiveSmallIntegerField(default=0)),
                    ("lease_until", models.DateTimeField(null=True)),
                    ("rows", models.PositiveBigIntegerField(default=0)),
                    ("done", models.PositiveBigIntegerField(default=0)),
                    ("position_at", models.DateTimeField(null=True)),
                    ("position_id", models.BigIntegerField(null=True)),
                    ("leaving", models.PositiveBigIntegerField(default=0)),
                    ("returning", models.PositiveBigIntegerField(default=0)),
                    ("joining", models.PositiveBigIntegerField(default=0)),
                    (
                        "shown_leaving",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    (
                        "shown_returning",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    (
                        "shown_joining",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "keyword",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="replays",
                            to="listening.keyword",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="replays",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="listening.keywordversion",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["keyword", "-id"], name="latest_replays"),
                        models.Index(
                            condition=models.Q(("state__in", ["counting", "applying"])),
                            fields=["state"],
                            name="replays_to_work_on",
                        ),
                    ],
                },
            ),
        ),
    ]
