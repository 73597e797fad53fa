"""The system's Chromium, for tests in a real browser."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# The one that draws no window of its own first: two cores have enough to do.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS_NAMES = ("Chromium", "Google Chrome")


def macos_places() -> list[Path]:
    """Programs lie in bundles there, for everybody or for one person, and in no PATH."""
    folders = (Path("/Applications"), Path.home() / "Applications")
    return [folder / f"{name}.app/Contents/MacOS/{name}" for name in MACOS_NAMES for folder in folders]


def find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return found or next((str(place) for place in macos_places() if place.exists()), None)
