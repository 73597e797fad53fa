"""People and organizations.

The database refuses to change the audit log, and to delete from it outside of a purge.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.time_zones
from monitoring.lib.creating_models import CreateModels

GUARD = """
create function accounts_guard_audit() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('smedash.audit_purge', true) = 'on' then
        return null;
    end if;
    raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger guard_audit before update or delete on accounts_auditevent
for each statement execute function accounts_guard_audit();
"""
DROP = "drop trigger guard_audit on accounts_auditevent; drop function accounts_guard_audit();"


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_own_time_zone_and_setup_link"),
        ("accounts", "0003_setup_step"),
        ("accounts", "0004_demo_person"),
        ("accounts", "0005_teams_and_audit"),
        ("accounts", "0006_audit_trigger"),
        ("accounts", "0007_audit_search"),
        ("accounts", "0008_address_of_everybody"),
    ]
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Organization",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    ("slug", models.SlugField(max_length=60, unique=True)),
                    ("website", models.URLField(blank=True, verbose_name="website")),
                    (
                        "time_zone",
                        models.CharField(
                            default="UTC",
                            max_length=60,
                            validators=[accounts.models.time_zones.validate_time_zone],
                            verbose_name="time zone",
                        ),
                    ),
                    (
                        "week_start",
                        models.PositiveSmallIntegerField(
                            choices=[(1, "Monday"), (6, "Saturday"), (7, "Sunday")],
                            default=1,
                            verbose_name="week starts on",
                        ),
                    ),
                    ("currency", models.CharField(default="EUR", max_length=3, verbose_name="currency")),
                    ("language", models.CharField(default="en", max_length=10, verbose_name="language")),
                    ("is_demo", models.BooleanField(default=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "setup_step",
                        models.CharField(
                            choices=[
                                ("profiles", "Your profiles"),
                                ("others", "Who else"),
                                ("keywords", "Keywords"),
                                ("goal", "Your goal"),
                                ("done", "Done"),
                            ],
                            default="profiles",
                            max_length=10,
                        ),
                    ),
                    ("delete_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "requires_two_factor",
                        models.BooleanField(default=False, verbose_name="two-factor sign-in for everybody"),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="SetupLink",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("digest", models.CharField(max_length=64, unique=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                ],
            ),
            migrations.CreateModel(
                name="User",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("password", models.CharField(max_length=128, verbose_name="password")),
                    ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                    (
                        "is_superuser",
                        models.BooleanField(
                            default=False,
                            help_text="Designates that this user has all permissions without explicitly assigning them.",
                            verbose_name="superuser status",
                        ),
                    ),
                    ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                    ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                    ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                    ("is_active", models.BooleanField(default=True)),
                    ("is_staff", models.BooleanField(default=False)),
                    ("date_joined", models.DateTimeField(auto_now_add=True)),
                    (
                        "groups",
                        models.ManyToManyField(
                            blank=True,
                            help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.group",
                            verbose_name="groups",
                        ),
                    ),
                    (
                        "user_permissions",
                        models.ManyToManyField(
                            blank=True,
                            help_text="Specific permissions for this user.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.permission",
                            verbose_name="user permissions",
                        ),
                    ),
                    (
                        "time_zone",
                        models.CharField(
                            blank=True,
                            help_text="Empty: that of the organization.",
                            max_length=60,
                            validators=[accounts.models.time_zones.validate_time_zone],
                            verbose_name="time zone",
                        ),
                    ),
                    ("is_demo", models.BooleanField(default=False)),
                    (
                        "mail_about_team",
                        models.BooleanField(
                            default=True, verbose_name="mail me when somebody joins or leaves"
                        ),
                    ),
                    ("theme", models.CharField(blank=True, max_length=5, verbose_name="appearance")),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="ApiToken",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=80, verbose_name="name")),
                    (
                        "scope",
                        models.CharField(choices=[("conversions", "Report conversions")], max_length=40),
                    ),
                    (
                        "hint",
                        models.CharField(
                            help_text="The first characters, so that people recognize it.", max_length=12
                        ),
                    ),
                    ("digest", models.CharField(max_length=64, unique=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("last_used_at", models.DateTimeField(null=True)),
                    ("revoked_at", models.DateTimeField(null=True)),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="api_tokens",
                            to="accounts.organization",
                        ),
                    ),
                    ("expires_at", models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Membership",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("owner", "Owner"),
                                ("admin", "Admin"),
                                ("marketer", "Marketer"),
                                ("viewer", "Viewer"),
                            ],
                            max_length=10,
                            verbose_name="role",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="memberships",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="memberships",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "user"), name="one_membership_per_person"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="OrganizationLogo",
                fields=[
                    (
                        "organization",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="logo",
                            serialize=False,
                            to="accounts.organization",
                        ),
                    ),
                    ("image", models.BinaryField()),
                    ("digest", models.CharField(max_length=16)),
                ],
            ),
            migrations.CreateModel(
                name="HouseRules",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("version", models.PositiveIntegerField()),
                    ("text", models.TextField()),
                    ("written_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="house_rules",
                            to="accounts.organization",
                        ),
                    ),
                    (
                        "written_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "version"), name="one_text_per_version"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Invitation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("owner", "Owner"),
                                ("admin", "Admin"),
                                ("marketer", "Marketer"),
                                ("viewer", "Viewer"),
                            ],
                            max_length=10,
                            verbose_name="role",
                        ),
                    ),
                    ("digest", models.CharField(max_length=64, unique=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("sent_at", models.DateTimeField(null=True)),
                    ("expires_at", models.DateTimeField()),
                    ("accepted_at", models.DateTimeField(null=True)),
                    ("withdrawn_at", models.DateTimeField(null=True)),
                    (
                        "invited_by",
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
                            related_name="invitations",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                            fields=("organization", "email"),
                            name="one_open_invitation_per_address",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="OpeningHours",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("weekday", models.PositiveSmallIntegerField()),
                    ("opens", models.TimeField()),
                    ("closes", models.TimeField()),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="opening_hours",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organization", "weekday", "opens"), name="one_span_per_opening"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("weekday__range", (1, 7))), name="opening_day_of_week"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("closes__gt", models.F("opens"))), name="closes_after_opening"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RulesAcknowledged",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("acknowledged_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "rules",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="acknowledged",
                            to="accounts.houserules",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("rules", "user"), name="rules_acknowledged_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="AuditEvent",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("happened_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "action",
                        models.CharField(
                            choices=[
                                ("signed_in", "Signed in"),
                                ("sign_in_failed", "Sign-in failed"),
                                ("signed_out", "Signed out"),
                                ("secured", "Changed how to sign in"),
                                ("invited", "Invited"),
                                ("joined", "Joined"),
                                ("left", "Left"),
                                ("removed", "Removed from the team"),
                                ("role_changed", "Role changed"),
                                ("connected", "Connected"),
                                ("disconnected", "Disconnected"),
                                ("created", "Created"),
                                ("changed", "Changed"),
                                ("deleted", "Deleted"),
                                ("imported", "Imported"),
                                ("exported", "Exported"),
                                ("erased", "Erased"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("actor_name", models.CharField(blank=True, max_length=300)),
                    ("subject_kind", models.CharField(blank=True, max_length=40)),
                    ("subject_id", models.BigIntegerField(null=True)),
                    ("subject_name", models.CharField(blank=True, max_length=300)),
                    ("before", models.JSONField(default=dict)),
                    ("after", models.JSONField(default=dict)),
                    ("address", models.GenericIPAddressField(null=True)),
                    ("browser", models.CharField(blank=True, max_length=200)),
                    (
                        "actor",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "organization",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="audit_events",
                            to="accounts.organization",
                        ),
                    ),
                    ("search_text", models.TextField(blank=True)),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["happened_at"], name="audit_oldest"),
                        models.Index(
                            fields=["organization", "-happened_at", "-id"], name="audit_newest_first"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Holiday",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=80, verbose_name="name")),
                    ("first_day", models.DateField(verbose_name="first day")),
                    ("last_day", models.DateField(verbose_name="last day")),
                    (
                        "organization",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="holidays",
                            to="accounts.organization",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("last_day__gte", models.F("first_day"))),
                            name="holiday_ends_after_it_begins",
                        )
                    ],
                },
            ),
        ),
        migrations.RunSQL(GUARD, DROP),
    ]
