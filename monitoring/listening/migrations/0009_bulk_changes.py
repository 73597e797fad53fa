"""What people did to mentions, kept for a day so that it can be undone."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ACTS = [
    ("judge", "Change sentiment"),
    ("not_about_us", "Not about us"),
    ("archive", "Archive"),
    ("put_back", "Put back"),
    ("mute", "Mute author"),
    ("unmute", "Unmute author"),
    ("delete", "Delete"),
    ("tag", "Tag"),
    ("untag", "Take tag off"),
]
STATES = [
    ("running", "Running"),
    ("done", "Done"),
    ("undoing", "Being undone"),
    ("undone", "Undone"),
    ("burying", "Being deleted for good"),
    ("buried", "Deleted for good"),
    ("failed", "Stopped by an error"),
]


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def numbers(**options: object) -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.BigIntegerField(), size=None, **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_address_of_everybody"),
        ("listening", "0008_authors_labels_engagement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkChange",
            fields=[
                ("id", key()),
                ("act", models.CharField(choices=ACTS, max_length=20)),
                ("value", models.BigIntegerField(null=True)),
                ("query", models.TextField(blank=True)),
                ("newest_id", models.BigIntegerField(null=True)),
                ("muted", numbers(default=list)),
                ("state", models.CharField(choices=STATES, default="running", max_length=10)),
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
                        condition=models.Q(state__in=["running", "undoing", "burying"]),
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
                ("id", key()),
                ("number", models.PositiveIntegerField()),
                ("mention_ids", numbers()),
                ("done_at", models.DateTimeField(null=True)),
                ("is_undone", models.BooleanField(db_default=False, default=False)),
                ("changed_ids", numbers(db_default=[], default=list)),
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
                    models.UniqueConstraint(fields=("change", "number"), name="one_batch_per_number"),
                ],
            },
        ),
    ]
