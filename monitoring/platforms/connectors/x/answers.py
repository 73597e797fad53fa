"""What an answer of X holds: its posts, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from monitoring.platforms.connectors.x.client import HOST
from monitoring.platforms.connectors.x.posts import authors_of, post_from
from monitoring.platforms.reading import items_of, page_of, part, parts
from monitoring.platforms.types import Cursor, Page, Post

PRICE_OF_POST, PRICE_OF_PROFILE = Decimal("0.005"), Decimal("0.010")


def price_of(answer: Mapping[str, object]) -> Decimal:
    data = answer.get("data")
    posts = len(data) if isinstance(data, list) else 0
    profiles = len(parts(part(answer, "includes"), "users")) + (1 if isinstance(data, dict) else 0)
    return posts * PRICE_OF_POST + profiles * PRICE_OF_PROFILE


def page_from(
    answer: Mapping[str, object], *, next_cursor: Cursor | None = None, checkpoint: str | None = None
) -> Page[Post]:
    """X leaves `data` out where there is none, but then says so in `meta` or names errors."""
    is_empty = "data" not in answer and (isinstance(answer.get("meta"), dict) or parts(answer, "errors"))
    authors = authors_of(answer)
    return page_of(
        [] if is_empty else items_of(answer, "data", HOST),
        lambda item: post_from(item, authors),
        host=HOST,
        next_cursor=next_cursor,
        checkpoint=checkpoint,
    )
