"""Prints docs/platforms.md: `manage.py platforms > docs/platforms.md`."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from monitoring.platforms.documenting import platforms_page


class Command(BaseCommand):
    help = "Print the page docs/platforms.md from what the connectors declare."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(platforms_page(), ending="")
