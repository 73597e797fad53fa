"""Keywords: start listening, change what is listened for, pause, stop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, record, record_change
from accounts.models import User
from monitoring.analysis.queries import parse
from monitoring.listening.collecting.subscribing import subscribe_keyword
from monitoring.listening.models import Brand, Keyword, KeywordVersion
from monitoring.listening.services.replays import stop_replays


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
    facts = {"query": text, "brand": brand.name, "platforms": keyword.platforms}
    record(Action.CREATED, organization=brand.organization, subject=keyword, name=text, after=facts)
    return keyword


@transaction.atomic
def change_keyword(*, keyword: Keyword, query: str, by: User | None, platforms: Sequence[str]) -> None:
    """Listen for something else. What was found before keeps the version that it matched, unless `replaying` applies
    the new one to it.

    Raises QueryError if the query cannot be read.
    """
    text = parse(query).text
    keyword = Keyword.objects.select_for_update().get(pk=keyword.pk)
    current = keyword.versions.filter(replaced_at=None).first()
    before = {"query": current.query if current else "", "platforms": keyword.platforms}
    if before["query"] != text:
        keyword.versions.filter(replaced_at=None).update(replaced_at=timezone.now())
        KeywordVersion.objects.create(keyword=keyword, query=text, created_by=by)
    keyword.platforms = sorted(set(platforms))
    keyword.save(update_fields=["platforms"])
    subscribe_keyword(keyword)
    after = {"query": text, "platforms": keyword.platforms}
    if before != after:
        stop_replays(keyword=keyword)
    name = str(before["query"])
    record_change(organization=keyword.organization, subject=keyword, name=name, before=before, after=after)


def pause_keyword(*, keyword: Keyword) -> None:
    _set_paused(keyword, keyword.paused_at or timezone.now())


def resume_keyword(*, keyword: Keyword) -> None:
    _set_paused(keyword, None)


@transaction.atomic
def delete_keyword(*, keyword: Keyword) -> None:
    """Stop listening. The mentions found so far stay."""
    query = _query_of(keyword)
    facts = {"query": query, "brand": keyword.brand.name, "platforms": keyword.platforms}
    record(Action.DELETED, organization=keyword.organization, subject=keyword, name=query, before=facts)
    keyword.delete()


@transaction.atomic
def _set_paused(keyword: Keyword, moment: datetime | None) -> None:
    before = {"paused": keyword.paused_at is not None}
    keyword.paused_at = moment
    keyword.save(update_fields=["paused_at"])
    subscribe_keyword(keyword)
    record_change(
        organization=keyword.organization,
        subject=keyword,
        name=_query_of(keyword),
        before=before,
        after={"paused": moment is not None},
    )


def _query_of(keyword: Keyword) -> str:
    return keyword.versions.filter(replaced_at=None).values_list("query", flat=True).first() or ""
