"""The organization's own rules for social media, and who has read which version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models.organizations import Organization
from accounts.models.people import User


class HouseRules(models.Model):
    """One version of the rules. A version never changes; a new one takes its place."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="house_rules")
    version = models.PositiveIntegerField()
    text = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "version"], name="one_text_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.version}"


class RulesAcknowledged(models.Model):
    """A member has read a version and agrees."""

    rules = models.ForeignKey(HouseRules, on_delete=models.CASCADE, related_name="acknowledged")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    acknowledged_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rules", "user"], name="rules_acknowledged_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.rules}"
