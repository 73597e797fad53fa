"""What is polled, who wants it, and what came of every attempt."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.listening.models.brands import Keyword, TrackedProfile
from monitoring.platforms.models import ConnectedAccount


class SourceKind(models.TextChoices):
    """What is asked of a connector. The value is the capability's name."""

    SEARCH = "search_posts", _("Search")
    PROFILE = "read_profile", _("Profile")
    POSTS = "list_posts", _("Own posts")


class Outcome(models.TextChoices):
    """How an attempt to collect ended: the entries of the coverage ledger."""

    RUNNING = "running", _("Collecting")
    COLLECTED = "collected", _("Collected")
    NOTHING_NEW = "nothing_new", _("Nothing new")
    RATE_LIMITED = "rate_limited", _("Waiting for the platform’s limit")
    REFUSED = "refused", _("Access refused")
    UNREACHABLE = "unreachable", _("Not reachable")
    GONE = "gone", _("Not found")
    NOT_UNDERSTOOD = "not_understood", _("Answer not understood")
    INTERRUPTED = "interrupted", _("Interrupted, goes on")


class Source(models.Model):
    """One thing polled, shared by all who need the same.

    A run goes from the newest post back to `watermark`. Until it is complete, `cursor` says where it stands, and
    `next_watermark` and `next_checkpoint` wait to take over; a crash therefore loses nothing.
    """

    platform = models.CharField(max_length=40)
    server = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=20, choices=SourceKind)
    query = models.CharField(max_length=1000)  # the platform's own search text, or a handle
    account = models.ForeignKey(ConnectedAccount, on_delete=models.CASCADE, null=True, related_name="sources")

    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    interval = models.DurationField()
    cursor = models.TextField(null=True)
    watermark = models.DateTimeField(null=True)
    checkpoint = models.TextField(null=True)
    next_watermark = models.DateTimeField(null=True)
    next_checkpoint = models.TextField(null=True)

    failures = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    error = models.TextField(blank=True)
    covered_since = models.DateTimeField(null=True)  # how far back the first complete run reached
    covered_until = models.DateTimeField(null=True)  # when the last complete run began
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["platform", "server", "kind", "query", "account"],
                name="one_source_for_all",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "due_at"], name="due_sources")]

    def __str__(self) -> str:
        return f"{self.platform} {self.kind} {self.query}"


class Subscription(models.Model):
    """A keyword or a profile that wants what a source brings.

    Who joins a source that already ran gets the past by a backfill of its own, which never moves the source.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="subscriptions")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="subscriptions")
    keyword = models.ForeignKey(Keyword, on_delete=models.CASCADE, null=True, related_name="subscriptions")
    profile = models.ForeignKey(
        TrackedProfile, on_delete=models.CASCADE, null=True, related_name="subscriptions"
    )
    backfill_cursor = models.TextField(null=True)
    backfilled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "keyword"],
                condition=~models.Q(keyword=None),
                name="one_subscription_per_keyword",
            ),
            models.UniqueConstraint(
                fields=["source", "profile"],
                condition=~models.Q(profile=None),
                name="one_subscription_per_profile",
            ),
            models.CheckConstraint(
                condition=models.Q(keyword=None) ^ models.Q(profile=None), name="keyword_or_profile"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source"], condition=models.Q(backfilled_at=None), name="waiting_backfills")
        ]

    def __str__(self) -> str:
        return f"Subscription {self.pk} to source {self.source_id}"


class CollectionRun(models.Model):
    """One attempt to fetch, with its outcome and counts. The coverage ledger is made of these."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    subscription = models.ForeignKey(Subscription, on_delete=models.SET_NULL, null=True, related_name="+")
    is_backfill = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.RUNNING)
    pages = models.PositiveIntegerField(default=0)
    posts_seen = models.PositiveIntegerField(default=0)
    posts_new = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "-started_at"], name="runs_of_a_source")]

    def __str__(self) -> str:
        return f"Run {self.pk} of source {self.source_id}: {self.outcome}"


class CoverageGap(models.Model):
    """A time of which a source can tell us nothing any more: it was silent for longer than its search looks back."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="gaps")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "ended_at"], name="gaps_of_a_source")]

    def __str__(self) -> str:
        return f"Source {self.source_id} silent from {self.began_at} to {self.ended_at}"
