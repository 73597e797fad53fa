"""Where a connector's log-in is kept between calls."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.encryption import seal, unseal
from monitoring.platforms.models import ConnectedAccount


class MemorySessions:
    """For as long as the process lives: for calls without a stored account."""

    def __init__(self, session: Mapping[str, str] | None = None) -> None:
        self.session = session

    def load(self) -> Mapping[str, str] | None:
        return self.session

    def save(self, session: Mapping[str, str]) -> None:
        self.session = dict(session)


class AccountSessions:
    """With the account, sealed. Always read anew: another worker may have renewed the log-in meanwhile."""

    def __init__(self, account: ConnectedAccount) -> None:
        self._row = ConnectedAccount.objects.filter(
            pk=account.pk, sealed_credentials=account.sealed_credentials
        )

    def load(self) -> Mapping[str, str] | None:
        sealed = self._row.values_list("sealed_session", flat=True).first()
        return unseal(sealed) if sealed else None

    def save(self, session: Mapping[str, str]) -> None:
        """Nothing is kept if the account was given other credentials meanwhile."""
        self._row.update(sealed_session=seal(session))
