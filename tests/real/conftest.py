from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.real.bluesky_network import Network, bluesky_network


@pytest.fixture(scope="session")
def bluesky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """Five accounts; 120 posts, a minute apart, half of them about acme; at most 30 log-ins in five minutes."""
    folder = tmp_path_factory.mktemp("bluesky")
    seeds = {"SEED_POSTS": "120", "SEED_ACCOUNTS": "5", "RATE_LIMITS": "1"}
    with bluesky_network(folder, os.environ["DATABASE_URL"], **seeds) as network:
        yield network
