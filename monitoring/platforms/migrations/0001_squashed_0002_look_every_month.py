"""Accounts that are connected."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from monitoring.lib.creating_models import CreateModels


class Migration(migrations.Migration):
    initial = True
    replaces = [("platforms", "0001_initial"), ("platforms", "0002_look_every_month")]
    dependencies = [
        ("accounts", "0001_squashed_0008_address_of_everybody"),
        # All their changes before our many models: after each of them Django makes all classes anew.
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="ConnectedAccount",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("platform", models.CharField(max_length=30, verbose_name="platform")),
                    ("server", models.CharField(blank=True, max_length=255, verbose_name="server")),
                    ("handle", models.CharField(max_length=255, verbose_name="handle")),
                    ("sealed_credentials", models.TextField(blank=True, editable=False)),
                    ("sealed_session", models.TextField(blank=True, editable=False)),
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
                    (
                        "monthly_spend_limit",
                        models.DecimalField(
                            blank=True,
                            decimal_places=2,
                            max_digits=10,
                            null=True,
                            validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                            verbose_name="monthly limit in US dollars",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="connected_accounts",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "rechecks_posts",
                        models.BooleanField(
                            default=False, verbose_name="look every month whether stored posts still exist"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "platform", "server", "handle"),
                            name="one_account_per_profile",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Spending",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("platform", models.CharField(max_length=30)),
                    ("month", models.DateField(help_text="Its first day.")),
                    ("amount", models.DecimalField(decimal_places=4, help_text="US dollars.", max_digits=12)),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="spending",
                            to="platforms.connectedaccount",
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="platform_spending",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("account", "month"), name="one_spending_per_month"),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gte", 0)), name="spending_not_negative"
                        ),
                    ],
                },
            ),
        ),
    ]
