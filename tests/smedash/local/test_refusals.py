"""What goes wrong on somebody's machine is one sentence on the terminal."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from smedash.local import as_user
from smedash.local import up as up_command
from smedash.local.checkout import ROOT
from smedash.local.sentences import CannotStart
from smedash.local.state import State, ensure_room
from smedash.local.supervision import web_command
from smedash.local.up import port_from_environment
from tests.smedash.local.conftest import Home


def one_sentence(outcome: subprocess.CompletedProcess[str]) -> str:
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    lines = outcome.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_a_taken_port(home: Home) -> None:
    with socket.create_server(("127.0.0.1", home.port)):
        sentence = one_sentence(home.run("up"))
    assert sentence == (
        f"Port {home.port} is taken by another program. Stop it, or choose another one: PORT={home.port + 1} bin/up"
    )


def test_a_port_that_is_for_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = State(tmp_path)
    state.make()
    monkeypatch.setattr(up_command, "is_forbidden", lambda port: port == 80)
    monkeypatch.setattr(up_command, "is_taken", lambda port: False)
    with pytest.raises(
        CannotStart, match=r"^Port 80 is for root only\. Choose a higher one: PORT=8000 bin/up$"
    ):
        up_command.Run(state, 80, demo=False).prepare()


FIRST_FREE_PORT = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


@pytest.mark.skipif(
    not FIRST_FREE_PORT.exists() or int(FIRST_FREE_PORT.read_text()) <= 80,
    reason="anybody may take any port here",
)
def test_the_system_says_which_ports_are_for_root() -> None:
    source = (ROOT / "smedash" / "local" / "ports.py").read_text()
    script = f"{source}\nprint(is_forbidden(80), is_forbidden(free_port()))"
    as_nobody = [sys.executable, "-I", as_user.__file__, "nobody"] if os.geteuid() == 0 else []
    python = str(Path(sys.base_prefix) / "bin" / "python3")
    answer = subprocess.run([*as_nobody, python, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["True", "False"]


def test_a_second_instance_on_the_same_state_folder(home: Home) -> None:
    state = State(home.folder)
    state.make()
    with state.locked("process 4711, http://localhost:8000"):
        sentence = one_sentence(home.run("up"))
    assert "already runs with the state folder" in sentence
    assert "process 4711, http://localhost:8000" in sentence


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "８０００"])
def test_a_port_that_is_none(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CannotStart, match="PORT must be a number from 1 to 65535"):
        port_from_environment()


@pytest.mark.parametrize("number", ["two", "0", "65", "-1", "２"])
def test_a_number_of_processes_that_is_none(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv("WEB_PROCESSES", number)
    with pytest.raises(CannotStart, match="WEB_PROCESSES must be a number from 1 to 64"):
        web_command(8000)


def test_a_state_folder_that_cannot_be_made(home: Home) -> None:
    home.folder.write_text("a file")
    assert "cannot be written" in one_sentence(home.run("up"))


def test_an_unknown_wish(home: Home) -> None:
    outcome = home.run("up", "--demonstration")
    assert outcome.returncode == 2
    assert "unrecognized arguments: --demonstration" in outcome.stderr


def test_too_little_room(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"is full: \d+ MB are free, and SMEdash needs 1000000000000"):
        ensure_room(tmp_path, needed=10**18)


def test_managing_what_was_never_started(home: Home) -> None:
    assert "has not been started" in one_sentence(home.run("manage", "check"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone in which nothing is installed, as far as the preparation looks at it."""
    folder = tmp_path / "a clone"
    (folder / "smedash" / "local").mkdir(parents=True)
    (folder / "bin").mkdir()
    for name in ("bin/up", "bin/python.sh", "smedash/local/virtual_environment.py", "requirements.lock"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def up(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "bin" / "up"], env=environment, capture_output=True, text=True, check=False
    )


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def only_tools(folder: Path) -> None:
    """A PATH with what a shell script needs, and no Python."""
    for name in ("dirname", "sh"):
        program(folder, name, f'#!/bin/sh\nexec {shutil.which(name)} "$@"\n')


def test_no_python(checkout: Path, tmp_path: Path) -> None:
    only_tools(tmp_path / "path")
    sentence = one_sentence(up(checkout, PATH=str(tmp_path / "path")))
    assert sentence.startswith("SMEdash needs Python 3.11 or newer, and this machine has no python3 at all.")


def test_an_old_python(checkout: Path, tmp_path: Path) -> None:
    only_tools(tmp_path / "path")
    old = '#!/bin/sh\n[ "$1" = --version ] && { echo "Python 3.9.2"; exit 0; }\nexit 1\n'
    program(tmp_path / "path", "python3", old)
    assert "and this machine has Python 3.9.2." in one_sentence(up(checkout, PATH=str(tmp_path / "path")))


def test_a_newer_python_beside_an_old_one_is_found(checkout: Path, tmp_path: Path) -> None:
    only_tools(tmp_path / "path")
    program(tmp_path / "path", "python3", "#!/bin/sh\nexit 1\n")
    program(tmp_path / "path", "python3.12", '#!/bin/sh\n[ "$1" = -I ] && echo "found $2"\nexit 0\n')
    outcome = up(checkout, PATH=str(tmp_path / "path"))
    assert "found" in outcome.stdout
    assert "needs Python" not in outcome.stderr


def test_a_python_of_homebrew_that_no_path_names_is_found(checkout: Path, tmp_path: Path) -> None:
    """A Mac has /usr/bin/python3, of version 3.9, in its PATH, and not always /opt/homebrew/bin."""
    only_tools(tmp_path / "path")
    program(tmp_path / "path", "python3", "#!/bin/sh\nexit 1\n")
    (tmp_path / "homebrew").mkdir()
    program(tmp_path / "homebrew" / "bin", "python3", '#!/bin/sh\n[ "$1" = -I ] && echo "found $2"\nexit 0\n')
    outcome = up(checkout, PATH=str(tmp_path / "path"), HOMEBREW_PREFIX=str(tmp_path / "homebrew"))
    assert "found" in outcome.stdout


@pytest.mark.parametrize("shell", [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"], ["yash"]])
def test_any_posix_shell_will_do(checkout: Path, tmp_path: Path, shell: list[str]) -> None:
    """/bin/sh is dash on Debian, bash 3.2 on macOS, busybox on Alpine."""
    where = shutil.which(shell[0])
    if where is None:
        pytest.skip(f"{shell[0]} is not on this machine")
    only_tools(tmp_path / "path")
    sentence = one_sentence(
        subprocess.run(
            [where, *shell[1:], checkout / "bin" / "up"],
            env={"PATH": str(tmp_path / "path")}, capture_output=True, text=True, check=False,
        )
    )  # fmt: skip
    assert sentence.startswith("SMEdash needs Python 3.11 or newer, and this machine has no python3 at all.")


def test_no_venv_module(checkout: Path, tmp_path: Path) -> None:
    """Debian's python3 has venv, and lacks the ensurepip that it needs."""
    script = checkout / "smedash" / "local" / "virtual_environment.py"
    hide = "import runpy, sys; sys.modules['ensurepip'] = None; sys.argv = ['', 'requirements.lock']"
    code = f"{hide}; runpy.run_path({str(script)!r}, run_name='__main__')"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "comes without its venv module. Install python3-venv" in one_sentence(outcome)


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """Unlike pytest's own folders, which nobody else may look into."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("made_before", [False, True])
def test_a_checkout_of_somebody_else(checkout: Path, open_to_all: Path, made_before: bool) -> None:
    """As after `sudo git clone`, or a first start with sudo."""
    folder = shutil.copytree(checkout, open_to_all / "clone")
    python = str(Path(sys.base_prefix) / "bin" / "python3")
    if made_before:
        subprocess.run([python, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o555)
    as_nobody = [sys.executable, "-I", as_user.__file__, "nobody"] if os.geteuid() == 0 else []
    outcome = subprocess.run(
        [*as_nobody, folder / "bin" / "up"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": python}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    subprocess.run(["chmod", "-R", "u+w", folder], check=True)
    place = folder / ".venv" if made_before else folder
    assert one_sentence(outcome).startswith(f"{place} cannot be written: it belongs to somebody else.")


def test_no_network(checkout: Path, tmp_path: Path) -> None:
    python = Path(sys.base_prefix) / "bin" / "python3"
    environment = {
        "PATH": f"{python.parent}:/usr/bin:/bin",
        "PIP_INDEX_URL": "http://127.0.0.1:1/simple",
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "1",
    }
    sentence = one_sentence(up(checkout, **environment))
    assert sentence.startswith("The packages could not be downloaded: the package index does not answer.")
    assert "Connection refused" in (checkout / ".venv" / "install.log").read_text()


def test_ctrl_c_while_packages_are_installed(checkout: Path, tmp_path: Path) -> None:
    """The terminal tells everybody in the foreground, pip too."""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # an index that takes its time
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHON": str(Path(sys.base_prefix) / "bin" / "python3"),
            "PIP_INDEX_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/simple",
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_NO_CACHE_DIR": "1",
        }
        process = subprocess.Popen(
            [checkout / "bin" / "up"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip
        silent.settimeout(60)
        question, _ = silent.accept()
        with question:
            os.killpg(process.pid, signal.SIGINT)
            _, said = process.communicate(timeout=60)
    assert said.strip() == "Stopped before everything was installed. The next start begins that again."
    assert process.returncode  # 1, or that of a shell which the signal has ended
