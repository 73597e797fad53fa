"""The public privacy page is written, published and taken back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, record
from accounts.models import Organization, User
from monitoring.privacy.models import PrivacyPage


@transaction.atomic
def save_page(*, organization: Organization, text: str, by: User, is_public: bool | None) -> PrivacyPage:
    """Save the text. None leaves it as public as it is."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    page = PrivacyPage.objects.filter(organization=organization).first() or PrivacyPage(
        organization=organization
    )
    before = {"published": page.published_at is not None, "letters": len(page.text)}
    page.text, page.changed_by = text, by
    if is_public is not None:
        page.published_at = (page.published_at or timezone.now()) if is_public else None
    page.save()
    after = {"published": page.published_at is not None, "letters": len(text)}
    record(
        Action.CHANGED,
        organization=organization,
        kind="privacy page",
        name=organization.name,
        before=before,
        after=after,
    )
    return page


def find_public_page(*, slug: str) -> PrivacyPage | None:
    """A demo's is never public: anybody may write there."""
    published = (
        PrivacyPage.objects.exclude(published_at=None)
        .filter(organization__is_demo=False)
        .select_related("organization")
    )
    return published.filter(organization__slug=slug).first()
