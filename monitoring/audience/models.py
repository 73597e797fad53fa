"""Who follows a profile, what it published, and how people reacted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.analysis.post_kinds import PostKind
from monitoring.listening.models import Brand, TrackedProfile


def _count(name: str) -> Coalesce:
    return Coalesce(models.F(name), 0)


class AudienceSnapshot(models.Model):
    """What a platform said about a profile at one time. A number it did not say is NULL, never made up.

    One an hour: a second reading within the hour replaces the first.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey(
        TrackedProfile, on_delete=models.CASCADE, related_name="snapshots", db_index=False
    )
    hour = models.DateTimeField()  # the beginning of the UTC hour
    taken_at = models.DateTimeField()
    followers = models.BigIntegerField(null=True)
    following = models.BigIntegerField(null=True)
    posts = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["profile", "hour"], name="one_snapshot_an_hour"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["profile", "-taken_at"],
                include=["followers"],
                condition=~models.Q(followers=None),
                name="followers_over_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} at {self.taken_at}: {self.followers}"


class Reactions(models.Model):
    """The counts under a post. NULL: the platform does not say."""

    likes = models.BigIntegerField(null=True)
    replies = models.BigIntegerField(null=True)
    shares = models.BigIntegerField(null=True)
    quotes = models.BigIntegerField(null=True)
    views = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


class PublishedPost(Reactions):
    """A post of a profile we follow, with its counts as last measured.

    A post that left the platform keeps its counts, which happened, and loses its words. A person's word about its kind
    wins over the guess.
    """

    class Kind(models.TextChoices):
        PRODUCT = PostKind.PRODUCT.value, _("Product")
        OFFER = PostKind.OFFER.value, _("Offer")
        TIP = PostKind.TIP.value, _("Tip")
        STORY = PostKind.STORY.value, _("Story")
        QUESTION = PostKind.QUESTION.value, _("Question")
        ANSWER = PostKind.ANSWER.value, _("Answer")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey(
        TrackedProfile, on_delete=models.CASCADE, related_name="published", db_index=False
    )
    platform = models.CharField(max_length=40)
    external_id = models.CharField(max_length=1000)
    native_id = models.CharField(max_length=500, blank=True)  # where the platform's API asks for another id
    url = models.CharField(max_length=2000, blank=True)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    parent_id = models.CharField(max_length=1000, null=True)  # a reply: a conversation, not a broadcast
    guessed_kind = models.CharField(max_length=10, choices=Kind)
    corrected_kind = models.CharField(max_length=10, choices=Kind, null=True)
    kind = models.GeneratedField(
        expression=Coalesce("corrected_kind", "guessed_kind"),
        output_field=models.CharField(max_length=10, choices=Kind),
        db_persist=True,
    )
    published_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()  # when its counts were last measured
    removed_at = models.DateTimeField(null=True)
    interactions = models.GeneratedField(
        expression=_count("likes") + _count("replies") + _count("shares") + _count("quotes"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["profile", "external_id"], name="one_post_per_profile"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "brand", "-published_at"], name="latest_posts_of_a_brand"),
            models.Index(fields=["profile", "-published_at"], name="latest_posts_of_a_profile"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.external_id}"

    @property
    def kind_said(self) -> str:
        """Its kind in words: Django names those of no generated field."""
        return str(PublishedPost.Kind(self.kind).label)

    @property
    def web_address(self) -> str:
        """Where to read it, if that is a web page."""
        return self.url if self.url.startswith(("https://", "http://")) else ""


class PostEngagement(Reactions):
    """One entry of a post's history: written when it was first seen, and whenever a count had changed.

    `gained` is what the interactions grew by since the entry before, and may be negative. `counted_at` is the moment
    the gain counts for: that of the measurement, and that of publication for what a post had when first seen.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(PublishedPost, on_delete=models.CASCADE, related_name="history", db_index=False)
    platform = models.CharField(max_length=40)
    measured_at = models.DateTimeField()
    counted_at = models.DateTimeField()
    gained = models.BigIntegerField()
    is_first = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "measured_at"], name="one_measurement_at_a_time"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "brand"], name="engagement_to_recount"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} at {self.measured_at}: {self.gained:+}"


class EngagementDay(models.Model):
    """Interactions gained and posts published: one row per brand, the organization's local day and platform.

    Kept exact by triggers on PostEngagement (migration 0002). Nothing else writes here, and no row is all zero.
    """

    pk = models.CompositePrimaryKey("brand_id", "day", "platform")
    organization_id = models.BigIntegerField()
    brand_id = models.BigIntegerField()
    day = models.DateField()
    platform = models.CharField(max_length=40)
    interactions = models.BigIntegerField(default=0)
    posts = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.brand_id} {self.day} {self.platform}: {self.interactions}"
