"""What a currency is worth in another on a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Organization

RATE_DIGITS, RATE_DECIMALS = 20, 10


class ReferenceRate(models.Model):
    """How many units of a currency one euro was worth, as the European Central Bank published it. For everybody."""

    pk = models.CompositePrimaryKey("currency", "day")
    currency = models.CharField(max_length=3)
    day = models.DateField()
    per_euro = models.DecimalField(max_digits=RATE_DIGITS, decimal_places=RATE_DECIMALS)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(per_euro__gt=0), name="reference_rate_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: 1 EUR = {self.per_euro} {self.currency}"


class OwnRate(models.Model):
    """How many units of a currency one euro was worth from a day on, as somebody of the organization entered it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="exchange_rates")
    currency = models.CharField(max_length=3)
    day = models.DateField()
    per_euro = models.DecimalField(max_digits=RATE_DIGITS, decimal_places=RATE_DECIMALS)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "currency", "day"], name="one_own_rate_a_day"),
            models.CheckConstraint(condition=models.Q(per_euro__gt=0), name="own_rate_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: 1 EUR = {self.per_euro} {self.currency}"
