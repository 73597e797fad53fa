"""The businesses, and who has which role in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.models.time_zones import validate_time_zone


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
    requires_two_factor = models.BooleanField(_("two-factor sign-in for everybody"), default=False)
    # Somebody asked to delete it: at this time it goes, until then it can be taken back.
    delete_at = models.DateTimeField(null=True, blank=True)
    setup_step = models.CharField(max_length=10, choices=SetupStep, default=SetupStep.PROFILES)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/o/{self.slug}/"


class OrganizationLogo(models.Model):
    """The logo, re-encoded by us. Apart, so that nobody reads it who needs only the organization."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="logo"
    )
    image = models.BinaryField()  # PNG, at most 256 pixels wide and high
    digest = models.CharField(max_length=16)  # in its address, so that browsers may keep it

    def __str__(self) -> str:
        return f"{self.organization} · {self.digest}"


class OpeningHours(models.Model):
    """When somebody is there on a day of the week, by the organization's clock. A day may have several spans."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()  # as ISO 8601 numbers them: Monday is 1
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "weekday", "opens"], name="one_span_per_opening"),
            models.CheckConstraint(condition=models.Q(weekday__range=(1, 7)), name="opening_day_of_week"),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="closes_after_opening"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Holiday(models.Model):
    """Days on which nobody is there."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="holidays")
    name = models.CharField(_("name"), max_length=80)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="holiday_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first_day}"


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
