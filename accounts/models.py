"""Who uses SMEdash: people, their organizations, and what each may do there."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value})


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str, **fields: object) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the login."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Empty: that of the organization."),
    )
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # looks at the demo, owns nothing else, has no password
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Weekday(models.IntegerChoices):
    """The days a week may start on, numbered as ISO 8601 does."""

    MONDAY = 1, _("Monday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class SetupStep(models.TextChoices):
    """Where the first set-up stands. Each step may be skipped, and none is asked twice."""

    PROFILES = "profiles", _("Your profiles")
    OTHERS = "others", _("Who else")
    KEYWORDS = "keywords", _("Keywords")
    GOAL = "goal", _("Your goal")
    DONE = "done", _("Done")


class Organization(models.Model):
    """The customer. Its slug stands in the address of every page."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True, max_length=60)
    website = models.URLField(_("website"), blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="UTC", validators=[validate_time_zone]
    )
    week_start = models.PositiveSmallIntegerField(
        _("week starts on"), choices=Weekday, default=Weekday.MONDAY
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    language = models.CharField(_("language"), max_length=10, default="en")
    is_demo = models.BooleanField(default=False)
    setup_step = models.CharField(max_length=10, choices=SetupStep, default=SetupStep.PROFILES)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/o/{self.slug}/"


class Role(models.TextChoices):
    """What a member may do. `accounts.access` orders them and says what each may do."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MARKETER = "marketer", _("Marketer")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """A person's place in an organization."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.role}"


class TokenScope(models.TextChoices):
    """What a program may do with a token."""

    CONVERSIONS = "conversions", _("Report conversions")


class ApiToken(models.Model):
    """Lets a program act for an organization. Only a hash is kept; the token itself is shown once."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(max_length=40, choices=TokenScope)
    hint = models.CharField(max_length=12, help_text="The first characters, so that people recognize it.")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class SetupLink(models.Model):
    """The one-time link by which the first owner claims a fresh instance. Only a hash is kept."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
