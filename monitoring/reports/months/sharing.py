"""A month that is shared by link: made, found, taken back. Only a hash of the link is kept."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.audit import Action, record
from accounts.models import Organization, User
from accounts.tokens import digest_of
from monitoring.reports.models import SharedMonth


@transaction.atomic
def share_month(
    *,
    organization: Organization,
    first_day: date,
    shows_money: bool,
    by: User,
    now: datetime,
    holds_for: timedelta,
) -> tuple[SharedMonth, str]:
    """The shared month and its address, which cannot be read again."""
    token = secrets.token_urlsafe(32)
    shared = SharedMonth.objects.create(
        organization=organization,
        first_day=first_day.replace(day=1),
        digest=digest_of(token),
        shows_money=shows_money,
        created_by=by,
        expires_at=now + holds_for,
    )
    facts = {"shows_money": shows_money, "until": shared.expires_at}
    record(Action.CREATED, organization=organization, subject=shared, name=_name_of(shared), after=facts)
    return shared, settings.PUBLIC_URL + reverse("reports:shared_month", args=[token])


@transaction.atomic
def revoke_month(*, shared: SharedMonth, now: datetime) -> None:
    """From now on the link finds nothing. Doing it twice changes nothing."""
    if SharedMonth.objects.filter(pk=shared.pk, revoked_at=None).update(revoked_at=now):
        record(Action.DELETED, organization=shared.organization, subject=shared, name=_name_of(shared))


def list_shared_months(*, organization: Organization, now: datetime) -> list[SharedMonth]:
    """Those whose links still work, the latest first."""
    shared = SharedMonth.objects.filter(organization=organization, revoked_at=None, expires_at__gt=now)
    return list(shared.select_related("created_by").order_by("-created_at", "-pk"))


def find_shared_month(*, token: str, now: datetime) -> SharedMonth | None:
    """None for a link that never was, has ended, or was taken back."""
    shared = SharedMonth.objects.filter(digest=digest_of(token), revoked_at=None, expires_at__gt=now)
    return shared.select_related("organization").first()


def _name_of(shared: SharedMonth) -> str:
    return f"{shared.first_day:%Y-%m}"
