"""Authors whom an organization does not want to hear: what they say is stored, but neither shown nor counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection

# Every page of every search asks this: written by hand, it costs a quarter of what the ORM would.
_MUTED: Final = """
    select organization_id, author_key from listening_mutedauthor
    where organization_id = any(%s) and author_key = any(%s)
"""


def muted_among(authors: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these are muted, each an organization and an author's key. One question for the whole batch.

    Asked by whoever holds the brands' locks: who is muted meanwhile is either known here, or muted afterwards.
    """
    asked = set(authors)
    organizations, keys = {organization for organization, _key in asked}, {key for _id, key in asked}
    with connection.cursor() as cursor:
        cursor.execute(_MUTED, [list(organizations), list(keys)])
        return asked.intersection(cursor.fetchall())
