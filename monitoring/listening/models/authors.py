"""Who speaks about an organization's market, ranked. Worked out anew each day; nothing else writes here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Organization
from monitoring.listening.models.mentions import Mention


class AuthorRanking(models.Model):
    """When an organization's list was last made, and of how many mentions."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="author_ranking"
    )
    ranked_at = models.DateTimeField(null=True)
    mentions = models.BigIntegerField(default=0)  # within the longest time

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.ranked_at}"


class RankedAuthor(models.Model):
    """One of the most influential authors of a platform, in the last so many days, about brands of one kind or all.

    Who it is stands only on the mention, their latest: where that goes, this goes. Whom somebody mutes is not shown.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="ranked_authors", db_index=False
    )
    days = models.SmallIntegerField()
    kind = models.CharField(max_length=12, blank=True)  # of the brands; "": all of them
    platform = models.CharField(max_length=40)
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    followers = models.BigIntegerField(null=True)
    mentions = models.BigIntegerField()
    positive = models.BigIntegerField()
    negative = models.BigIntegerField()
    interactions = models.BigIntegerField()
    influence = models.FloatField()
    brands = ArrayField(models.BigIntegerField(), default=list)  # whom they spoke about, the most first

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "days", "kind", "-influence", "-id"], name="most_influential"
            ),
            models.Index(
                fields=["organization", "days", "kind", "platform", "-influence", "-id"],
                name="most_influential_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mention_id}: {self.influence:.0f}"
