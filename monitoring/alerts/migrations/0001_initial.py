"""Alerts about what was said."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from monitoring.lib.creating_models import CreateModels


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("accounts", "0001_squashed_0008_address_of_everybody"),
        ("listening", "0001_squashed_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="ViewAlert",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "rhythm",
                        models.CharField(
                            choices=[
                                ("at_once", "At once"),
                                ("hourly", "Every hour"),
                                ("daily", "Every day at seven"),
                                ("weekly", "On Mondays at seven"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("seen_id", models.BigIntegerField()),
                    ("next_at", models.DateTimeField()),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "membership",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="view_alerts",
                            to="accounts.membership",
                        ),
                    ),
                    (
                        "view",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="alerts",
                            to="listening.savedview",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["next_at"], name="alerts_that_are_due")],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("view", "membership"), name="one_alert_per_view_and_member"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="AlertMail",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("until_id", models.BigIntegerField()),
                    (
                        "mentions",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), size=None
                        ),
                    ),
                    ("total", models.PositiveIntegerField()),
                    ("has_more", models.BooleanField(default=False)),
                    ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("try_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("tries", models.PositiveSmallIntegerField(default=0)),
                    ("sent_at", models.DateTimeField(null=True)),
                    ("error", models.CharField(blank=True, max_length=300)),
                    (
                        "alert",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="mails",
                            to="alerts.viewalert",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("sent_at", None)),
                            fields=["try_at"],
                            name="alert_mails_to_send",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("alert", "until_id"), name="one_alert_mail_a_step")
                    ],
                },
            ),
            migrations.CreateModel(
                name="ViewFeed",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=80, verbose_name="name")),
                    (
                        "format",
                        models.CharField(
                            choices=[("rss", "RSS, for feed readers"), ("json", "JSON Feed, for programs")],
                            max_length=4,
                        ),
                    ),
                    ("hint", models.CharField(max_length=12)),
                    ("digest", models.CharField(max_length=64, unique=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("last_used_at", models.DateTimeField(null=True)),
                    ("revoked_at", models.DateTimeField(null=True)),
                    ("fingerprint", models.CharField(blank=True, max_length=64)),
                    ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                            related_name="feeds",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "view",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="feeds",
                            to="listening.savedview",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="ViewWidget",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("title", models.CharField(blank=True, max_length=80, verbose_name="title")),
                    (
                        "hosts",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=253), size=None
                        ),
                    ),
                    ("most", models.PositiveSmallIntegerField(default=5)),
                    ("shows_authors", models.BooleanField(default=True)),
                    ("shows_times", models.BooleanField(default=True)),
                    ("shows_links", models.BooleanField(default=True)),
                    (
                        "appearance",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", "As the visitor’s device says"),
                                ("light", "Light"),
                                ("dark", "Dark"),
                            ],
                            max_length=5,
                        ),
                    ),
                    ("hint", models.CharField(max_length=12)),
                    ("digest", models.CharField(max_length=64, unique=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
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
                            related_name="widgets",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "view",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="widget",
                            to="listening.savedview",
                        ),
                    ),
                ],
            ),
        ),
    ]
