"""Production's settings, and beside its pages an empty one: the yardstick that stands behind the same middleware."""

from smedash.settings import *  # noqa: F403  # everything but the address book is production's

ROOT_URLCONF = "tests.benchmarks.web_addresses"
