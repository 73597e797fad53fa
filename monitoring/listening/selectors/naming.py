"""What the numbers on a mention stand for: versions of keywords, and tags."""

from __future__ import annotations

from typing import Final

from django.db import connection

from accounts.models import Organization
from monitoring.lib.written_queries import Columns
from monitoring.listening.models import Brand, Tag

# Written by hand: every page of mentions asks these.
_OF_TAG: Final = Columns(Tag)
_TAGS: Final = f"select {_OF_TAG.of('tag')} from listening_tag tag where organization_id = %s"  # noqa: S608 - constants
_VERSIONS: Final = """
    select version.id, version.keyword_id, version.query from listening_keywordversion version
    join listening_keyword keyword on keyword.id = version.keyword_id
    where keyword.organization_id = %s and keyword.brand_id = %s order by version.id
"""
_LISTED: Final = "_listed_tags"


def queries_of_brand(*, brand: Brand) -> dict[int, tuple[int, str]]:
    """For each version of the brand's keywords its keyword, and the query as that version has it. Oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [brand.organization_id, brand.pk])
        return {version: (keyword, query) for version, keyword, query in cursor.fetchall()}


def list_tags(*, organization: Organization) -> list[Tag]:
    """By name, as people sort words. Read once for an organization, however many parts of a page want them."""
    kept = vars(organization)
    if _LISTED not in kept:
        tags = _OF_TAG.fetch(_TAGS, [organization.pk])
        kept[_LISTED] = sorted(tags, key=lambda tag: tag.name.casefold())
    listed: list[Tag] = kept[_LISTED]
    return listed


def tag_names(*, organization: Organization) -> dict[int, str]:
    return {tag.pk: tag.name for tag in list_tags(organization=organization)}
