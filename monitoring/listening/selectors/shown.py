"""The mentions that a page shows: the only ones that are fetched from the table as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitoring.lib.written_queries import Columns
from monitoring.listening.models import Brand, Mention
from monitoring.listening.selectors import paging
from monitoring.listening.selectors.filtering import Condition
from monitoring.listening.selectors.mentions import MentionPage
from monitoring.listening.selectors.paging import Places, first_places

_OF_MENTION: Final = Columns(Mention, without=["search"])
_SHOWN: Final = f"""
    select {_OF_MENTION.of("mention")} from listening_mention mention
    where organization_id = %s and id = any(%s::bigint[])
"""  # noqa: S608 - put together from constants
_NEWEST: Final = f"""
    select {_OF_MENTION.of("mention")} from listening_mention mention
    where organization_id = %s and id = any(array(
        select id from listening_mention where {{condition}} order by published_at desc, id desc limit %s))
    order by published_at desc, id desc
"""  # noqa: S608 - put together from constants


def page_at(*, brand: Brand, places: Places) -> MentionPage:
    ids = list(places.ids)
    found = _OF_MENTION.fetch(_SHOWN, [brand.organization_id, ids]) if ids else []
    shown = {mention.pk: mention for mention in found}
    mentions = [shown[mention_id] for mention_id in places.ids if mention_id in shown]
    return MentionPage(mentions, older=places.older, newer=places.newer)


def newest_mentions(*, brand: Brand, condition: Condition) -> list[Mention]:
    """Those of the first page, and one more if there are so many: found and fetched at once."""
    asked = [brand.organization_id, *condition.parameters, paging.PAGE_SIZE + 1]
    return _OF_MENTION.fetch(_NEWEST.format(condition=condition.query), asked)


def first_page(newest: Sequence[Mention]) -> MentionPage:
    """Of what `newest_mentions` gave."""
    places = first_places([(mention.published_at, mention.pk) for mention in newest])
    return MentionPage(newest[: paging.PAGE_SIZE], older=places.older, newer=places.newer)
