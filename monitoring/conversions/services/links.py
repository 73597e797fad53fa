"""Make tracked links and put them aside."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.conversions.clicks.targets import publish_target
from monitoring.conversions.models import TrackedLink

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another on paper
_LENGTH = 7
_ATTEMPTS = 5


class SlugTaken(Exception):
    """Another link, perhaps of another organization, ends like this."""


def create_link(
    *,
    organization: Organization,
    target: str,
    label: str,
    channel: str,
    slug: str = "",
    by: User | None = None,
) -> TrackedLink:
    """A new short link. Without a chosen ending it gets a random one. Raises SlugTaken."""
    for _attempt in range(1 if slug else _ATTEMPTS):
        link = TrackedLink(
            organization=organization,
            slug=slug.lower() or "".join(secrets.choice(_SIGNS) for _sign in range(_LENGTH)),
            target=target,
            label=label,
            channel=channel,
            created_by=by,
        )
        try:
            with transaction.atomic():
                link.save(force_insert=True)
                publish_target(link)
            return link
        except IntegrityError:
            continue
    raise SlugTaken


def archive_link(*, link: TrackedLink) -> None:
    """Take it off the list. It goes on working and counting: somebody may hold it printed in their hand."""
    _set_archived(link, timezone.now())


def restore_link(*, link: TrackedLink) -> None:
    _set_archived(link, None)


def _set_archived(link: TrackedLink, moment: datetime | None) -> None:
    link.archived_at = moment
    link.save(update_fields=["archived_at"])
