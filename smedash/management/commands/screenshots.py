"""Make the pictures of the README from the demo."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from smedash.demo.building import find_demo
from smedash.demo.entrance import demo_link
from smedash.demo.photographing import take_pictures
from smedash.local.chromium import find_chromium


class Command(BaseCommand):
    help = "Make the pictures of the README from the demo business."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=Path("docs/pictures"), help="folder to write to")

    def handle(self, *args: Any, **options: Any) -> None:
        if importlib.util.find_spec("playwright") is None:
            raise CommandError("Playwright is missing. It comes with the packages of requirements-dev.lock.")
        executable = find_chromium()
        if executable is None:
            raise CommandError("No Chromium found. Install one, or name it in CHROMIUM.")
        if find_demo() is None:
            raise CommandError("There is no demo to take pictures of. Make one with: manage.py demo")
        link = demo_link()  # before the browser's event loop begins, in which the database may not be asked
        playwright = importlib.import_module("playwright.sync_api")
        with playwright.sync_playwright() as running:
            taken = take_pictures(
                chromium=running.chromium, executable=executable, entrance=link, folder=options["output"]
            )
            for picture in taken:
                self.stdout.write(f"{picture} {picture.stat().st_size // 1024} KB")
