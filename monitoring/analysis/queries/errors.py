"""The one error of the query language."""

from __future__ import annotations


class QueryError(ValueError):
    """A query that cannot be understood: one translated sentence, and the character it is about."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
