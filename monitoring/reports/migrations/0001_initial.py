"""Letters and reports."""

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
                name="LetterChoice",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("wants", models.BooleanField(default=True)),
                    ("changed_at", models.DateTimeField(auto_now=True)),
                    (
                        "membership",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="letter_choice",
                            to="accounts.membership",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="SharedMonth",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("first_day", models.DateField()),
                    ("digest", models.CharField(max_length=64, unique=True)),
                    ("shows_money", models.BooleanField(default=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("expires_at", models.DateTimeField()),
                    ("revoked_at", models.DateTimeField(null=True)),
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
                            related_name="shared_months",
                            to="accounts.organization",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Letter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("monday", models.DateField()),
                    ("sent_at", models.DateTimeField(null=True)),
                    ("error", models.CharField(blank=True, max_length=300)),
                    (
                        "membership",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="letters",
                            to="accounts.membership",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("membership", "monday"), name="one_letter_a_week")
                    ],
                },
            ),
        ),
    ]
