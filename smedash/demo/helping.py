"""How a helping process begins. It imports no models: Django is not set up yet when this module is read."""

from __future__ import annotations

import django
from django.db import connections


def begin(database: str) -> None:
    """Set Django up, and write to the database that the process which asked for help writes to."""
    django.setup()
    connections.databases["default"]["NAME"] = database
