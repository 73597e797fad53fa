"""What authors ask for on the public page: taken in, confirmed by mail, answered by an admin, forgotten."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.audit import Action, record
from accounts.models import Organization, User
from monitoring.privacy.models import AuthorRequest

CONFIRMED_WITHIN: Final = timedelta(days=2)
CLOSED_KEPT_FOR: Final = timedelta(days=90)
MOST_OF_ONE_ADDRESS: Final = 3  # a day
MOST_UNCONFIRMED: Final = 200  # a day, of one organization
# Written by hand: every overview asks it.
_WAITING: Final = """
    select count(*) from privacy_authorrequest
    where organization_id = %s and confirmed_at is not null and closed_at is null
"""
_SALT: Final = "privacy.author-request"
# No letters or digits that look like others: it is typed by hand.
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

Outcome = AuthorRequest.Outcome


def receive_request(
    *, organization: Organization, asked: Mapping[str, str], language: str, now: datetime
) -> AuthorRequest | None:
    """Keep what was asked until the address is confirmed. None where there are too many: nobody is told."""
    lately = AuthorRequest.objects.filter(created_at__gt=now - timedelta(days=1))
    # Of every organization on this server: whose address it is may have asked none of them.
    if lately.filter(email=asked["email"]).count() >= MOST_OF_ONE_ADDRESS:
        return None
    if lately.filter(organization=organization, confirmed_at=None).count() >= MOST_UNCONFIRMED:
        return None
    code = "".join(secrets.choice(_LETTERS) for _place in range(8))
    return AuthorRequest.objects.create(organization=organization, language=language, code=code, **asked)


def confirmation_address(request: AuthorRequest) -> str:
    token = signing.dumps(request.pk, salt=_SALT)
    return settings.PUBLIC_URL + reverse("privacy:confirm", args=[request.organization.slug, token])


def find_by_token(*, token: str) -> AuthorRequest | None:
    """The request that a link in a mail means."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=CONFIRMED_WITHIN)
    except signing.BadSignature:
        return None
    return AuthorRequest.objects.select_related("organization").filter(pk=pk).first()


def confirm_request(*, request: AuthorRequest) -> bool:
    """The address is theirs. Whether that is new."""
    return bool(
        AuthorRequest.objects.filter(pk=request.pk, confirmed_at=None).update(confirmed_at=timezone.now())
    )


def list_requests(*, organization: Organization) -> QuerySet[AuthorRequest]:
    """Those that wait first, the oldest of them on top; then those that were answered."""
    confirmed = AuthorRequest.objects.filter(organization=organization).exclude(confirmed_at=None)
    return confirmed.order_by("closed_at", "confirmed_at")


def count_waiting_requests(*, organization: Organization) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [organization.pk])
        return int(cursor.fetchone()[0])


@transaction.atomic
def close_request(*, request: AuthorRequest, outcome: AuthorRequest.Outcome, by: User) -> None:
    """Say what came of it. What they wrote is not needed any more."""
    closed = AuthorRequest.objects.filter(pk=request.pk, closed_at=None).update(
        outcome=outcome, closed_at=timezone.now(), closed_by=by, message=""
    )
    if closed:
        record(
            Action.CHANGED,
            organization=request.organization,
            kind="author request",
            name=f"#{request.pk}",
            after={"outcome": str(outcome)},
        )


def forget_requests(*, now: datetime) -> int:
    """Those that nobody confirmed, and those that were closed long ago."""
    unconfirmed = Q(confirmed_at=None, created_at__lt=now - CONFIRMED_WITHIN)
    closed = Q(closed_at__lt=now - CLOSED_KEPT_FOR)
    return AuthorRequest.objects.filter(unconfirmed | closed).delete()[0]
