"""Begin an organization, and change its settings."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.text import slugify

from accounts.audit import Action, record, record_change
from accounts.models import Membership, Organization, Role, User
from accounts.places import usual_week_start

_SLUG_LENGTH = 50
# Would be mistaken for an address of ours, now or later.
_RESERVED = frozenset(
    {
        "account",
        "admin",
        "api",
        "demo",
        "help",
        "login",
        "logout",
        "me",
        "new",
        "o",
        "settings",
        "start",
        "static",
    }
)
EDITABLE = ("name", "website", "time_zone", "week_start", "currency", "language")


def slugs_for(name: str) -> list[str]:
    """Addresses for a business, best first, whatever script its name is written in."""
    base = slugify(anyascii(name))[:_SLUG_LENGTH].strip("-") or "business"
    numbered = [f"{base}-{number}" for number in range(2, 100)]
    return numbered if base in _RESERVED else [base, *numbered]


def _free_slug(name: str) -> str:
    """The first free address. Until the transaction ends nobody else looks for one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.organization.slug'))")
    wanted = slugs_for(name)
    taken = set(Organization.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    return next((slug for slug in wanted if slug not in taken), f"{wanted[0]}-{secrets.token_hex(4)}")


@transaction.atomic
def create_organization(
    *,
    owner: User,
    name: str,
    website: str = "",
    time_zone: str = "UTC",
    currency: str = "EUR",
    language: str = "en",
    week_start: int | None = None,
    is_demo: bool = False,
) -> Organization:
    """A new organization with its owner. Its week begins as is usual where its clock hangs, unless it is said."""
    organization = Organization(
        name=name,
        slug=_free_slug(name),
        website=website,
        time_zone=time_zone,
        currency=currency,
        language=language,
        week_start=week_start or usual_week_start(time_zone),
        is_demo=is_demo,
    )
    organization.clean_fields()
    organization.save()
    Membership.objects.create(organization=organization, user=owner, role=Role.OWNER)
    record(Action.CREATED, organization=organization, subject=organization)
    return organization


def update_organization(*, organization: Organization, changes: Mapping[str, object]) -> frozenset[str]:
    """Save what differs and say which fields did.

    Whoever keeps figures by local day must know of a new time zone.
    """
    unknown = changes.keys() - set(EDITABLE)
    if unknown:
        raise ValidationError(f"Not a setting of an organization: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        stored = Organization.objects.select_for_update().get(pk=organization.pk)
        before = {name: getattr(stored, name) for name in changes}
        changed = frozenset(name for name, value in changes.items() if before[name] != value)
        for name in changed:
            setattr(stored, name, changes[name])
            setattr(organization, name, changes[name])
        if changed:
            stored.save(update_fields=[*changed])
        record_change(organization=stored, subject=stored, before=before, after=changes)
    return changed
