"""How the reactions to a mention grew."""

from __future__ import annotations

from django.db import models

from monitoring.listening.models.mentions import Mention


class MentionEngagement(models.Model):
    """One measurement: written when a mention was asked for again and a number had changed.

    The first of a mention is what it had when it was found. NULL: the platform does not say. Goes with the mention, and
    when it becomes a tombstone.
    """

    pk = models.CompositePrimaryKey("mention_id", "at")
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="engagement", db_index=False)
    at = models.DateTimeField()
    likes = models.BigIntegerField(null=True)
    replies = models.BigIntegerField(null=True)
    shares = models.BigIntegerField(null=True)
    quotes = models.BigIntegerField(null=True)
    views = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.mention_id} at {self.at}"
