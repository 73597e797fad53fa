"""A mention: a public post by someone else that matched a keyword of a brand."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.listening.models.brands import Brand
from monitoring.listening.models.sources import Source


class Tone(models.IntegerChoices):
    NEGATIVE = -1, _("Negative")
    NEUTRAL = 0, _("Neutral")
    POSITIVE = 1, _("Positive")


class MentionStatus(models.IntegerChoices):
    """What became of a mention. Open, answered and archived ones count; the others are kept, but in no figure."""

    OPEN = 0, _("Open")
    ARCHIVED = 1, _("Archived")
    NOT_ABOUT_US = 2, _("Not about us")
    MUTED = 3, _("Author muted")
    REMOVED = 4, _("Deleted")  # for an hour it can be undone; then nothing is left but a tombstone
    UNMATCHED = 5, _("No keyword finds it")  # an edited keyword was applied to what is stored
    ANSWERED = 6, _("Answered")  # as somebody of ours says


COUNTED_STATUSES = (MentionStatus.OPEN, MentionStatus.ARCHIVED, MentionStatus.ANSWERED)
# What a person may see: what somebody deleted is gone, even while that can be undone.
STILL_THERE = models.Q(deleted_at=None) & ~models.Q(status=MentionStatus.REMOVED)


# What mentions of one conversation have in common: where it began, or else what they answer.
CONVERSATION = Coalesce("thread_id", "parent_id")


def _count(name: str) -> Coalesce:
    return Coalesce(models.F(name), 0)


class Mention(models.Model):
    """Written by `listening.storing` in batches, counted by triggers in the same transaction, then only read.

    A mention that is deleted stays as a tombstone without text, so that polling does not bring it back.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, related_name="+")
    platform = models.CharField(max_length=40)
    # Where on the platform: a subreddit, a server, the site of a feed.
    community = models.CharField(max_length=300, blank=True, default="", db_default="")
    external_id = models.CharField(max_length=1000)
    native_id = models.CharField(max_length=500, blank=True)  # where the platform's API asks for another id
    url = models.CharField(max_length=2000, blank=True)

    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    published_at = models.DateTimeField()
    collected_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    parent_id = models.CharField(max_length=1000, null=True)
    thread_id = models.CharField(max_length=1000, null=True)
    has_media = models.BooleanField(default=False)

    author_key = models.CharField(max_length=600)  # platform and the author's id there
    author_handle = models.CharField(max_length=500, blank=True)
    author_name = models.CharField(max_length=500, blank=True)
    author_url = models.CharField(max_length=2000, blank=True)
    author_avatar_url = models.CharField(max_length=2000, blank=True)
    author_followers = models.BigIntegerField(null=True)
    # One author in sixteen: counting these estimates how many people speak, in any filter, at a sixteenth of the cost.
    author_in_sample = models.BooleanField(default=False)

    keyword_versions = ArrayField(models.BigIntegerField(), default=list)
    no_longer_matches = models.BooleanField(default=False)

    language = models.CharField(max_length=12)
    stated_language = models.CharField(
        max_length=35, blank=True, default="", db_default=""
    )  # by the platform
    sentiment = models.SmallIntegerField(choices=Tone)
    sentiment_confidence = models.FloatField()
    corrected_sentiment = models.SmallIntegerField(choices=Tone, null=True)
    tone = models.GeneratedField(
        expression=Coalesce("corrected_sentiment", "sentiment"),
        output_field=models.SmallIntegerField(choices=Tone),
        db_persist=True,
    )
    hashtags = ArrayField(models.TextField(), default=list)
    handles = ArrayField(models.TextField(), default=list)
    links = ArrayField(models.TextField(), default=list)
    has_link = models.GeneratedField(
        expression=models.Case(models.When(links=[], then=False), default=True),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    terms = ArrayField(models.TextField(), default=list)
    is_question = models.BooleanField(default=False)
    search = SearchVectorField(null=True)

    likes = models.BigIntegerField(null=True)
    replies = models.BigIntegerField(null=True)
    shares = models.BigIntegerField(null=True)
    quotes = models.BigIntegerField(null=True)
    views = models.BigIntegerField(null=True)
    interactions = models.GeneratedField(
        expression=_count("likes") + _count("replies") + _count("shares") + _count("quotes"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    refresh_at = models.DateTimeField(null=True)  # when to ask for its engagement again
    deleted_at = models.DateTimeField(null=True)

    status = models.SmallIntegerField(
        choices=MentionStatus, default=MentionStatus.OPEN, db_default=MentionStatus.OPEN
    )
    # What it was before no keyword found it: that comes back when one does.
    status_when_found = models.SmallIntegerField(choices=MentionStatus, null=True)
    tags = ArrayField(models.BigIntegerField(), default=list, db_default=[])  # numbers of `Tag`
    is_counted = models.GeneratedField(
        expression=models.Case(
            models.When(deleted_at=None, status__in=COUNTED_STATUSES, then=True), default=False
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand", "platform", "external_id"], name="one_mention_per_brand"
            ),
        ]
        indexes: ClassVar = [
            # With all that a page filters by and counts: it is answered from here, ten thousand rows in a few ms.
            models.Index(
                fields=["organization", "brand", "-published_at", "-id"],
                include=[
                    "platform",
                    "language",
                    "tone",
                    "status",
                    "is_counted",
                    "is_question",
                    "has_media",
                    "has_link",
                    "author_followers",
                    "interactions",
                    "keyword_versions",
                    "tags",
                    "community",
                ],
                name="latest_mentions",
            ),
            models.Index(fields=["brand", "author_key", "-published_at"], name="mentions_of_an_author"),
            models.Index(
                fields=["brand", "published_at", "author_key"],
                condition=models.Q(author_in_sample=True, is_counted=True),
                name="sampled_authors",
            ),
            models.Index(
                fields=["refresh_at"], condition=~models.Q(refresh_at=None), name="mentions_to_refresh"
            ),
            models.Index(
                fields=["brand", "status", "-published_at", "-id"],
                condition=~models.Q(status=MentionStatus.OPEN),
                name="mentions_set_aside",
            ),
            GinIndex(
                OpClass("brand_id", name="int8_ops"),
                "tags",
                condition=~models.Q(tags=[]),
                name="tagged_mentions",
            ),
            models.Index(
                "brand", CONVERSATION, condition=models.Q(IsNull(CONVERSATION, False)), name="conversations"
            ),
            models.Index(
                fields=["organization", "brand", "-published_at"],
                condition=~models.Q(corrected_sentiment=None),
                name="corrected_mentions",
            ),
            # Rows lie in the order in which they were collected: a few kilobytes find what is too old to keep.
            BrinIndex(fields=["collected_at"], name="mentions_by_collection", autosummarize=True),
            GinIndex(OpClass("brand_id", name="int8_ops"), "search", name="search_within_a_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.external_id}"

    @property
    def author_said(self) -> str:
        """By name or handle; somebody where the platform names nobody, as X does of a deleted account."""
        return self.author_name or self.author_handle or gettext("Somebody")

    @property
    def is_there(self) -> bool:
        """As STILL_THERE asks the database."""
        return self.deleted_at is None and self.status != MentionStatus.REMOVED
