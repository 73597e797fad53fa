"""An edited keyword can be applied to what is stored: what no keyword finds any more is set aside."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATUSES = [
    (0, "Open"),
    (1, "Archived"),
    (2, "Not about us"),
    (3, "Author muted"),
    (4, "Deleted"),
    (5, "No keyword finds it"),
]
IDENTITY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
PERSON = models.ForeignKey(
    null=True,
    on_delete=django.db.models.deletion.SET_NULL,
    related_name="+",
    to=settings.AUTH_USER_MODEL,
)


def numbers() -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.BigIntegerField(), default=list, size=None
    )


def belongs_to(model: str, name: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name=name, to=model)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_address_of_everybody"),
        ("listening", "0009_bulk_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="mention",
            name="status_when_found",
            field=models.SmallIntegerField(choices=STATUSES, null=True),
        ),
        migrations.AlterField(
            model_name="mention",
            name="status",
            field=models.SmallIntegerField(choices=STATUSES, db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="DismissedSuggestion",
            fields=[
                ("id", IDENTITY.clone()),
                (
                    "kind",
                    models.CharField(
                        choices=[("word", "Word"), ("hashtag", "Hashtag"), ("misspelling", "Misspelling")],
                        max_length=12,
                    ),
                ),
                ("word", models.CharField(max_length=100)),
                ("dismissed_at", models.DateTimeField(auto_now_add=True)),
                ("brand", belongs_to("listening.brand", "dismissed_suggestions")),
                ("dismissed_by", PERSON.clone()),
                ("organization", belongs_to("accounts.organization", "dismissed_suggestions")),
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
                ("id", IDENTITY.clone()),
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
                ("shown_leaving", numbers()),
                ("shown_returning", numbers()),
                ("shown_joining", numbers()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("created_by", PERSON.clone()),
                ("keyword", belongs_to("listening.keyword", "replays")),
                ("organization", belongs_to("accounts.organization", "replays")),
                ("version", belongs_to("listening.keywordversion", "+")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["keyword", "-id"], name="latest_replays"),
                    models.Index(
                        condition=models.Q(state__in=["counting", "applying"]),
                        fields=["state"],
                        name="replays_to_work_on",
                    ),
                ],
            },
        ),
    ]
