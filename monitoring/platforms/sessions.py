"""Where a connector's log-in is kept between calls."""

from __future__ import annotations

from collections.abc import Mapping


class MemorySessions:
    """For as long as the process lives: for calls without a stored account."""

    def __init__(self, session: Mapping[str, str] | None = None) -> None:
        self.session = session

    def load(self) -> Mapping[str, str] | None:
        return self.session

    def save(self, session: Mapping[str, str]) -> None:
        self.session = dict(session)
