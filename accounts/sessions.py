"""Django's sessions in the database, read by a query of our own: every page asks for one."""

from __future__ import annotations

from typing import Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from monitoring.lib.written_queries import Columns

_OF_SESSION: Final = Columns(Session)
_FIND: Final = f"""
    select {_OF_SESSION.of("session")} from django_session session where session_key = %s and expire_date > %s
"""  # noqa: S608 - put together from constants


class SessionStore(db.SessionStore):
    """Its name is part of what Django signs sessions with."""

    def _get_session_from_db(self) -> Session | None:
        found = _OF_SESSION.fetch(_FIND, [self.session_key, timezone.now()])
        if found:
            return found[0]
        self._session_key = None
        return None
