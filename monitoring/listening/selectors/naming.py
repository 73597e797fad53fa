"""What the numbers on a mention stand for: versions of keywords, and tags."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from accounts.models import Organization
from monitoring.listening.models import KeywordVersion, Tag


def queries_of_versions(*, organization: Organization, versions: Iterable[int]) -> dict[int, tuple[int, str]]:
    """For each version its keyword, and the query as that version has it."""
    found = KeywordVersion.objects.filter(keyword__organization=organization, pk__in=list(versions))
    rows = found.order_by("pk").values_list("pk", "keyword_id", "query")
    return {version: (keyword, query) for version, keyword, query in rows}


def query_of_keyword(*, organization: Organization, keyword: int) -> str:
    """As the keyword stands now; empty where there is none."""
    versions = KeywordVersion.objects.filter(keyword__organization=organization, keyword=keyword)
    return versions.order_by("-pk").values_list("query", flat=True).first() or ""


def list_tags(*, organization: Organization) -> list[Tag]:
    """By name, as people sort words. Read once for an organization, however many parts of a page want them."""
    prefetch_related_objects([organization], "tags")
    return sorted(organization.tags.all(), key=lambda tag: tag.name.casefold())


def tag_names(*, organization: Organization) -> dict[int, str]:
    return {tag.pk: tag.name for tag in list_tags(organization=organization)}
