"""What can go wrong with a platform, named by who must act.

    ConnectorError
    ├── RateLimited         nobody: we come back after `retry_after`
    ├── Unavailable         the platform: we try again, later each time
    ├── AccessDenied        the customer: reconnect the account, or open the server's setting
    ├── NotFound            the customer: what was asked for is gone or misspelled
    └── UnexpectedResponse  us: the platform answered something we do not understand

No message holds a secret: an address in it has lost its query string.
"""

from __future__ import annotations

from datetime import timedelta


class ConnectorError(Exception):
    """Something a connector could not do; `str()` is a sentence a customer may read."""


class RateLimited(ConnectorError):
    """`retry_after` is positive and at most a day."""

    def __init__(self, message: str, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(ConnectorError):
    """`retry_after` is what the platform asked for, if it said."""

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class AccessDenied(ConnectorError):
    pass


class NotFound(ConnectorError):
    pass


class UnexpectedResponse(ConnectorError):
    pass
