"""What people say about mentions: the words they sort them by, and whom they do not want to hear."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User


class Tag(models.Model):
    """A word by which an organization sorts its mentions. A mention holds the numbers of its tags."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("name"), max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="one_tag_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class MutedAuthor(models.Model):
    """Somebody whose posts an organization still stores, but neither shows nor counts."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="muted_authors", db_index=False
    )
    author_key = models.CharField(max_length=600)
    author_name = models.CharField(max_length=500, blank=True)
    muted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    muted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "author_key"], name="one_muting_per_author"),
        ]

    def __str__(self) -> str:
        return self.author_name or self.author_key

    @property
    def platform(self) -> str:
        return self.author_key.partition(":")[0]
