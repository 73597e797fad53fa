"""Say which pages are the organization's own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction

from accounts.audit import Action, record, record_change
from accounts.models import Organization
from monitoring.conversions.models import Site
from monitoring.conversions.visits.sites import publish_site


@transaction.atomic
def save_site(*, organization: Organization, hosts: Sequence[str], asks_how_heard: bool) -> Site:
    """Let the pages of these hosts report. The first time makes the key that stands in the snippet."""
    wanted = {"hosts": list(hosts), "asks_how_heard": asks_how_heard}
    before = Site.objects.filter(organization=organization).values(*wanted).first()
    site, is_new = Site.objects.update_or_create(
        organization=organization,
        defaults=wanted,
        create_defaults={**wanted, "key": secrets.token_hex(12)},
    )
    if is_new:
        record(Action.CONNECTED, organization=organization, subject=site, after=wanted)
    else:
        record_change(organization=organization, subject=site, before=before or {}, after=wanted)
    publish_site(site)
    return site


def tell_currency(*, organization: Organization) -> None:
    """After the organization's currency was changed: amounts without one are read in it from now on."""
    site = Site.objects.filter(organization=organization).select_related("organization").first()
    if site is not None:
        publish_site(site)
