"""Files that are read and written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.lib.creating_models import CreateModels


class Migration(migrations.Migration):
    initial = True
    replaces = [("jobs", "0001_initial"), ("jobs", "0002_exports")]
    dependencies = [
        ("accounts", "0001_squashed_0008_address_of_everybody"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="FileImport",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("importer", models.CharField(max_length=30)),
                    ("file_name", models.CharField(max_length=200)),
                    ("content", models.BinaryField(default=b"")),
                    ("choices", models.JSONField(default=dict)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("uploaded", "Not started"),
                                ("waiting", "Waiting"),
                                ("running", "Running"),
                                ("done", "Done"),
                                ("failed", "Failed"),
                            ],
                            default="uploaded",
                            max_length=10,
                        ),
                    ),
                    ("lease_until", models.DateTimeField(null=True)),
                    ("rows", models.PositiveIntegerField(default=0)),
                    ("done", models.PositiveIntegerField(default=0)),
                    ("new", models.PositiveIntegerField(default=0)),
                    ("bad", models.PositiveIntegerField(default=0)),
                    ("bad_lines", models.JSONField(default=list)),
                    ("problem", models.CharField(blank=True, max_length=300)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    ("expires_at", models.DateTimeField()),
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
                            related_name="file_imports",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["organization", "-created_at"], name="latest_imports"),
                        models.Index(
                            condition=models.Q(("content", b""), _negated=True),
                            fields=["expires_at"],
                            name="imports_to_forget",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FileExport",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("exporter", models.CharField(max_length=30)),
                    ("choices", models.JSONField(default=dict)),
                    ("file_name", models.CharField(max_length=200)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting"),
                                ("running", "Running"),
                                ("done", "Done"),
                                ("failed", "Failed"),
                            ],
                            default="waiting",
                            max_length=10,
                        ),
                    ),
                    ("attempt", models.PositiveSmallIntegerField(default=0)),
                    ("lease_until", models.DateTimeField(null=True)),
                    ("rows", models.PositiveBigIntegerField(default=0)),
                    ("done", models.PositiveBigIntegerField(default=0)),
                    ("size", models.PositiveBigIntegerField(default=0)),
                    ("problem", models.CharField(blank=True, max_length=300)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    ("expires_at", models.DateTimeField(null=True)),
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
                            related_name="file_exports",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["organization", "-created_at"], name="latest_exports"),
                        models.Index(
                            condition=models.Q(("state__in", ["waiting", "running"])),
                            fields=["state"],
                            name="exports_to_make",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FilePiece",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("attempt", models.PositiveSmallIntegerField()),
                    ("number", models.PositiveIntegerField()),
                    ("content", models.BinaryField()),
                    (
                        "export",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="pieces",
                            to="jobs.fileexport",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("export", "attempt", "number"), name="one_piece_per_number"
                        )
                    ],
                },
            ),
        ),
    ]
