"""Authors whose posts an organization does not keep: remembered by a keyed hash, asked whenever posts are stored.

Each organization has a random key of its own, sealed with the ENCRYPTION_KEYS as credentials are; when those change,
`manage.py rotate_keys` seals it anew and the hashes stay what they are. Where the key cannot be opened, nothing of that
organization is stored: better no mention than one of somebody who asked to be forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from django.db import connection, transaction

from accounts.encryption import WrongKey, seal, unseal
from accounts.models import Organization
from monitoring.listening.collecting.found import Found
from monitoring.listening.models.privacy import ErasedAuthor, ErasureKey

logger = logging.getLogger(__name__)

# Every page of every search asks these: written by hand, they cost a quarter of what the ORM would.
_KEYS: Final = "select organization_id, sealed_key from listening_erasurekey where organization_id = any(%s)"
_ERASED: Final = """
    select organization_id, digest from listening_erasedauthor
    where organization_id = any(%s) and digest = any(%s)
"""


@transaction.atomic
def remember_author(
    *, organization: Organization, platform: str, external_id: str = "", handle: str = ""
) -> None:
    """From now on posts of this author are not stored: known by the platform's id, or else by the handle."""
    made = ErasureKey(organization=organization, sealed_key=seal({"key": secrets.token_hex(32)}))
    ErasureKey.objects.bulk_create([made], ignore_conflicts=True)
    key = _open(ErasureKey.objects.get(organization=organization).sealed_key)
    name = _by_id(platform, external_id) if external_id else _by_handle(platform, handle)
    ErasedAuthor.objects.bulk_create(
        [ErasedAuthor(organization=organization, digest=_digest(key, name))], ignore_conflicts=True
    )


def without_erased(platform: str, found: Sequence[Found]) -> list[Found]:
    """What may be stored. One question whether anybody was erased at all, and one for the whole batch if so.

    Asked by whoever holds the brands' locks: who is erased meanwhile is either known here, or deleted afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [list({item.organization_id for item in found})])
        keys = dict(cursor.fetchall())
        if not keys:
            return list(found)
        hashed = [(item, _digests(keys.get(item.organization_id), platform, item)) for item in found]
        asked = {digest for _item, digests in hashed for digest in digests or ()}
        cursor.execute(_ERASED, [list(keys), list(asked)])
        known = set(cursor.fetchall())
    return [
        item
        for item, digests in hashed
        if digests is not None and not any((item.organization_id, digest) in known for digest in digests)
    ]


def _digests(sealed: str | None, platform: str, item: Found) -> tuple[str, ...] | None:
    """The hashes an author may be known by: none where nobody was erased, and None where the key does not open."""
    if sealed is None:
        return ()
    try:
        key = _open(sealed)
    except WrongKey:
        logger.error(
            "The key of erased authors of organization %s does not open: nothing of it is stored.",
            item.organization_id,
        )
        return None
    return tuple(_digest(key, name) for name in _names(platform, item))


def _names(platform: str, item: Found) -> Iterator[str]:
    author = item.post.author
    yield _by_id(platform, author.external_id)
    if author.handle:
        yield _by_handle(platform, author.handle)


def normal_handle(handle: str) -> str:
    return handle.strip().removeprefix("@").casefold()


def _by_id(platform: str, external_id: str) -> str:
    return f"id\n{platform}\n{external_id}"


def _by_handle(platform: str, handle: str) -> str:
    return f"handle\n{platform}\n{normal_handle(handle)}"


def _digest(key: bytes, name: str) -> str:
    return hmac.digest(key, name.encode(errors="replace"), hashlib.sha256).hex()


@lru_cache(maxsize=1024)
def _open(sealed: str) -> bytes:
    return bytes.fromhex(unseal(sealed)["key"])
