"""Webhook calls: who signed them, and what they are about. Only the body is signed, so only the body is believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

LONGEST_TOPIC = 100
LONGEST_ID = 200


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that may be believed. `delivery_id` is the same when it is sent again."""

    delivery_id: str
    topic: str


@dataclass(frozen=True, kw_only=True)
class Ping:
    """The shop only tries whether somebody answers."""

    reason: str


class CallRefused(Exception):
    """Nobody should believe this call. `str()` says why, for the people who set it up."""

    status = 401


class CallNotUnderstood(CallRefused):
    """It is not even of the right form."""

    status = 400


@dataclass(frozen=True, kw_only=True)
class Received:
    """A call as it came. Header names are lower case."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime

    def header(self, name: str) -> str:
        return self.headers.get(name, "").strip()


def check_signature(received: Received, *, header: str, secret: str) -> None:
    """Base64 of the HMAC-SHA256 over the untouched body, as Shopify and WooCommerce sign. Raises CallRefused."""
    given = received.header(header)
    if not secret:
        raise CallRefused("No webhook secret is stored here yet, so nobody can tell who sent this.")
    if not given:
        raise CallRefused("It carries no signature.")
    made = base64.b64encode(hmac.new(secret.encode(), received.body, hashlib.sha256).digest())
    if not hmac.compare_digest(made, given.encode("utf-8", "replace")):
        raise CallRefused(
            "Its signature does not fit: the secret differs, or the body was changed on its way."
        )


def fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def visible(text: str, longest: int) -> str:
    """What a header said, as it can be stored and shown."""
    return (
        "".join(letter for letter in text if letter.isprintable())
        .encode("utf-8", "ignore")
        .decode()[:longest]
    )
