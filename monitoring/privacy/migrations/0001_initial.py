"""Requests of people about their data."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.lib.creating_models import CreateModels


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("accounts", "0001_squashed_0008_address_of_everybody"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="PrivacyPage",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("text", models.TextField(max_length=20000, verbose_name="text")),
                    ("published_at", models.DateTimeField(null=True)),
                    ("changed_at", models.DateTimeField(auto_now=True)),
                    (
                        "changed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "organization",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="privacy_page",
                            to="accounts.organization",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="AuthorRequest",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "wish",
                        models.CharField(
                            choices=[
                                ("see", "See what is stored about me"),
                                ("erase", "Erase what is stored about me"),
                            ],
                            max_length=10,
                            verbose_name="what you ask for",
                        ),
                    ),
                    ("platform", models.CharField(max_length=40, verbose_name="platform")),
                    ("handle", models.CharField(max_length=200, verbose_name="your handle there")),
                    ("email", models.EmailField(max_length=254, verbose_name="e-mail for the answer")),
                    ("message", models.TextField(blank=True, max_length=2000, verbose_name="message")),
                    ("language", models.CharField(max_length=10)),
                    ("code", models.CharField(max_length=12)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("confirmed_at", models.DateTimeField(null=True)),
                    (
                        "outcome",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("answered", "Answered"),
                                ("erased", "Erased"),
                                ("refused", "Refused: not proven to be the author"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("closed_at", models.DateTimeField(null=True)),
                    (
                        "closed_by",
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
                            related_name="author_requests",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["organization", "confirmed_at"], name="requests_of_authors")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Erasure",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("platform", models.CharField(max_length=40)),
                    ("author_key", models.CharField(blank=True, max_length=600)),
                    ("handle", models.CharField(blank=True, max_length=500)),
                    ("hint", models.CharField(max_length=40)),
                    ("total", models.PositiveIntegerField(default=0)),
                    ("done", models.PositiveIntegerField(default=0)),
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
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="erasures",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("finished_at", None)),
                            fields=["created_at"],
                            name="erasures_to_do",
                        )
                    ],
                },
            ),
        ),
    ]
