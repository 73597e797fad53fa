"""Goals and what is planned."""

import django.contrib.postgres.fields
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
                name="Plan",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "whom",
                        models.CharField(
                            blank=True, max_length=500, verbose_name="Whom do you want to reach?"
                        ),
                    ),
                    (
                        "where",
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
                            verbose_name="Where are they?",
                        ),
                    ),
                    (
                        "kinds",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
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
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="What do you say?",
                        ),
                    ),
                    ("message", models.CharField(blank=True, max_length=500, verbose_name="In one sentence")),
                    ("purpose", models.CharField(blank=True, max_length=500, verbose_name="What is it for?")),
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
                            related_name="plan",
                            to="accounts.organization",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Reckoning",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("reckoned_at", models.DateTimeField()),
                    (
                        "organization",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reckoning",
                            to="accounts.organization",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Step",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("rule", models.CharField(max_length=30)),
                    ("subject", models.CharField(blank=True, max_length=200)),
                    ("evidence", models.JSONField(default=dict)),
                    ("weight", models.IntegerField()),
                    (
                        "state",
                        models.CharField(
                            choices=[("open", "Open"), ("taken", "Taken"), ("dismissed", "Dismissed")],
                            default="open",
                            max_length=10,
                        ),
                    ),
                    ("found_at", models.DateTimeField(auto_now_add=True)),
                    ("changed_at", models.DateTimeField()),
                    ("before", models.FloatField(null=True)),
                    ("after", models.FloatField(null=True)),
                    (
                        "verdict",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("helped", "It helped"),
                                ("no_difference", "No difference to be seen"),
                                ("too_little", "Too little to tell"),
                            ],
                            max_length=15,
                        ),
                    ),
                    ("judged_at", models.DateTimeField(null=True)),
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
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="steps",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["organization", "state", "-weight"], name="steps_to_show"),
                        models.Index(
                            condition=models.Q(("judged_at", None), ("state", "taken")),
                            fields=["changed_at"],
                            name="steps_to_judge",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "open")),
                            fields=("organization", "rule", "subject"),
                            name="one_open_step_a_subject",
                        )
                    ],
                },
            ),
        ),
    ]
