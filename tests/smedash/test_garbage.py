"""What the web server imported is never looked at again by the garbage collector."""

from __future__ import annotations

import subprocess
import sys

TELL = """
import gc
before = gc.get_freeze_count()
import smedash.wsgi
print(before, gc.get_freeze_count(), gc.get_threshold()[0])
"""


def test_the_web_server_sets_aside_what_it_imported() -> None:
    told = subprocess.run([sys.executable, "-c", TELL], capture_output=True, check=True, text=True)
    before, set_aside, threshold = map(int, told.stdout.split())
    assert before == 0
    assert set_aside > 100_000
    assert threshold == 50_000
