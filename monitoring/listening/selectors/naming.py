"""What the numbers on a mention stand for: versions of keywords, and tags."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from accounts.models import Organization
from monitoring.listening.models import Brand, KeywordVersion, Tag


def queries_of_brand(*, brand: Brand) -> dict[int, tuple[int, str]]:
    """For each version of the brand's keywords its keyword, and the query as that version has it. Oldest first."""
    versions = KeywordVersion.objects.filter(
        keyword__organization=brand.organization_id, keyword__brand=brand
    )
    rows = versions.order_by("pk").values_list("pk", "keyword_id", "query")
    return {version: (keyword, query) for version, keyword, query in rows}


def list_tags(*, organization: Organization) -> list[Tag]:
    """By name, as people sort words. Read once for an organization, however many parts of a page want them."""
    prefetch_related_objects([organization], "tags")
    return sorted(organization.tags.all(), key=lambda tag: tag.name.casefold())


def tag_names(*, organization: Organization) -> dict[int, str]:
    return {tag.pk: tag.name for tag in list_tags(organization=organization)}
