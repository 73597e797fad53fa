"""Bring the database up to date before anybody is let in, and print the links with which one begins."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Migrate the database and print the link with which the first owner begins."
    # They import every page, half of what this takes, and say nothing that a tested version does not know.
    requires_system_checks: list[str] = []  # noqa: RUF012  (the base class declares it so)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill in a demo business")

    def handle(self, *args: Any, **options: Any) -> None:
        # One process for all: starting Django costs more than each of these.
        call_command("migrate", interactive=False, stdout=self.stderr)
        if options["demo"]:
            call_command("demo", stdout=self.stdout, stderr=self.stderr)
        # A new link at each start: whoever has lost the first one only starts again.
        call_command("setup_link", renew=True, stdout=self.stdout)
