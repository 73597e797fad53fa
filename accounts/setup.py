"""How the first owner claims a fresh instance: by a one-time link that its operator hands over."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction

from accounts.models import SetupLink, User
from accounts.tokens import digest_of


class LinkIsUsedUp(Exception):
    """The link was used, replaced, or never existed."""


def instance_is_fresh() -> bool:
    """Nobody has an account here yet. Whoever only looks at the demo does not count."""
    return not User.objects.filter(is_demo=False).exists()


def setup_link_exists() -> bool:
    return SetupLink.objects.exists()


def setup_link_is_valid(token: str) -> bool:
    return instance_is_fresh() and SetupLink.objects.filter(digest=digest_of(token)).exists()


@transaction.atomic
def renew_setup_link() -> str:
    """A new link; links made before stop working."""
    token = secrets.token_urlsafe(32)
    SetupLink.objects.all().delete()
    SetupLink.objects.create(digest=digest_of(token))
    return f"{settings.PUBLIC_URL}/start/{token}/"


@transaction.atomic
def create_first_owner(*, token: str, name: str, email: str, password: str) -> User:
    """Use the link up and make the person who owns this instance. Of two who race, one gets LinkIsUsedUp."""
    link = SetupLink.objects.select_for_update().filter(digest=digest_of(token)).first()
    if link is None or not instance_is_fresh():
        raise LinkIsUsedUp
    link.delete()
    return User.objects.create_user(email, password, name=name)
