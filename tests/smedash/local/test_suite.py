"""`bin/test` runs what it says, where it says."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings
from django.db import connection

from smedash.local.suite import LEFT_TO_THE_SERVER, arguments, run_pytest
from tests.longest_first import TOGETHER, longest_first
from tests.migrated_once import databases_are_new
from tests.settings import database_of_worker


def test_each_worker_has_a_redis_database_of_its_own() -> None:
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "tests.settings"
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    number = int(re.findall(r"/(\d+)$", settings.REDIS_URL)[0])
    assert number >= 8 * worker
    assert settings.CELERY_BROKER_URL == settings.REDIS_URL == os.environ["REDIS_URL"]


@pytest.mark.parametrize(
    ("worker", "address"), [(0, "redis://:pw@localhost:6379/5"), (1, "redis://:pw@localhost:6379/13")]
)
def test_the_first_two_workers_fit_into_a_servers_sixteen_databases(worker: int, address: str) -> None:
    assert database_of_worker("redis://:pw@localhost:6379/5", worker) == address


IN_PARALLEL = ["-n", "3", "--dist", "worksteal"]


@pytest.mark.parametrize(
    ("given", "with_browser", "expected"),
    [
        ([], True, ["-m", "not real and not long", *IN_PARALLEL]),
        ([], False, ["-m", "not real and not long and not e2e", *IN_PARALLEL]),
        (["--real", "--long"], True, [*IN_PARALLEL]),
        (["--real"], True, ["-m", "not long", *IN_PARALLEL]),
        (["--real", "-k", "bluesky"], False, ["-k", "bluesky", "-m", "not long and not e2e", *IN_PARALLEL]),
        (["--again"], True, ["-m", "not real and not long", *IN_PARALLEL]),
        (["-m", "processes", "-n", "0"], True, ["-m", "processes", "-n", "0"]),
    ],
)
def test_what_cannot_run_here_is_left_out(given: list[str], with_browser: bool, expected: list[str]) -> None:
    assert arguments(given, with_browser=with_browser) == expected + LEFT_TO_THE_SERVER


FAILS_ONCE = """
from pathlib import Path

def test_passes_beside_others(): pass

def test_fails_where_nobody_was_before():
    been = Path(__file__).with_name("been")
    missing = not been.exists()
    been.touch()
    assert not missing
"""


@pytest.mark.parametrize(
    ("again", "more", "code", "said"),
    [
        (False, "", 1, "1 failed, 1 passed in"),
        (True, "", 0, "= 1 passed in"),
        (True, "def test_fails(): assert False", 1, "= 1 failed, 1 passed in"),
    ],
)
def test_what_fails_may_run_once_more_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], again: bool, more: str, code: int, said: str
) -> None:
    (tmp_path / "test_load.py").write_text(FAILS_ONCE + more)
    (tmp_path / "pytest.ini").touch()
    command = [sys.executable, "-m", "pytest", "-p", "xdist.plugin", "-n", "1"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # and so within a fraction of the time
    assert run_pytest(command, alone, again=again, folder=tmp_path) == code
    output = capfd.readouterr().out
    assert said in output.splitlines()[-1]
    assert ("What failed runs once more, alone." in output) == again


def test_a_worker_copies_the_database_that_was_migrated_once(
    request: pytest.FixtureRequest, db: None
) -> None:
    copies = hasattr(request.config, "workerinput") and databases_are_new(request.config)
    assert bool(connection.settings_dict["TEST"].get("TEMPLATE")) == copies


@dataclass(frozen=True)
class Collected:
    """What the order depends on."""

    path: Path
    number: int
    mark: str = ""
    name: str = "test"

    def get_closest_marker(self, name: str) -> bool:
        return self.mark == name


def test_each_worker_begins_with_its_share_of_the_long_tests() -> None:
    short = [Collected(Path("test_short.py"), number) for number in range(22)]
    long = [Collected(Path("test_browser.py"), number, "e2e") for number in range(7)]
    longest = Collected(Path("test_processes.py"), 0, "processes")
    ordered = longest_first(cast("list[pytest.Item]", [*short, *long, longest]), workers=3)
    assert sorted(map(id, ordered)) == sorted(map(id, [*short, *long, longest]))
    assert ordered[0] is cast("object", longest)
    parts = [
        [bool(getattr(item, "mark", "")) for item in ordered[first : first + 10]] for first in (0, 10, 20)
    ]
    assert [part.index(False) for part in parts] == [3, 3, 2]
    assert [sum(part) for part in parts] == [3, 3, 2]


def test_each_part_of_a_long_test_goes_to_another_worker() -> None:
    pages = Path("test_every_page.py")
    parts = [Collected(pages, number, "e2e", f"test_pages[{number}]") for number in range(3)]
    whole = [Collected(pages, number, "e2e") for number in range(3)]
    mixed = [parts[0], *whole, parts[1], parts[2]]
    ordered = longest_first(cast("list[pytest.Item]", mixed), workers=3)
    assert [id(item) for item in ordered[::2]] == [id(part) for part in parts]


def test_what_looks_at_one_walk_stays_with_one_worker() -> None:
    walked = [Collected(Path(f"{name}.py"), number) for number, name in enumerate(TOGETHER)]
    short = [Collected(Path("test_short.py"), number) for number in range(9)]
    long = [Collected(Path("test_browser.py"), number, "e2e") for number in range(3)]
    mixed = [walked[0], *short, walked[1], *long, walked[2]]
    ordered = longest_first(cast("list[pytest.Item]", mixed), workers=3)
    assert sorted(map(id, ordered)) == sorted(map(id, mixed))
    assert [id(item) for item in ordered[:3]] == [id(item) for item in walked]
