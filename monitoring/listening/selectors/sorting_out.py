"""An organization's tags and muted authors, with how many mentions each has. Counts are bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Organization
from monitoring.listening.models import MutedAuthor, Tag
from monitoring.listening.selectors.mentions import BoundedCount
from monitoring.listening.selectors.naming import list_tags

COUNTED_EXACTLY: Final = 1_000
# What is tagged lies in an index by brand and tag; the rows of a tag are read up to a bound.
_COUNTS: Final = """
    select tag.id, (
        select count(*) from (
            select from listening_mention
            where brand_id = any(%(brands)s::bigint[]) and tags @> array[tag.id] and tags <> '{}' and is_counted
            limit %(most)s
        ) tagged
    )
    from listening_tag tag where tag.organization_id = %(organization)s
"""


@dataclass(frozen=True)
class CountedTag:
    tag: Tag
    count: BoundedCount


def count_tags(*, organization: Organization) -> list[CountedTag]:
    """Each with how many mentions that count have it."""
    brands = list(organization.brands.values_list("pk", flat=True))
    parameters: dict[str, Any] = {
        "brands": brands,
        "organization": organization.pk,
        "most": COUNTED_EXACTLY + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, parameters)
        numbers: dict[int, int] = dict(cursor.fetchall())
    return [CountedTag(tag, _bounded(numbers.get(tag.pk, 0))) for tag in list_tags(organization=organization)]


def muted_authors(*, organization: Organization) -> QuerySet[MutedAuthor]:
    """Whoever was muted last comes first."""
    muted = MutedAuthor.objects.filter(organization=organization).select_related("muted_by")
    return muted.order_by("-pk")


def _bounded(number: int) -> BoundedCount:
    return BoundedCount(min(number, COUNTED_EXACTLY), more=number > COUNTED_EXACTLY)
