"""Prints docs/figures.md: `manage.py figures > docs/figures.md`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from monitoring.dashboard.definitions import figures_page


class Command(BaseCommand):
    help = "Print the page docs/figures.md from the definitions that the overview shows."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            self.stdout.write(figures_page(), ending="")
