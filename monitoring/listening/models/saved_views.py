"""A view of the mentions that somebody keeps: a brand, filters and a period under a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization, User
from monitoring.listening.models.brands import Brand

LONGEST_VIEW_NAME = 60


class SavedView(models.Model):
    """`query` is what `Choice` reads, without the brand. A private view goes with its owner, a shared one stays."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="saved_views")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=LONGEST_VIEW_NAME)
    query = models.TextField(blank=True)
    # Whose own it is; None: everybody's in the organization.
    private_to = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, related_name="private_views"
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    position = models.PositiveIntegerField(default=0)  # among the shared ones, or among its owner's

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=models.Q(private_to=None),
                name="one_shared_view_per_name",
            ),
            models.UniqueConstraint(
                fields=["private_to", "name"],
                condition=~models.Q(private_to=None),
                name="one_private_view_per_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.private_to_id is None
