"""Keywords: start listening, change what is listened for, pause, stop."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from monitoring.analysis.queries import parse
from monitoring.listening.models import Brand, Keyword, KeywordVersion
from monitoring.listening.subscribing import subscribe_keyword


@transaction.atomic
def create_keyword(*, brand: Brand, query: str, by: User | None, platforms: Sequence[str] = ()) -> Keyword:
    """Listen for a query from now on, and as far back as each platform lets us look.

    Raises QueryError if the query cannot be read.
    """
    text = parse(query).text
    keyword = Keyword.objects.create(
        organization_id=brand.organization_id, brand=brand, platforms=sorted(set(platforms))
    )
    KeywordVersion.objects.create(keyword=keyword, query=text, created_by=by)
    subscribe_keyword(keyword)
    return keyword


@transaction.atomic
def change_keyword(*, keyword: Keyword, query: str, by: User | None, platforms: Sequence[str]) -> None:
    """Listen for something else. What was found before keeps the version that it matched.

    Raises QueryError if the query cannot be read.
    """
    text = parse(query).text
    keyword = Keyword.objects.select_for_update().get(pk=keyword.pk)
    current = keyword.versions.filter(replaced_at=None).first()
    if current is None or current.query != text:
        keyword.versions.filter(replaced_at=None).update(replaced_at=timezone.now())
        KeywordVersion.objects.create(keyword=keyword, query=text, created_by=by)
    keyword.platforms = sorted(set(platforms))
    keyword.save(update_fields=["platforms"])
    subscribe_keyword(keyword)


@transaction.atomic
def pause_keyword(*, keyword: Keyword) -> None:
    keyword.paused_at = keyword.paused_at or timezone.now()
    keyword.save(update_fields=["paused_at"])
    subscribe_keyword(keyword)


@transaction.atomic
def resume_keyword(*, keyword: Keyword) -> None:
    keyword.paused_at = None
    keyword.save(update_fields=["paused_at"])
    subscribe_keyword(keyword)


def delete_keyword(*, keyword: Keyword) -> None:
    """Stop listening. The mentions found so far stay."""
    keyword.delete()
