"""Who wants the letter. Whoever holds the link at the end of a letter may switch it off."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import Membership
from monitoring.reports.models import LetterChoice

_SALT = "monitoring.reports.letter"


def wants_letter(*, membership: Membership) -> bool:
    """Yes, unless the member said no."""
    return not LetterChoice.objects.filter(membership=membership, wants=False).exists()


def choose_letter(*, membership: Membership, wants: bool) -> None:
    LetterChoice.objects.update_or_create(membership=membership, defaults={"wants": wants})


def off_address(membership: Membership) -> str:
    """Where one click ends the letter. It holds as long as the membership does."""
    token = signing.Signer(salt=_SALT).sign_object(membership.pk, compress=False)
    return settings.PUBLIC_URL + reverse("reports:letter_off", args=[token])


def find_reader(*, token: str) -> Membership | None:
    """Whose letter a link switches off."""
    try:
        membership_id = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return Membership.objects.select_related("organization").filter(pk=membership_id).first()
