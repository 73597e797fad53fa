"""What Django keeps for each request, kept for each thread.

Django asks asgiref for the reader's language, zone and address prefix, which looks in the context of an event loop and
takes a lock: some four hundred times a page, a tenth of what a page takes of the processor. Here no event loop runs:
each request has a thread of its own, and so has each task. Django's own tests replace the same names.
"""

from __future__ import annotations

import threading

from django.urls import base as addresses
from django.utils import timezone
from django.utils.translation import trans_real as languages


def keep_by_thread() -> None:
    """Once, before the first request. Should another Django keep these otherwise, `test_threads.py` says so."""
    languages._active = threading.local()  # type: ignore[attr-defined]  # Django's own
    timezone._active = threading.local()  # type: ignore[attr-defined]  # Django's own
    addresses._prefixes = threading.local()  # type: ignore[attr-defined]  # Django's own
    addresses._urlconfs = threading.local()  # type: ignore[attr-defined]  # Django's own
