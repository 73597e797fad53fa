"""Suggestions for keywords that somebody does not want to see again. What is suggested is worked out anew each time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from monitoring.listening.models.brands import Brand


class SuggestionKind(models.TextChoices):
    WORD = "word", _("Word")
    HASHTAG = "hashtag", _("Hashtag")
    MISSPELLING = "misspelling", _("Misspelling")


class DismissedSuggestion(models.Model):
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="dismissed_suggestions"
    )
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="dismissed_suggestions")
    kind = models.CharField(max_length=12, choices=SuggestionKind)
    word = models.CharField(max_length=100)
    dismissed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    dismissed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "kind", "word"], name="one_dismissal_per_suggestion"),
        ]

    def __str__(self) -> str:
        return self.word
