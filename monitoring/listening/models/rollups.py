"""Counts of mentions, kept exact by triggers on the mentions (migration 0002). Nothing else writes here.

Rows carry no foreign key: the triggers and `listening.rollups` are the only writers, and the check of a key on
every count would cost more than the count.
"""

from __future__ import annotations

from django.db import models


class Counts(models.Model):
    mentions = models.BigIntegerField(default=0)
    positive = models.BigIntegerField(default=0)
    neutral = models.BigIntegerField(default=0)
    negative = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class MentionDay(Counts):
    """One row per brand, the organization's local day, platform and language."""

    pk = models.CompositePrimaryKey("brand_id", "day", "platform", "language")
    organization_id = models.BigIntegerField()
    brand_id = models.BigIntegerField()
    day = models.DateField()
    platform = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    questions = models.BigIntegerField(default=0)
    interactions = models.BigIntegerField(default=0)
    followers = models.BigIntegerField(
        default=0
    )  # of the authors, added up: what "people reached" is estimated from

    def __str__(self) -> str:
        return f"{self.brand_id} {self.day} {self.platform} {self.language}: {self.mentions}"


class MentionHour(Counts):
    """One row per brand and hour; the key is the UTC instant at which the local hour begins."""

    pk = models.CompositePrimaryKey("brand_id", "hour")
    organization_id = models.BigIntegerField()
    brand_id = models.BigIntegerField()
    hour = models.DateTimeField()
    interactions = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.brand_id} {self.hour}: {self.mentions}"


class TermKind(models.TextChoices):
    HASHTAG = "hashtag"
    TERM = "term"
    KEYWORD = "keyword"  # the number of a version
    LINK = "link"  # not those over LONGEST_COUNTED_LINK characters
    COMMUNITY = "community"


LONGEST_COUNTED_LINK = 500  # migration 0006 says so too: a longer one does not fit into the index


class TermDay(Counts):
    """One row per brand, local day and hashtag, term, keyword, link or community."""

    pk = models.CompositePrimaryKey("brand_id", "day", "kind", "term")
    organization_id = models.BigIntegerField()
    brand_id = models.BigIntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=12, choices=TermKind)
    term = models.TextField()

    def __str__(self) -> str:
        return f"{self.brand_id} {self.day} {self.term}: {self.mentions}"
