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
    assert threshold == 200_000


ANSWER = """
import gc
import weakref
from smedash.wsgi import application
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


def test_what_a_page_leaves_behind_is_looked_for_when_it_has_been_sent() -> None:
    told = subprocess.run([sys.executable, "-c", ANSWER], capture_output=True, check=True, text=True)
    assert told.stdout.split()[-2:] == ["True", "True"]
