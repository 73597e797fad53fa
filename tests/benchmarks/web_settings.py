"""Production's settings, and beside its pages empty ones: the yardsticks that stand behind the same middleware."""

from smedash.settings import *  # noqa: F403  # everything but the address book is production's
from smedash.settings import MIDDLEWARE

ROOT_URLCONF = "tests.benchmarks.web_addresses"
_LANE = "smedash.fast_lane.FastLaneMiddleware"
MIDDLEWARE = [
    "tests.benchmarks.web_addresses.WithAnEmptyLane" if each == _LANE else each for each in MIDDLEWARE
]
