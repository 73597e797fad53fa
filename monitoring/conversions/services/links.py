"""Make tracked links, change them and put them aside."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import Action, record, record_change
from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.clicks.targets import publish_target
from monitoring.conversions.models import Campaign, TrackedLink
from monitoring.listening.models import ChangeAct, Mention, MentionStatus
from monitoring.listening.services.changes import change_selected

_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another on paper
_LENGTH: Final = 7
_ATTEMPTS: Final = 5


class SlugTaken(Exception):
    """Another link, perhaps of another organization, ends like this."""


class LinkDetails(TypedDict, total=False):
    """What a link may have besides. Campaign, post and mention belong to the same organization."""

    campaign: Campaign | None
    utm_source: str
    utm_medium: str
    utm_content: str
    post: PublishedPost | None
    mention: Mention | None
    expires_at: datetime | None
    fallback: str


def create_link(
    *,
    organization: Organization,
    target: str,
    label: str,
    channel: str,
    slug: str = "",
    by: User | None = None,
    **details: Unpack[LinkDetails],
) -> TrackedLink:
    """A new short link, with any LinkDetails. Without a chosen ending it gets a random one. Raises SlugTaken."""
    for _attempt in range(1 if slug else _ATTEMPTS):
        link = TrackedLink(
            organization=organization,
            slug=slug.lower() or "".join(secrets.choice(_SIGNS) for _sign in range(_LENGTH)),
            target=target,
            label=label,
            channel=channel,
            created_by=by,
            **details,
        )
        try:
            with transaction.atomic():
                link.save(force_insert=True)
                publish_target(link)
                record(Action.CREATED, organization=organization, subject=link, after=_facts(link))
        except IntegrityError:
            continue
        _mark_as_answered(details.get("mention"), by)
        return link
    raise SlugTaken


def _mark_as_answered(mention: Mention | None, by: User | None) -> None:
    """Whoever makes a link for a mention answers it with that."""
    if mention and mention.status == MentionStatus.OPEN:
        change_selected(organization=mention.organization, act=ChangeAct.ANSWER, ids=[mention.pk], by=by)


@transaction.atomic
def change_link(
    *, link: TrackedLink, target: str, label: str, channel: str, **details: Unpack[LinkDetails]
) -> None:
    """Everything but its ending, which may be printed. Whoever follows it is led to the new target at once."""
    name, before = link.label, _facts(link)
    for field, value in {"target": target, "label": label, "channel": channel, **details}.items():
        setattr(link, field, value)
    link.save()
    publish_target(link)
    record_change(organization=link.organization, subject=link, name=name, before=before, after=_facts(link))


def archive_link(*, link: TrackedLink) -> None:
    """Take it off the list. It goes on working and counting: somebody may hold it printed in their hand."""
    _set_archived(link, timezone.now())


def restore_link(*, link: TrackedLink) -> None:
    _set_archived(link, None)


@transaction.atomic
def _set_archived(link: TrackedLink, moment: datetime | None) -> None:
    before = {"archived": link.archived_at is not None}
    link.archived_at = moment
    link.save(update_fields=["archived_at"])
    after = {"archived": moment is not None}
    record_change(organization=link.organization, subject=link, before=before, after=after)


def _facts(link: TrackedLink) -> dict[str, object]:
    told = ("label", "slug", "target", "channel", "utm_source", "utm_medium", "utm_content", "expires_at")
    return {name: getattr(link, name) for name in (*told, "fallback", "campaign")}
