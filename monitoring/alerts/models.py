"""What a saved view sends out: mails to members, feeds, and a widget for the company's site."""

from __future__ import annotations

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization, User
from monitoring.listening.models import SavedView

FEED_PREFIX: Final = "smf_"
WIDGET_PREFIX: Final = "smw_"


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    HOURLY = "hourly", _("Every hour")
    DAILY = "daily", _("Every day at seven")
    WEEKLY = "weekly", _("On Mondays at seven")


class ViewAlert(models.Model):
    """One member wants mails about one view. Mentions up to `seen_id` are told, or need no telling."""

    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="alerts", db_index=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="view_alerts")
    rhythm = models.CharField(max_length=10, choices=Rhythm)
    seen_id = models.BigIntegerField()
    next_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["view", "membership"], name="one_alert_per_view_and_member"),
        ]
        indexes: ClassVar = [models.Index(fields=["next_at"], name="alerts_that_are_due")]

    def __str__(self) -> str:
        return f"{self.view_id} {self.membership_id}: {self.rhythm}"


class AlertMail(models.Model):
    """One mail of an alert. Written with the step of `seen_id`; one without `sent_at` is tried again."""

    alert = models.ForeignKey(ViewAlert, on_delete=models.CASCADE, related_name="mails", db_index=False)
    until_id = models.BigIntegerField()  # the last mention that was looked at: of each alert once
    mentions = ArrayField(models.BigIntegerField())  # the newest, which the mail shows
    total = models.PositiveIntegerField()
    has_more = models.BooleanField(default=False)  # than `total`
    created_at = models.DateTimeField(default=timezone.now)
    try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)  # why the mail server did not take it, last time

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "until_id"], name="one_alert_mail_a_step"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["try_at"], condition=models.Q(sent_at=None), name="alert_mails_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.until_id}"


class FeedFormat(models.TextChoices):
    RSS = "rss", _("RSS, for feed readers")
    JSON = "json", _("JSON Feed, for programs")


class ViewFeed(models.Model):
    """Lets whoever holds the address read a shared view. Only a hash of the token in it is kept."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="feeds")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="feeds")
    name = models.CharField(_("name"), max_length=80)
    format = models.CharField(max_length=4, choices=FeedFormat)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # What it held when it was last made, and since when: the answer to "has it changed?".
    fingerprint = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class Appearance(models.TextChoices):
    AS_THE_DEVICE = "", _("As the visitor’s device says")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class ViewWidget(models.Model):
    """The latest mentions of a shared view in a frame on the company's own site."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="widgets")
    view = models.OneToOneField(SavedView, on_delete=models.CASCADE, related_name="widget")
    title = models.CharField(_("title"), max_length=80, blank=True)
    hosts = ArrayField(models.CharField(max_length=253))
    most = models.PositiveSmallIntegerField(default=5)
    shows_authors = models.BooleanField(default=True)
    shows_times = models.BooleanField(default=True)
    shows_links = models.BooleanField(default=True)
    appearance = models.CharField(max_length=5, choices=Appearance, blank=True)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title
