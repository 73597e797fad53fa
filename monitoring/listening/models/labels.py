"""What people say of the sentiment of mentions that chance chose: by these the machine's accuracy is measured.

Corrections will not do for that: people correct what struck them as wrong.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Organization, User
from monitoring.listening.models.brands import Brand
from monitoring.listening.models.mentions import Mention, Tone


class LabelSample(models.Model):
    """Mentions of a brand to be judged one after the other, each of the period as likely as any other."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="label_samples")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="label_samples")
    first_day = models.DateField()
    last_day = models.DateField()
    language = models.CharField(max_length=12, blank=True)  # "": any
    population = models.BigIntegerField()  # of how many they were drawn
    mention_ids = ArrayField(models.BigIntegerField())
    drawn_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    drawn_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{len(self.mention_ids)} of {self.population}"


class SentimentLabel(models.Model):
    """One judgement, beside what the machine had said. `said` is None where the person could not tell."""

    sample = models.ForeignKey(LabelSample, on_delete=models.CASCADE, related_name="labels", db_index=False)
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    machine = models.SmallIntegerField(choices=Tone)
    said = models.SmallIntegerField(choices=Tone, null=True)
    said_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "mention"], name="one_label_per_sample_and_mention"),
        ]

    def __str__(self) -> str:
        return f"{self.mention_id}: {self.said}"
