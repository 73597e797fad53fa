"""Clicks, visits and orders, and what they are credited to."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from monitoring.lib.creating_models import CreateModels


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("conversions", "0001_initial"),
        ("conversions", "0003_everything_it_earned"),
        ("conversions", "0006_orders_seen"),
    ]
    dependencies = [
        ("accounts", "0001_squashed_0008_address_of_everybody"),
        ("listening", "0001_squashed_tables"),
        ("audience", "0001_squashed_0003_post_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="ClickDay",
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "organization_id",
                            "day",
                            "link_id",
                            blank=True,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("organization_id", models.BigIntegerField()),
                    ("day", models.DateField()),
                    ("link_id", models.BigIntegerField()),
                    ("visits", models.BigIntegerField(default=0)),
                    ("repeats", models.BigIntegerField(default=0)),
                    ("bots", models.BigIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name="ConversionDay",
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "organization_id",
                            "day",
                            "kind",
                            "channel",
                            "currency",
                            blank=True,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("organization_id", models.BigIntegerField()),
                    ("day", models.DateField()),
                    ("kind", models.CharField(max_length=40)),
                    ("channel", models.CharField(max_length=20)),
                    ("currency", models.CharField(max_length=3)),
                    ("number", models.BigIntegerField(default=0)),
                    ("amount", models.DecimalField(decimal_places=4, default=0, max_digits=24)),
                ],
            ),
            migrations.CreateModel(
                name="CreditDay",
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "organization_id",
                            "day",
                            "model",
                            "kind",
                            "currency",
                            "channel",
                            "campaign_id",
                            "link_id",
                            blank=True,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("organization_id", models.BigIntegerField()),
                    ("day", models.DateField()),
                    ("model", models.CharField(max_length=10)),
                    ("kind", models.CharField(max_length=40)),
                    ("currency", models.CharField(max_length=3)),
                    ("channel", models.CharField(max_length=20)),
                    ("campaign_id", models.BigIntegerField()),
                    ("link_id", models.BigIntegerField()),
                    ("number", models.DecimalField(decimal_places=6, max_digits=24)),
                    ("amount", models.DecimalField(decimal_places=4, max_digits=24)),
                ],
            ),
            migrations.CreateModel(
                name="CreditDue",
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "organization_id",
                            "day",
                            blank=True,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("organization_id", models.BigIntegerField()),
                    ("day", models.DateField()),
                ],
            ),
            migrations.CreateModel(
                name="ReferenceRate",
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "currency", "day", blank=True, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("currency", models.CharField(max_length=3)),
                    ("day", models.DateField()),
                    ("per_euro", models.DecimalField(decimal_places=10, max_digits=20)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("per_euro__gt", 0)), name="reference_rate_above_zero"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="VisitDay",
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "organization_id",
                            "day",
                            "channel",
                            "campaign_id",
                            blank=True,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("organization_id", models.BigIntegerField()),
                    ("day", models.DateField()),
                    ("channel", models.CharField(max_length=20)),
                    ("campaign_id", models.BigIntegerField()),
                    ("visits", models.BigIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name="Goal",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                    (
                        "counts",
                        models.CharField(
                            max_length=40,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "\\A[a-z][a-z0-9_-]{0,39}\\Z",
                                    "Small letters, digits, - and _, and a letter first.",
                                )
                            ],
                            verbose_name="what counts",
                        ),
                    ),
                    (
                        "measure",
                        models.CharField(
                            choices=[("number", "How many"), ("amount", "How much money")],
                            default="number",
                            max_length=10,
                            verbose_name="measured as",
                        ),
                    ),
                    ("target", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="target")),
                    ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                    (
                        "cadence",
                        models.CharField(
                            choices=[
                                ("week", "Every week"),
                                ("month", "Every month"),
                                ("quarter", "Every quarter"),
                                ("once", "Once, between two dates"),
                            ],
                            default="month",
                            max_length=10,
                            verbose_name="period",
                        ),
                    ),
                    (
                        "channels",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("instagram", "Instagram"),
                                    ("facebook", "Facebook"),
                                    ("tiktok", "TikTok"),
                                    ("youtube", "YouTube"),
                                    ("whatsapp", "WhatsApp"),
                                    ("linkedin", "LinkedIn"),
                                    ("x", "X"),
                                    ("bluesky", "Bluesky"),
                                    ("mastodon", "Mastodon"),
                                    ("reddit", "Reddit"),
                                    ("other_social", "Other social media"),
                                    ("google", "Google or maps"),
                                    ("friend", "A friend"),
                                    ("walk_in", "Passed by"),
                                    ("mail", "Mail or newsletter"),
                                    ("print", "Flyer or sign"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                            ),
                            blank=True,
                            default=list,
                            size=None,
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="goals",
                            to="accounts.organization",
                        ),
                    ),
                    ("first_day", models.DateField(blank=True, null=True, verbose_name="first day")),
                    ("is_main", models.BooleanField(default=True)),
                    ("last_day", models.DateField(blank=True, null=True, verbose_name="last day")),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("ended_at", None)),
                            fields=["organization"],
                            name="active_goals",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("target__gt", 0)), name="goal_target_above_zero"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("currency", ""), ("measure", "number")),
                                models.Q(("measure", "amount"), models.Q(("currency", ""), _negated=True)),
                                _connector="OR",
                            ),
                            name="goal_amount_has_currency",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at", None), ("is_main", True)),
                            fields=("organization",),
                            name="one_main_goal",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("cadence", "once"), ("last_day__gte", models.F("first_day"))),
                                models.Q(
                                    models.Q(("cadence", "once"), _negated=True),
                                    ("first_day", None),
                                    ("last_day", None),
                                ),
                                _connector="OR",
                            ),
                            name="goal_dates",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Assumptions",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "margin",
                        models.DecimalField(
                            blank=True,
                            decimal_places=2,
                            max_digits=5,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(Decimal("0")),
                                django.core.validators.MaxValueValidator(Decimal("100")),
                            ],
                            verbose_name="margin in percent",
                        ),
                    ),
                    (
                        "hourly_rate",
                        models.DecimalField(
                            blank=True,
                            decimal_places=4,
                            max_digits=18,
                            null=True,
                            validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                            verbose_name="what an hour costs",
                        ),
                    ),
                    (
                        "minutes_a_week",
                        models.PositiveIntegerField(
                            blank=True, null=True, verbose_name="minutes a week for social media"
                        ),
                    ),
                    (
                        "window_days",
                        models.PositiveSmallIntegerField(
                            default=30,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(365),
                            ],
                            verbose_name="days before an order that count",
                        ),
                    ),
                    (
                        "half_life_days",
                        models.PositiveSmallIntegerField(
                            default=7,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(365),
                            ],
                            verbose_name="days after which a touch counts half",
                        ),
                    ),
                    (
                        "organization",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="assumptions",
                            to="accounts.organization",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Campaign",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    ("slug", models.CharField(max_length=100, verbose_name="tag")),
                    ("starts_on", models.DateField(verbose_name="begins")),
                    ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("archived_at", models.DateTimeField(null=True)),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="campaigns",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            models.F("organization"),
                            django.db.models.functions.text.Lower("slug"),
                            name="one_campaign_per_tag",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                            ),
                            name="campaign_ends_after_it_starts",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TrackedLink",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("slug", models.CharField(max_length=40, unique=True, verbose_name="ending")),
                    ("target", models.CharField(max_length=2000, verbose_name="leads to")),
                    ("label", models.CharField(max_length=120, verbose_name="name")),
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("tiktok", "TikTok"),
                                ("youtube", "YouTube"),
                                ("whatsapp", "WhatsApp"),
                                ("linkedin", "LinkedIn"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("reddit", "Reddit"),
                                ("other_social", "Other social media"),
                                ("google", "Google or maps"),
                                ("friend", "A friend"),
                                ("walk_in", "Passed by"),
                                ("mail", "Mail or newsletter"),
                                ("print", "Flyer or sign"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                            verbose_name="where you put it",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("archived_at", models.DateTimeField(null=True)),
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
                            related_name="tracked_links",
                            to="accounts.organization",
                        ),
                    ),
                    ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="works until")),
                    (
                        "fallback",
                        models.CharField(blank=True, max_length=2000, verbose_name="leads afterwards to"),
                    ),
                    (
                        "mention",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="listening.mention",
                        ),
                    ),
                    (
                        "post",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="links",
                            to="audience.publishedpost",
                        ),
                    ),
                    ("utm_content", models.CharField(blank=True, max_length=100)),
                    ("utm_medium", models.CharField(blank=True, max_length=100)),
                    ("utm_source", models.CharField(blank=True, max_length=100)),
                    (
                        "campaign",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="links",
                            to="conversions.campaign",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["organization", "-created_at"], name="latest_links")],
                },
            ),
            migrations.CreateModel(
                name="Click",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("click_id", models.UUIDField(unique=True)),
                    ("clicked_at", models.DateTimeField()),
                    ("visitor", models.CharField(max_length=32)),
                    ("is_bot", models.BooleanField(default=False)),
                    ("is_repeat", models.BooleanField(default=False)),
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
                        "link",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="clicks",
                            to="conversions.trackedlink",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["link", "visitor", "clicked_at"], name="clicks_of_a_visitor"),
                        models.Index(fields=["organization", "-clicked_at"], name="latest_clicks"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Coupon",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=60, verbose_name="code")),
                    (
                        "channel",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("tiktok", "TikTok"),
                                ("youtube", "YouTube"),
                                ("whatsapp", "WhatsApp"),
                                ("linkedin", "LinkedIn"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("reddit", "Reddit"),
                                ("other_social", "Other social media"),
                                ("google", "Google or maps"),
                                ("friend", "A friend"),
                                ("walk_in", "Passed by"),
                                ("mail", "Mail or newsletter"),
                                ("print", "Flyer or sign"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                            verbose_name="where you give it out",
                        ),
                    ),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="coupons",
                            to="conversions.campaign",
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
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            models.F("organization"),
                            django.db.models.functions.text.Lower("code"),
                            name="one_campaign_per_coupon",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="GoalResult",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("first_day", models.DateField()),
                    ("last_day", models.DateField()),
                    ("reached", models.DecimalField(decimal_places=4, max_digits=24)),
                    ("closed_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "goal",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="results",
                            to="conversions.goal",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("goal", "first_day"), name="one_result_per_period")
                    ],
                },
            ),
            migrations.CreateModel(
                name="OwnRate",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("currency", models.CharField(max_length=3)),
                    ("day", models.DateField()),
                    ("per_euro", models.DecimalField(decimal_places=10, max_digits=20)),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="exchange_rates",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "currency", "day"), name="one_own_rate_a_day"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("per_euro__gt", 0)), name="own_rate_above_zero"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ShopConnection",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("shop", models.CharField(max_length=20)),
                    ("address", models.CharField(blank=True, max_length=255)),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    ("key", models.CharField(max_length=32, unique=True)),
                    ("sealed_credentials", models.TextField(blank=True, editable=False)),
                    ("sealed_webhook_secret", models.TextField(blank=True, editable=False)),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("ok", "Connected"),
                                ("needs_reconnection", "Needs to be connected again"),
                            ],
                            default="ok",
                            max_length=20,
                        ),
                    ),
                    ("last_error", models.TextField(blank=True)),
                    ("cursor", models.JSONField(blank=True, default=dict)),
                    ("due_at", models.DateTimeField(null=True)),
                    ("lease_until", models.DateTimeField(null=True)),
                    ("last_polled_at", models.DateTimeField(null=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="shops",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("due_at", None), _negated=True),
                            fields=["due_at"],
                            name="shops_to_poll",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "shop", "address"), name="one_connection_per_shop"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Conversion",
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
                            max_length=40,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "\\A[a-z][a-z0-9_-]{0,39}\\Z",
                                    "Small letters, digits, - and _, and a letter first.",
                                )
                            ],
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("amount", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                    ("currency", models.CharField(blank=True, max_length=3)),
                    (
                        "heard_of_us_from",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("tiktok", "TikTok"),
                                ("youtube", "YouTube"),
                                ("whatsapp", "WhatsApp"),
                                ("linkedin", "LinkedIn"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("reddit", "Reddit"),
                                ("other_social", "Other social media"),
                                ("google", "Google or maps"),
                                ("friend", "A friend"),
                                ("walk_in", "Passed by"),
                                ("mail", "Mail or newsletter"),
                                ("print", "Flyer or sign"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("tiktok", "TikTok"),
                                ("youtube", "YouTube"),
                                ("whatsapp", "WhatsApp"),
                                ("linkedin", "LinkedIn"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("reddit", "Reddit"),
                                ("other_social", "Other social media"),
                                ("google", "Google or maps"),
                                ("friend", "A friend"),
                                ("walk_in", "Passed by"),
                                ("mail", "Mail or newsletter"),
                                ("print", "Flyer or sign"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "origin",
                        models.CharField(
                            choices=[
                                ("counter", "Counter"),
                                ("api", "Your systems"),
                                ("site", "Your site"),
                                ("shop", "Your shop"),
                                ("import", "A file"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("idempotency_key", models.CharField(max_length=200)),
                    ("note", models.CharField(blank=True, max_length=300)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("voided_at", models.DateTimeField(null=True)),
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
                            related_name="+",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "tracked_link",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="conversions",
                            to="conversions.trackedlink",
                        ),
                    ),
                    ("evidence", models.JSONField(blank=True, default=dict)),
                    ("number", models.SmallIntegerField(default=1)),
                    ("order_number", models.CharField(blank=True, max_length=100)),
                    (
                        "reverses",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reversals",
                            to="conversions.conversion",
                        ),
                    ),
                    ("touches_due_at", models.DateTimeField(null=True)),
                    (
                        "connection",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="conversions",
                            to="conversions.shopconnection",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            fields=["organization", "-occurred_at", "-id"], name="latest_conversions"
                        ),
                        models.Index(
                            condition=models.Q(("touches_due_at", None), _negated=True),
                            fields=["touches_due_at"],
                            name="touches_to_find",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "idempotency_key"), name="one_conversion_per_key"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("number", -1)), fields=("reverses",), name="taken_back_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("amount", None), ("currency", "")),
                                models.Q(
                                    models.Q(("amount", None), _negated=True),
                                    models.Q(("currency", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="conversion_amount_has_currency",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("number", 1),
                                    ("reverses", None),
                                    models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                                ),
                                models.Q(
                                    ("number__in", (-1, 0)),
                                    ("reverses__isnull", False),
                                    models.Q(("amount", None), ("amount__lte", 0), _connector="OR"),
                                ),
                                _connector="OR",
                            ),
                            name="only_reversals_subtract",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Delivery",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("delivery_id", models.CharField(max_length=200)),
                    ("topic", models.CharField(blank=True, max_length=100)),
                    ("received_at", models.DateTimeField()),
                    ("body", models.BinaryField(default=b"")),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting"),
                                ("recorded", "Recorded"),
                                ("nothing_new", "Known already"),
                                ("ignored", "Not needed"),
                                ("test", "Test"),
                                ("refused", "Refused"),
                                ("failed", "Not understood"),
                            ],
                            default="waiting",
                            max_length=12,
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=300)),
                    ("processed_at", models.DateTimeField(null=True)),
                    (
                        "connection",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="deliveries",
                            to="conversions.shopconnection",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["connection", "-received_at", "-id"], name="latest_deliveries"),
                        models.Index(
                            condition=models.Q(("outcome", "waiting")),
                            fields=["received_at"],
                            name="deliveries_to_work_on",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("connection", "delivery_id"), name="one_delivery_per_id"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Site",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.CharField(max_length=24, unique=True)),
                    (
                        "hosts",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=253), default=list, size=None
                        ),
                    ),
                    (
                        "asks_how_heard",
                        models.BooleanField(
                            default=False, verbose_name="ask “How did you hear of us?” after an order"
                        ),
                    ),
                    ("last_event_at", models.DateTimeField(null=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "organization",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="site",
                            to="accounts.organization",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Spend",
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
                                ("ads", "Advertisement"),
                                ("boost", "Boosted post"),
                                ("samples", "Samples and gifts"),
                                ("other", "Something else"),
                            ],
                            default="ads",
                            max_length=10,
                            verbose_name="for what",
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("tiktok", "TikTok"),
                                ("youtube", "YouTube"),
                                ("whatsapp", "WhatsApp"),
                                ("linkedin", "LinkedIn"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("reddit", "Reddit"),
                                ("other_social", "Other social media"),
                                ("google", "Google or maps"),
                                ("friend", "A friend"),
                                ("walk_in", "Passed by"),
                                ("mail", "Mail or newsletter"),
                                ("print", "Flyer or sign"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                            verbose_name="where",
                        ),
                    ),
                    ("first_day", models.DateField(verbose_name="first day")),
                    ("last_day", models.DateField(verbose_name="last day")),
                    (
                        "amount_a_day",
                        models.DecimalField(decimal_places=4, max_digits=18, verbose_name="a day"),
                    ),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                    ("idempotency_key", models.CharField(max_length=200)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "campaign",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="spend",
                            to="conversions.campaign",
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
                            related_name="spend",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "post",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="spend",
                            to="audience.publishedpost",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["organization", "first_day", "last_day"], name="spend_by_day")
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "idempotency_key"), name="one_spend_per_key"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount_a_day__gte", 0)), name="spend_not_negative"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("last_day__gte", models.F("first_day"))),
                            name="spend_ends_after_it_starts",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TimeSpent",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("day", models.DateField(verbose_name="day")),
                    (
                        "minutes",
                        models.PositiveIntegerField(
                            null=True,
                            validators=[django.core.validators.MaxValueValidator(1440)],
                            verbose_name="minutes",
                        ),
                    ),
                    ("started_at", models.DateTimeField(null=True)),
                    (
                        "channel",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("tiktok", "TikTok"),
                                ("youtube", "YouTube"),
                                ("whatsapp", "WhatsApp"),
                                ("linkedin", "LinkedIn"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("reddit", "Reddit"),
                                ("other_social", "Other social media"),
                                ("google", "Google or maps"),
                                ("friend", "A friend"),
                                ("walk_in", "Passed by"),
                                ("mail", "Mail or newsletter"),
                                ("print", "Flyer or sign"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                            verbose_name="where",
                        ),
                    ),
                    ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "campaign",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="time_spent",
                            to="conversions.campaign",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="time_spent",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "post",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="time_spent",
                            to="audience.publishedpost",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["organization", "-day"], name="time_by_day")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("minutes", None)),
                            fields=("organization", "user"),
                            name="one_running_timer",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Touch",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.CharField(max_length=120)),
                    (
                        "found",
                        models.CharField(
                            choices=[
                                ("click", "Tracked link"),
                                ("visit", "Tagged visit"),
                                ("tag", "Tag in the shop's order"),
                                ("referrer", "Referring site"),
                                ("coupon", "Coupon"),
                                ("told", "Named by the program that reported it"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    (
                        "channel",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("tiktok", "TikTok"),
                                ("youtube", "YouTube"),
                                ("whatsapp", "WhatsApp"),
                                ("linkedin", "LinkedIn"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("reddit", "Reddit"),
                                ("other_social", "Other social media"),
                                ("google", "Google or maps"),
                                ("friend", "A friend"),
                                ("walk_in", "Passed by"),
                                ("mail", "Mail or newsletter"),
                                ("print", "Flyer or sign"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "campaign",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="conversions.campaign",
                        ),
                    ),
                    (
                        "conversion",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="touches",
                            to="conversions.conversion",
                        ),
                    ),
                    (
                        "link",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="touches",
                            to="conversions.trackedlink",
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
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("conversion", "key"), name="one_touch_per_key")
                    ],
                },
            ),
            migrations.CreateModel(
                name="UtmWord",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "field",
                        models.CharField(
                            choices=[("source", "utm_source"), ("medium", "utm_medium")], max_length=10
                        ),
                    ),
                    ("word", models.CharField(max_length=100, verbose_name="word")),
                    (
                        "channel",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("tiktok", "TikTok"),
                                ("youtube", "YouTube"),
                                ("whatsapp", "WhatsApp"),
                                ("linkedin", "LinkedIn"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("reddit", "Reddit"),
                                ("other_social", "Other social media"),
                                ("google", "Google or maps"),
                                ("friend", "A friend"),
                                ("walk_in", "Passed by"),
                                ("mail", "Mail or newsletter"),
                                ("print", "Flyer or sign"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                            verbose_name="stands for",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="utm_words",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "field", "word"), name="one_utm_word"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("word", django.db.models.functions.text.Lower("word"))),
                            name="utm_words_are_lower_case",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Visit",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("visit_id", models.UUIDField(unique=True)),
                    ("occurred_at", models.DateTimeField()),
                    ("visitor", models.CharField(max_length=32)),
                    ("click_id", models.UUIDField(null=True)),
                    (
                        "channel",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("tiktok", "TikTok"),
                                ("youtube", "YouTube"),
                                ("whatsapp", "WhatsApp"),
                                ("linkedin", "LinkedIn"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("reddit", "Reddit"),
                                ("other_social", "Other social media"),
                                ("google", "Google or maps"),
                                ("friend", "A friend"),
                                ("walk_in", "Passed by"),
                                ("mail", "Mail or newsletter"),
                                ("print", "Flyer or sign"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("utm_source", models.CharField(blank=True, max_length=100)),
                    ("utm_medium", models.CharField(blank=True, max_length=100)),
                    ("utm_campaign", models.CharField(blank=True, max_length=100)),
                    ("landing", models.CharField(blank=True, max_length=2000)),
                    ("referrer", models.CharField(blank=True, max_length=253)),
                    ("is_bot", models.BooleanField(default=False)),
                    (
                        "campaign",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="conversions.campaign",
                        ),
                    ),
                    (
                        "link",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="conversions.trackedlink",
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
                ],
                options={
                    "indexes": [
                        models.Index(
                            fields=["organization", "visitor", "-occurred_at"], name="visits_of_a_visitor"
                        ),
                        models.Index(fields=["organization", "-occurred_at"], name="latest_visits"),
                        models.Index(
                            condition=models.Q(("click_id", None), _negated=True),
                            fields=["click_id"],
                            name="visits_by_click",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SeenOrder",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("external_id", models.CharField(max_length=100)),
                    ("told_at", models.DateTimeField(null=True)),
                    ("digest", models.CharField(max_length=32)),
                    (
                        "connection",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="seen_orders",
                            to="conversions.shopconnection",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("connection", "external_id"), name="one_version_per_order"
                        )
                    ],
                },
            ),
        ),
    ]
