"""Asking Bluesky, with and without a log-in, and what its errors mean.

Bluesky allows few log-ins (30 in five minutes, perhaps 100 a day), so one is kept and renewed. Another worker may
have renewed it meanwhile: the store is read again before renewing. A refused password is remembered and not tried
again until the customer enters another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

from monitoring.platforms.connector import SessionStore
from monitoring.platforms.errors import AccessDenied, ConnectorError, NotFound, UnexpectedResponse
from monitoring.platforms.http import JsonAnswer, Params, PlatformHttp
from monitoring.platforms.reading import parts, text
from monitoring.platforms.statuses import error_for_status

_READABLE = (HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED)
_GONE = {
    "AccountTakedown",
    "AccountDeactivated",
    "ActorNotFound",
    "NotFound",
    "BlockedActor",
    "BlockedByActor",
}
_STALE = {"ExpiredToken", "InvalidToken"}
_WRONG_PASSWORD = "Bluesky does not accept the handle and app password. Enter them again."  # noqa: S105


class Stale(Exception):
    """The token that was sent is no longer valid."""


class BlueskySession:
    """One account's log-in, as kept in the store."""

    def __init__(
        self, http: PlatformHttp, entryway: str, credentials: Mapping[str, str], store: SessionStore
    ) -> None:
        self.http = http
        self.entryway = entryway
        self.credentials = credentials
        self.store = store

    @staticmethod
    def get_keyless(http: PlatformHttp, host: str, method: str, params: Params) -> Mapping[str, object]:
        return _content(http.get_json(f"{host}/xrpc/{method}", params=params, expect=_EXPECTED))

    def get(self, method: str, params: Params) -> Mapping[str, object]:
        """Ask as the account. A token that has run out is renewed once."""
        session = self.store.load() or self._log_in()
        try:
            return self._get(session, method, params)
        except Stale:
            return self._after_renewal(session, method, params)

    def _after_renewal(self, used: Mapping[str, str], method: str, params: Params) -> Mapping[str, object]:
        try:
            return self._get(self._renewed(used), method, params)
        except Stale:
            raise AccessDenied("Bluesky ended the log-in. Connect the account again.") from None

    def _get(self, session: Mapping[str, str], method: str, params: Params) -> Mapping[str, object]:
        if "refused" in session:
            raise AccessDenied(_WRONG_PASSWORD)
        headers = {"Authorization": f"Bearer {session.get('access', '')}"}
        address = f"{session.get('server') or self.entryway}/xrpc/{method}"
        return _content(self.http.get_json(address, params=params, headers=headers, expect=_EXPECTED))

    def _renewed(self, used: Mapping[str, str]) -> Mapping[str, str]:
        stored = self.store.load() or {}
        if stored and stored.get("access") != used.get("access"):
            return stored
        headers = {"Authorization": f"Bearer {used.get('refresh', '')}"}
        address = f"{used.get('server') or self.entryway}/xrpc/com.atproto.server.refreshSession"
        try:
            # Without any body: the server refuses even an empty object.
            return self._keep(_content(self.http.post_json(address, headers=headers, expect=_EXPECTED)))
        except (Stale, AccessDenied):
            return self._log_in()

    def _log_in(self) -> Mapping[str, str]:
        names = {"identifier": "identifier", "password": "app_password"}
        body = {name: self.credentials.get(field, "") for name, field in names.items()}
        address = f"{self.entryway}/xrpc/com.atproto.server.createSession"
        try:
            return self._keep(_content(self.http.post_json(address, body=body, expect=_EXPECTED)))
        except (Stale, AccessDenied):
            self.store.save({"refused": "yes"})
            raise AccessDenied(_WRONG_PASSWORD) from None

    def _keep(self, data: Mapping[str, object]) -> Mapping[str, str]:
        session = {
            "access": text(data, "accessJwt"),
            "refresh": text(data, "refreshJwt"),
            "server": self._home_server(data),
        }
        if not session["access"]:
            raise UnexpectedResponse("Bluesky confirmed the log-in but sent no token.")
        self.store.save(session)
        return session

    def _home_server(self, data: Mapping[str, object]) -> str:
        """The server that keeps the account, if the log-in names one and it is as safe as the entryway."""
        document = data.get("didDoc")
        services = parts(document, "service") if isinstance(document, dict) else []
        named = [
            text(item, "serviceEndpoint") for item in services if text(item, "id").endswith("#atproto_pds")
        ]
        scheme = self.entryway.split("://")[0]
        return next((item.rstrip("/") for item in named if item.startswith((f"{scheme}://", "https://"))), "")


_EXPECTED = frozenset(_READABLE)


def _content(answer: JsonAnswer) -> Mapping[str, object]:
    data = answer.data if isinstance(answer.data, dict) else None
    if answer.status == HTTPStatus.OK:
        if data is None:
            raise UnexpectedResponse("Bluesky sent something other than an object.")
        return data
    raise _error(answer, text(data or {}, "error"), text(data or {}, "message"))


def _error(answer: JsonAnswer, name: str, message: str) -> ConnectorError | Stale:
    if name in _STALE:
        return Stale()
    if name in _GONE or message == "Profile not found" or message.startswith("Could not find"):
        return NotFound("Bluesky does not know this profile, or has closed it.")
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return error_for_status(answer.status, answer.headers, "Bluesky")
    shown = name if re.fullmatch(r"[A-Za-z]{1,60}", name) else "an error"
    return UnexpectedResponse(f"Bluesky answered with {shown}.")
