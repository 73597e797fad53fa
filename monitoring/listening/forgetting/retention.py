"""How long mentions are kept: as long as an organization wants, and never longer than the platform allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import record_change
from accounts.models import Organization
from monitoring.listening.models import Mention, RetentionLimit
from monitoring.platforms.registry import platforms
from monitoring.platforms.types import Platform


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long an organization keeps the mentions of a platform. None: as long as they are public."""

    platform: Platform
    days: int | None

    @property
    def kept_for(self) -> timedelta | None:
        spans = [self.platform.keeps_for, timedelta(days=self.days) if self.days else None]
        return min((span for span in spans if span is not None), default=None)

    @property
    def most_days(self) -> int | None:
        """The most that the platform allows."""
        return self.platform.keeps_for.days if self.platform.keeps_for else None


def list_retention(*, organization: Organization) -> list[Retention]:
    limits = dict(RetentionLimit.objects.filter(organization=organization).values_list("platform", "days"))
    return [Retention(platform=platform, days=limits.get(platform.slug)) for platform in platforms()]


@transaction.atomic
def limit_retention(*, organization: Organization, days: Mapping[str, int | None]) -> None:
    """Keep each platform's mentions for so many days; None: as long as allowed."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    limits = RetentionLimit.objects.filter(organization=organization)
    before = dict(limits.values_list("platform", "days"))
    limits.filter(platform__in=[platform for platform, wanted in days.items() if wanted is None]).delete()
    RetentionLimit.objects.bulk_create(
        [
            RetentionLimit(organization=organization, platform=platform, days=wanted)
            for platform, wanted in days.items()
            if wanted is not None
        ],
        update_conflicts=True,
        unique_fields=["organization", "platform"],
        update_fields=["days"],
    )
    record_change(
        organization=organization,
        subject=organization,
        before={f"days kept, {platform}": before.get(platform) for platform in days},
        after={f"days kept, {platform}": wanted for platform, wanted in days.items()},
    )


def expired_mentions(*, organization: Organization, retention: Retention) -> QuerySet[Mention]:
    """What the next purge deletes."""
    mine = Mention.objects.filter(organization=organization, platform=retention.platform.slug)
    if retention.kept_for is None:
        return mine.none()
    return mine.filter(collected_at__lt=timezone.now() - retention.kept_for)


def everything_expired() -> Iterator[QuerySet[Mention]]:
    """What may be kept no longer: by the platforms' terms, and by the organizations' own limits."""
    now = timezone.now()
    for platform in platforms():
        if platform.keeps_for is not None:
            yield Mention.objects.filter(platform=platform.slug, collected_at__lt=now - platform.keeps_for)
    for limit in RetentionLimit.objects.order_by("pk"):
        yield Mention.objects.filter(
            organization_id=limit.organization_id,
            platform=limit.platform,
            collected_at__lt=now - timedelta(days=limit.days),
        )
