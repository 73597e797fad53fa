"""Steps that are done by saying something: once it is said, the rules are asked anew."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from monitoring.conversions.models import Goal, TrackedLink
from monitoring.listening.models import Keyword, TrackedProfile
from monitoring.strategy.models import Reckoning


@receiver(post_save, sender=Goal)
@receiver(post_save, sender=Keyword)
@receiver(post_save, sender=TrackedLink)
@receiver(post_save, sender=TrackedProfile)
def forget_reckoning(instance: Any, **_: object) -> None:
    """Whoever opens the next page must not be asked for what was just given."""
    Reckoning.objects.filter(organization_id=instance.organization_id).delete()
