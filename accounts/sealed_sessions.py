"""What lies in a session row is sealed: the seed of a second factor waits there until it is confirmed."""

from __future__ import annotations

import json
from typing import Any

from accounts.encryption import looks_sealed, seal_text, unseal_text


class SealedSerializer:
    """Django's SESSION_SERIALIZER. A session whose key is gone counts as empty; one from before sealing is read."""

    def dumps(self, session: dict[str, Any]) -> bytes:
        return seal_text(json.dumps(session, separators=(",", ":"))).encode("ascii")

    def loads(self, stored: bytes) -> dict[str, Any]:
        text = stored.decode()
        session: dict[str, Any] = json.loads(unseal_text(text) if looks_sealed(text) else text)
        return session
