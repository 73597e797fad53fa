"""Fill in a made-up business, and print the link that opens it."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from smedash.demo.building import DAYS, MENTIONS, build_demo, find_demo, remove_demos
from smedash.demo.entrance import demo_link

MOST_PROCESSES = 2


class Command(BaseCommand):
    help = "Fill in a made-up business with two years of data, and print a link that opens it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS)
        parser.add_argument("--mentions", type=int, default=MENTIONS, help="about so many")
        parser.add_argument(
            "--processes",
            type=int,
            default=min(MOST_PROCESSES, os.cpu_count() or 1),
            help="that write mentions",
        )
        parser.add_argument("--renew", action="store_true", help="make it anew, so that it ends today")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["renew"] or find_demo() is None:
            remove_demos()
            build_demo(
                now=timezone.now(),
                days=options["days"],
                mentions=options["mentions"],
                processes=options["processes"],
                tell=self.stderr.write,
            )
        self.stdout.write(demo_link())
