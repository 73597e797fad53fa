"""`{% load own_posts %}`: our own posts in a conversation that others began, or that we did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django import template
from django.db.models import Q

from monitoring.audience.models import PublishedPost
from monitoring.listening.models import BrandKind
from monitoring.listening.selectors.threads import Thread, ThreadPost, last_parts

register = template.Library()

_MOST: Final = 50
_ANSWERS_WITHIN: Final = timedelta(days=90)
_BEGUN_WITHIN: Final = timedelta(days=366)


@register.simple_tag
def with_own_posts(thread: Thread) -> list[ThreadPost]:
    """The whole conversation: what others said, what we said, and where the rest can be read."""
    return thread.complete(_own_posts(thread))


def _own_posts(thread: Thread) -> Iterator[ThreadPost]:
    moments = [post.at for post in thread.posts if post.at]
    wanted = thread.unknown
    near = PublishedPost.objects.filter(
        Q(external_id__in=wanted) | Q(native_id__in=last_parts(wanted)) | Q(parent_id__in=thread.names),
        organization=thread.mention.organization_id,
        brand__kind=BrandKind.OWN,
        platform=thread.mention.platform,
        published_at__range=(min(moments) - _BEGUN_WITHIN, max(moments) + _ANSWERS_WITHIN),
        removed_at=None,
    )
    for post in near.select_related("profile").order_by("published_at")[:_MOST]:
        names = thread.connector.named_by_replies(
            external_id=post.external_id, native_id=post.native_id, server=post.profile.server
        )
        if names & wanted or post.parent_id in thread.names:
            yield ThreadPost(
                names=names,
                parent=post.parent_id or "",
                at=post.published_at,
                author=post.profile.name or post.profile.handle,
                text=post.title or post.text,
                link=post.web_address,
                own_id=post.pk,
            )
