"""API tokens: made once, shown once, kept as a hash.

A token is `sme_`, random letters and digits, and a checksum of them, by which a program that looks for secrets in
other people's code tells a real one from a chance hit.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
import zlib
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, record
from accounts.models import ApiToken, Organization, TokenScope

PREFIX: Final = "sme_"
_LETTERS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH: Final = 40  # 238 bits
_CHECKSUM_LENGTH: Final = 6  # the letters that the largest CRC-32 takes
_HINT_LENGTH: Final = 9
_USE_IS_NOTED_EVERY: Final = timedelta(minutes=1)

SEND_ONE: Final = "Send a token: Authorization: Bearer sme_…"
MISTYPED: Final = "This is not a whole token: a part of it is missing or mistyped."
UNKNOWN: Final = "There is no such token here. Make one under Settings, API tokens."
REVOKED: Final = "This token was revoked on {day}. Make a new one under Settings, API tokens."
EXPIRED: Final = "This token expired on {day}. Make a new one under Settings, API tokens."
NOT_FOR_THIS: Final = "This token is not for this. Make one that may under Settings, API tokens: {scope}."


class TokenRefused(Exception):
    """Why a program is not let in, for whoever reads its log. Only who holds a token learns what became of it."""


def digest_of(secret: str) -> str:
    """Secrets of 238 random bits need no slow hash: nobody can guess them."""
    return hashlib.sha256(secret.encode()).hexdigest()


def checksum_of(text: str) -> str:
    number, letters = zlib.crc32(text.encode()), ""
    for _each in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_LETTERS))
        letters = _LETTERS[digit] + letters
    return letters


def is_whole(secret: str, prefix: str = PREFIX) -> bool:
    """Whether it can be a token at all: nothing of it is missing or mistyped."""
    text = secret.removeprefix(prefix)
    body, checksum = text[:-_CHECKSUM_LENGTH], text[-_CHECKSUM_LENGTH:]
    return secret.startswith(prefix) and len(body) == _RANDOM_LENGTH and checksum_of(body) == checksum


def make_secret(prefix: str = PREFIX) -> str:
    """A new one. Each kind of token has a prefix of its own, by which people and programs know it."""
    body = "".join(secrets.choice(_LETTERS) for _each in range(_RANDOM_LENGTH))
    return prefix + body + checksum_of(body)


def hint_of(secret: str) -> str:
    """The first characters, by which people recognize it later."""
    return secret[:_HINT_LENGTH]


@transaction.atomic
def issue_token(
    *, organization: Organization, name: str, scope: TokenScope, lifetime: timedelta | None = None
) -> tuple[ApiToken, str]:
    """A new token and its secret, which cannot be read again. Without a lifetime it works until it is revoked."""
    secret = make_secret()
    token = ApiToken.objects.create(
        organization=organization,
        name=name,
        scope=scope,
        hint=hint_of(secret),
        digest=digest_of(secret),
        expires_at=timezone.now() + lifetime if lifetime else None,
    )
    facts = {"scope": scope, "expires_at": token.expires_at}
    record(Action.CREATED, organization=organization, subject=token, after=facts)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken) -> None:
    now = timezone.now()
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        token.revoked_at = now
        facts = {"scope": token.scope, "last_used_at": token.last_used_at}
        record(Action.DELETED, organization=token.organization, subject=token, before=facts)


def authenticate_token(header: str, scope: TokenScope) -> ApiToken:
    """The token that an `Authorization: Bearer …` header names. Raises TokenRefused, unless it fits `scope`."""
    kind, _space, secret = header.partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer" or not secret:
        raise TokenRefused(SEND_ONE)
    digest = digest_of(secret)
    token = ApiToken.objects.select_related("organization").filter(digest=digest).first()
    if token is None or not hmac.compare_digest(token.digest, digest):
        raise TokenRefused(UNKNOWN if is_whole(secret) else MISTYPED)
    _refuse_unfit(token, scope)
    _note_use(token)
    return token


def _refuse_unfit(token: ApiToken, scope: TokenScope) -> None:
    if token.revoked_at is not None:
        raise TokenRefused(REVOKED.format(day=f"{token.revoked_at:%Y-%m-%d}"))
    if token.expires_at is not None and token.is_expired:
        raise TokenRefused(EXPIRED.format(day=f"{token.expires_at:%Y-%m-%d}"))
    if token.scope != scope:
        raise TokenRefused(NOT_FOR_THIS.format(scope=scope.value))


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
