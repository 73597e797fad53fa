"""`python -m smedash.probe healthz` or `… heartbeat`: a container asks itself whether it works. Exit 0 means yes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection

import redis
from django.conf import settings

from smedash.broker import heartbeat_age

PORT = 8000  # inside the container
HEARTBEAT_LIMIT = 120


def healthz(port: int = PORT) -> bool:
    """Ask this machine under the public name: the pages answer to no other."""
    door = HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        door.request("GET", "/healthz", headers={"Host": settings.PUBLIC_HOST})
        return door.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        door.close()


def heartbeat() -> bool:
    """Whether a periodic task has run lately."""
    try:
        age = heartbeat_age()
    except redis.RedisError:
        return False
    return age is not None and age < HEARTBEAT_LIMIT


PROBES: dict[str, Callable[[], bool]] = {"healthz": healthz, "heartbeat": heartbeat}

if __name__ == "__main__":
    sys.exit(0 if PROBES[sys.argv[1]]() else 1)
