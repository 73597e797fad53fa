"""The reader's language and zone belong to the thread that answers, whatever other threads do meanwhile."""

from __future__ import annotations

import threading
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import trans_real

from smedash.threads import keep_by_thread


def test_what_one_thread_activates_no_other_sees() -> None:
    seen: dict[str, tuple[str | None, str]] = {}

    def look(name: str) -> None:
        seen[name] = (translation.get_language(), timezone.get_current_timezone_name())

    with translation.override("de"), timezone.override(ZoneInfo("Asia/Kathmandu")):
        look("here")
        other = threading.Thread(target=look, args=["elsewhere"])
        other.start()
        other.join()

    assert seen["here"] == ("de", "Asia/Kathmandu")
    assert seen["elsewhere"][0] != "de"
    assert seen["elsewhere"][1] != "Asia/Kathmandu"


def test_django_looks_where_threads_keep_it() -> None:
    keep_by_thread()  # a test that changes the languages there are makes Django forget it

    with translation.override("de"):
        assert trans_real._active.value.to_language() == "de"  # type: ignore[attr-defined]  # Django's own
        assert isinstance(trans_real._active, threading.local)  # type: ignore[attr-defined]  # Django's own
