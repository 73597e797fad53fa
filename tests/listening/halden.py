"""A business that listens on Hacker News, for programs that run beside the tests.

python -m tests.with_django tests.listening.halden make|state
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from monitoring.listening.models import (
    Brand,
    CollectionRun,
    Keyword,
    KeywordVersion,
    Mention,
    Source,
    Subscription,
)
from monitoring.listening.rollups import miscounted_rows

PLATFORM = "hackernews"


def make_business() -> Brand:
    """A business with one keyword, whose search on Hacker News is due."""
    owner = User.objects.create_user("owner@example.com", "a kettle sings at dawn")
    organization = create_organization(owner=owner, name="Halden", time_zone="Europe/Berlin", currency="EUR")
    brand = Brand.objects.create(organization=organization, name="Halden")
    keyword = Keyword.objects.create(organization=organization, brand=brand)
    KeywordVersion.objects.create(keyword=keyword, query="halden")
    source = Source.objects.create(
        platform=PLATFORM,
        kind="search_posts",
        query='"halden"',
        due_at=timezone.now(),
        interval=timedelta(minutes=15),
    )
    Subscription.objects.create(
        organization=organization, source=source, keyword=keyword, backfilled_at=timezone.now()
    )
    return brand


def state() -> dict[str, object]:
    """What was collected, and whether it was counted right."""
    runs = CollectionRun.objects.values_list("outcome").annotate(Count("pk"))
    return {
        "mentions": Mention.objects.count(),
        "ids": sorted(map(int, Mention.objects.values_list("external_id", flat=True).distinct())),
        "counted": sum(CollectionRun.objects.values_list("posts_new", flat=True)),
        "miscounted_rows": miscounted_rows(organization=Organization.objects.get()),
        "runs": dict(runs),
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["make"]:
        make_business()
    else:
        sys.stdout.write(json.dumps(state()))
