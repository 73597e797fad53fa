"""Lighthouse 12 on the pages that people open every morning, as on a desk.

Its packages come from npm the first time, into a cache folder (SMEDASH_REAL_LIGHTHOUSE names another).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organization, User
from smedash.local.chromium import find_chromium
from tests.cast import SignIn
from tests.filled_business import fill

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]
SOURCES = Path(__file__).parent / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 0.95
READINGS = (
    3  # the processor is measured too, and on a busy machine it may be somebody else's: the median counts
)


def cache_folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("SMEDASH_REAL_LIGHTHOUSE") or Path(home) / "smedash" / "lighthouse")


@pytest.fixture(scope="session")
def lighthouse() -> Path:
    """The program, installed if this is the first time."""
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted, stamp = (SOURCES / "package-lock.json").read_text(), folder / "installed"
        if not stamp.is_file() or stamp.read_text() != wanted:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(SOURCES / name, folder)
            # Not `ci`: one of its packages asks for the "latest" of another, which no lock file keeps.
            npm = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(npm, cwd=folder, check=True)
            stamp.write_text(wanted)
    return folder / "node_modules" / "lighthouse" / "cli" / "index.js"


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[int]:
    """A browser of its own that Lighthouse speaks to through this port: with a profile that keeps a cookie.

    A header that Lighthouse adds would miss what the page asks for itself: its parts would find nobody signed in.
    """
    profile = tmp_path / "profile"
    flags = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    port = [f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's own refuses root
    command = [str(find_chromium()), *flags, *sandbox, *port]
    running = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield port_of(profile, running)
    finally:
        os.killpg(running.pid, signal.SIGTERM)  # the program may be a script around the browser
        running.wait(timeout=30)


def port_of(profile: Path, running: subprocess.Popen[bytes]) -> int:
    """Chromium chooses a free one and writes it into its profile."""
    written = profile / "DevToolsActivePort"
    for _moment in range(600):
        if written.exists() and written.read_text().strip():
            return int(written.read_text().split()[0])
        assert running.poll() is None, "Chromium did not start"
        time.sleep(0.1)
    pytest.fail("Chromium opened no port in a minute")


def begin_anew(port: int, link: str, session: str) -> None:
    """Signed in, and with nothing of the page kept from the reading before."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = browser.contexts[0]
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": link}])
        page = context.new_page()
        context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.close()
        browser.close()


def examine(program: Path, link: str, port: int, folder: Path) -> dict[str, Any]:
    """Lighthouse's report on a page as the browser on this port sees it."""
    report = folder / "report.json"
    options = [
        "--preset=desktop",
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--port={port}",
        "--disable-storage-reset",  # or it would sign out
    ]
    subprocess.run(["node", program, link, *options], check=True, timeout=240)
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def faults_of(report: dict[str, Any]) -> list[str]:
    """The categories that are not good enough, each with what took points away."""
    faults = []
    for name in CATEGORIES:
        category = report["categories"][name]
        if category["score"] < LEAST:
            audits = [report["audits"][each["id"]] for each in category["auditRefs"] if each["weight"]]
            lost = [
                f"{audit['title']} ({audit.get('displayValue', '')})"
                for audit in audits
                if audit["score"] is not None and audit["score"] < 1
            ]
            faults.append(f"{name} {category['score']:.2f}: {'; '.join(lost)}")
    return faults


def middle_of(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The one with the median performance; the other categories are the same in each."""
    return sorted(reports, key=lambda report: report["categories"]["performance"]["score"])[len(reports) // 2]


@pytest.mark.parametrize("name", ["dashboard:overview", "listening:mentions"])
def test_a_page_of_every_morning_is_fast_accessible_and_sound(
    name: str,
    lighthouse: Path,
    chromium: int,
    live_server: LiveServer,
    organization: Organization,
    owner: User,
    sign_in: SignIn,
    tmp_path: Path,
) -> None:
    fill(organization)
    link = live_server.url + reverse(name, args=[organization.slug])
    session = sign_in(owner).cookies[settings.SESSION_COOKIE_NAME].value
    reports = []
    for _reading in range(READINGS):
        begin_anew(chromium, link, session)
        reports.append(report := examine(lighthouse, link, chromium, tmp_path))
        assert report["finalDisplayedUrl"] == link
        scores = {each: report["categories"][each]["score"] for each in CATEGORIES}
        print(scores, "processor:", report["environment"]["benchmarkIndex"])  # noqa: T201, to be quoted
    assert not (faults := faults_of(middle_of(reports))), "\n".join([link, *faults])
