"""API tokens: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import ApiToken, Organization, TokenScope

PREFIX = "sme_"
_HINT_LENGTH = 9
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


def digest_of(secret: str) -> str:
    """Secrets of 256 random bits need no slow hash: nobody can guess them."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(*, organization: Organization, name: str, scope: TokenScope) -> tuple[ApiToken, str]:
    """A new token and its secret, which cannot be read again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organization=organization,
        name=name,
        scope=scope,
        hint=secret[:_HINT_LENGTH],
        digest=digest_of(secret),
    )
    return token, secret


def revoke_token(*, token: ApiToken) -> None:
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def authenticate_token(header: str, scope: TokenScope) -> ApiToken | None:
    """The token that an `Authorization: Bearer …` header names, if it may do what `scope` says."""
    kind, _space, secret = header.partition(" ")
    digest = digest_of(secret.strip())
    token = ApiToken.objects.select_related("organization").filter(digest=digest, revoked_at=None).first()
    if token is None or kind.lower() != "bearer" or token.scope != scope:
        return None
    if not hmac.compare_digest(token.digest, digest):
        return None
    _note_use(token)
    return token


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
