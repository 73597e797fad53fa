"""What an admin needs to put the snippet into a page, and to see whether it works."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from accounts.models import Organization
from monitoring.conversions.models import Site
from monitoring.conversions.visits.refusals import Refusal, find_refusal


@dataclass(frozen=True)
class SiteState:
    """`examples` are lines of HTML and JavaScript to copy."""

    site: Site
    snippet: str
    with_consent: str
    policy: str
    refusal: Refusal | None


def find_site_of(organization: Organization) -> Site | None:
    return Site.objects.filter(organization=organization).first()


def describe_site(site: Site) -> SiteState:
    source = f'<script defer src="{settings.PUBLIC_URL}/s.js" data-site="{site.key}"'
    return SiteState(
        site=site,
        snippet=f"{source}></script>",
        with_consent=f'{source} data-consent="yes"></script>',
        policy=f"script-src {settings.PUBLIC_URL}; connect-src {settings.PUBLIC_URL}",
        refusal=find_refusal(site.pk),
    )
