"""Where a connector's log-in is kept between calls."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.encryption import same_secret, seal, unseal
from accounts.sealed import update_if_same_secret
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
        self._row = ConnectedAccount.objects.filter(pk=account.pk)
        self._credentials = account.sealed_credentials

    def load(self) -> Mapping[str, str] | None:
        """The log-in, unless it belongs to other credentials, given meanwhile."""
        row = self._row.values_list("sealed_credentials", "sealed_session").first()
        if row is None or not row[1] or not same_secret(row[0], self._credentials):
            return None
        return unseal(row[1])

    def save(self, session: Mapping[str, str]) -> None:
        """Nothing is kept if the account was given other credentials meanwhile."""
        update_if_same_secret(
            self._row, column="sealed_credentials", sealed=self._credentials, sealed_session=seal(session)
        )
