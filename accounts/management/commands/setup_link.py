"""Print the one-time link by which the first owner claims a fresh instance."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from accounts.setup import instance_is_fresh, renew_setup_link, setup_link_exists


class Command(BaseCommand):
    help = "Print the link by which the first owner signs up. Prints nothing once somebody has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--renew", action="store_true", help="make a new link; the one before stops working"
        )

    def handle(self, *, renew: bool, **options: object) -> None:
        if not instance_is_fresh():
            return
        if setup_link_exists() and not renew:
            self.stderr.write("A link was printed before and still works. --renew makes a new one.")
            return
        self.stdout.write(renew_setup_link())
