"""Seal everything anew with the first of the ENCRYPTION_KEYS, without stopping anything (docs/operations.md)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.key_rotation import Tally, find_places, rotate

STILL_NEEDED = "Do not remove older keys yet: what they sealed could not be opened any more."
LOST = (
    " %d of them cannot be opened even now. Add the key that sealed them at the end of ENCRYPTION_KEYS, or connect "
    "those accounts and shops again; people whose second factor is lost need a new one."
)


class Command(BaseCommand):
    help = (
        "Seal every stored secret anew with the first of the ENCRYPTION_KEYS. Repeat it as often as you like."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing, only say whether older keys may be removed"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            self._tell([rotate(place=place) for place in find_places()])
        # Looked at once more: a process that has not been restarted may have sealed with an older key meanwhile.
        found = [rotate(place=place, only_look=True) for place in find_places()]
        if check:
            self._tell(found)
        if any(tally.older_keys_are_needed for tally in found):
            lost = sum(tally.lost for tally in found)
            raise CommandError(STILL_NEEDED + (LOST % lost if lost else ""))
        self.stdout.write("Everything is sealed with the newest key. Older keys may be removed.")

    def _tell(self, tallies: list[Tally]) -> None:
        for tally in tallies:
            self.stdout.write(
                f"{tally.place}: {tally.renewed} sealed anew, {tally.newest} had the newest key, "
                f"{tally.older} have an older one, {tally.lost} cannot be opened"
            )
