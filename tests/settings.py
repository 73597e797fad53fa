"""The settings under test: those of production, with a Redis database for each pytest-xdist worker."""

import os
import re

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def database_of_worker(url: str, worker: int) -> str:
    """Eight numbers further for each worker: a server's usual sixteen serve two of them."""
    return re.sub(r"/(\d+)$", lambda found: f"/{int(found[1]) + 8 * worker}", url)


# Keys that open nothing: so the pages that only an operator with keys has are looked at, too.
for provider in ("GOOGLE", "MICROSOFT"):
    os.environ[f"{provider}_CLIENT_ID"] = os.environ[f"{provider}_CLIENT_SECRET"] = "of a test"
os.environ["REDIS_URL"] = database_of_worker(os.environ.get("REDIS_URL", "redis://localhost:6379/0"), WORKER)

from smedash.settings import *  # noqa: E402, F403  # after the address, which the settings read

# Static files come from their sources, so that no test depends on an earlier collectstatic.
WHITENOISE_AUTOREFRESH = True

# Almost every test makes people; a slow hash would be most of its time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A line for each of some twenty thousand requests, which nobody reads: tests of logs listen themselves.
LOGGING["root"]["level"] = "WARNING"  # noqa: F405  # among the settings
