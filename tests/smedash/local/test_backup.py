"""A backup brings everything back, and a damaged one changes nothing."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
import redis

from smedash.local.archive import pack, unpack
from smedash.local.backup import temporary_servers
from smedash.local.sentences import CannotStart
from smedash.local.state import State
from smedash.local.supervision import end_left_over
from tests.smedash.local.conftest import Home

MakeHome = Callable[[str], Home]


def fill(home: Home, text: str) -> None:
    state = State(home.folder)
    state.make()
    state.secret("SECRET_KEY")
    state.secret("ENCRYPTION_KEYS")
    with temporary_servers(state) as (database_url, redis_url):
        with psycopg2.connect(database_url) as door, door.cursor() as cursor:
            cursor.execute("CREATE TABLE word (text text)")
            cursor.execute("INSERT INTO word VALUES (%s)", [text])
        door.close()
        with redis.Redis.from_url(redis_url) as broker:
            broker.set("word", text)


def words(home: Home) -> tuple[str, str]:
    with temporary_servers(State(home.folder)) as (database_url, redis_url):
        with psycopg2.connect(database_url) as door, door.cursor() as cursor:
            cursor.execute("SELECT text FROM word")
            row = cursor.fetchone()
        door.close()
        with redis.Redis.from_url(redis_url, decode_responses=True) as broker:
            kept = broker.get("word")
    assert row is not None
    return row[0], str(kept)


def secrets_of(home: Home) -> list[str]:
    return [State(home.folder).secret(name) for name in ("SECRET_KEY", "ENCRYPTION_KEYS")]


@dataclass(frozen=True)
class Saved:
    """An instance and its backup, which no test changes."""

    office: Home
    file: Path
    outcome: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    folder = tmp_path_factory.mktemp("saved")
    office = Home(folder / "The office, 100% & #1")
    fill(office, "Grüße 👋")
    yield Saved(office, folder / "backup", office.run("backup", str(folder / "backup")))
    end_left_over(State(office.folder))


def test_a_backup_comes_back_elsewhere_and_over_other_data(
    saved: Saved, make_home: MakeHome, tmp_path: Path
) -> None:
    office, desk, file = saved.office, make_home("desk"), saved.file
    assert (saved.outcome.returncode, saved.outcome.stderr) == (0, "")
    assert file.stat().st_mode & 0o777 == 0o600

    assert desk.run("restore", str(file)).returncode == 0
    assert words(desk) == ("Grüße 👋", "Grüße 👋")
    assert secrets_of(desk) == secrets_of(office)

    refused = desk.run("restore", str(file))
    assert refused.returncode == 1
    assert "Call bin/restore with --yes" in refused.stderr
    replaced = desk.run("restore", "--yes", str(file))
    assert "What was there before lies in" in replaced.stdout
    assert words(desk) == ("Grüße 👋", "Grüße 👋")
    assert len(list(tmp_path.glob("desk.before-*/postgres/PG_VERSION"))) == 1


def test_a_backup_is_never_overwritten(saved: Saved, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("an older backup")
    assert "exists already" in saved.office.run("backup", str(file)).stderr
    assert file.read_text() == "an older backup"


def test_a_damaged_backup_leaves_the_data_alone(saved: Saved, tmp_path: Path) -> None:
    half, beside = tmp_path / "half", sorted(saved.office.folder.parent.iterdir())
    half.write_bytes(saved.file.read_bytes()[: saved.file.stat().st_size // 2])
    outcome = saved.office.run("restore", "--yes", str(half))
    assert outcome.returncode == 1
    assert "is not a whole backup of SMEdash" in outcome.stderr
    assert words(saved.office) == ("Grüße 👋", "Grüße 👋")
    assert sorted(saved.office.folder.parent.iterdir()) == beside


def test_a_running_instance_is_not_replaced(make_home: MakeHome, tmp_path: Path) -> None:
    home = make_home("state")
    state = State(home.folder)
    state.make()
    with state.locked("process 4711"):
        outcome = home.run("restore", "--yes", str(tmp_path / "backup"))
    assert outcome.returncode == 1
    assert "already runs with the state folder" in outcome.stderr


def test_there_is_nothing_to_back_up_before_the_first_start(make_home: MakeHome, tmp_path: Path) -> None:
    assert "There is nothing to back up" in make_home("state").run("backup", str(tmp_path / "file")).stderr


@pytest.mark.parametrize("position", [2_100, 5_000, 20_000])
def test_one_flipped_byte_is_noticed(tmp_path: Path, position: int) -> None:
    source, file = tmp_path / "source", tmp_path / "file"
    source.mkdir()
    (source / "data").write_bytes(bytes(range(256)) * 100)
    pack(source, file)
    damaged = bytearray(file.read_bytes())
    damaged[position] ^= 0xFF
    file.write_bytes(damaged)
    with pytest.raises(CannotStart, match="is not a whole backup"):
        unpack(file, tmp_path / "target")


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\0" * 10_240])
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(CannotStart, match="is not a whole backup"):
        unpack(file, tmp_path / "target")


@pytest.mark.parametrize("name", ["../outside", "/outside", "inside/../../outside"])
def test_a_member_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    file, target = tmp_path / "file", tmp_path / "target"
    target.mkdir()
    with tarfile.open(file, "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(CannotStart, match="does not belong in it"):
        unpack(file, target)
    assert not (tmp_path / "outside").exists()


def test_a_backup_to_nowhere_is_refused_in_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()

    with pytest.raises(CannotStart, match="There is no folder"):
        pack(source, tmp_path / "nowhere" / "backup")
