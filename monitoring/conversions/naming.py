"""What a post is called where there is little room."""

from __future__ import annotations

from typing import Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from monitoring.audience.models import PublishedPost

_SHORT: Final = 80


def name_post(post: PublishedPost) -> str:
    """How it begins, or where it is if it has no words."""
    words = " ".join((post.title or post.text).split())
    return (
        Truncator(words).chars(_SHORT) if words else _("A post on %(platform)s") % {"platform": post.platform}
    )
