"""How somebody gets into the demo: by a link that signs in once, printed where the demo is made.

The demo's person has no password, and belongs to demos only.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import Organization, User
from smedash.demo.building import find_demo


class _Entrance(PasswordResetTokenGenerator):
    """A token holds until somebody has signed in with it, or PASSWORD_RESET_TIMEOUT is over."""

    key_salt = "smedash.demo.entrance"


_entrance = _Entrance()


def demo_link() -> str:
    """A link into the demo; the ones printed before also hold until one of them is used."""
    person = User.objects.get(is_demo=True)
    return f"{settings.PUBLIC_URL}/demo/{_entrance.make_token(person)}/"


def let_in(token: str) -> tuple[User, Organization] | None:
    """Whom the link signs in, and where they look first."""
    person, organization = User.objects.filter(is_demo=True).first(), find_demo()
    if person is None or organization is None or not _entrance.check_token(person, token):
        return None
    if person.memberships.exclude(organization__is_demo=True).exists():
        return None  # nobody comes to a real business this way
    return person, organization
