"""What the web server imported is never looked at again by the garbage collector."""

from __future__ import annotations

import subprocess
import sys

import pytest

TELL = """
import gc
import weakref
before = gc.get_freeze_count()
from smedash.wsgi import application
print(before, gc.get_freeze_count(), gc.get_threshold()[0])
class Left: pass
def leave():
    one, other = Left(), Left()
    one.other, other.one = other, one
    return weakref.ref(one)
left = leave()
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/nowhere", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
    "HTTP_HOST": "localhost", "wsgi.url_scheme": "http", "wsgi.input": __import__("io").BytesIO()}
answer = application(environ, lambda *given: None)
list(answer)
before = left() is not None
answer.close()
print(before, left() is None)
"""


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What the web server says of itself in one process: each takes three seconds of a core to import it all."""
    ran = subprocess.run([sys.executable, "-c", TELL], capture_output=True, check=True, text=True)
    return ran.stdout.splitlines()


def test_the_web_server_sets_aside_what_it_imported(told: list[str]) -> None:
    before, set_aside, threshold = map(int, told[0].split())
    assert before == 0
    assert set_aside > 100_000
    assert threshold == 200_000


def test_what_a_page_leaves_behind_is_looked_for_when_it_has_been_sent(told: list[str]) -> None:
    assert told[-1] == "True True"
