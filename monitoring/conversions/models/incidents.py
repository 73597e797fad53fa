"""What happened: noted by a person, and marked in the charts, so that a bend in a line has its reason beside it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User


class Incident(models.Model):
    """Something that happened on one day or several: the shop was closed, prices rose, a parcel service failed."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="incidents", db_index=False
    )
    name = models.CharField(_("what happened"), max_length=120)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    noted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="incident_ends_after_it_starts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-first_day", "-id"], name="latest_incidents"),
        ]

    def __str__(self) -> str:
        return self.name
