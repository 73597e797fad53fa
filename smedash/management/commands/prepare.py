"""Bring the database up to date before anybody is let in, and print the links with which one begins."""

from __future__ import annotations

from typing import Any

import redis
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

NO_DATABASE = "The database that DATABASE_URL names does not let us in: {reason}"
NO_REDIS = "The Redis server that REDIS_URL names does not let us in: {reason}"


class Command(BaseCommand):
    help = "Migrate the database and print the link with which the first owner begins."
    # They import every page, half of what this takes, and say nothing that a tested version does not know.
    requires_system_checks: list[str] = []  # noqa: RUF012  (the base class declares it so)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill in a demo business")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_without_servers()
        # One process for all: starting Django costs more than each of these.
        call_command("migrate", interactive=False, stdout=self.stderr)
        if options["demo"]:
            call_command("demo", stdout=self.stdout, stderr=self.stderr)
        # A new link at each start: whoever has lost the first one only starts again.
        call_command("setup_link", renew=True, stdout=self.stdout)


def refuse_without_servers() -> None:
    """Whatever needs them would fail later, and say so in the words of a library, or only in a log."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CommandError(NO_DATABASE.format(reason=str(error).splitlines()[0])) from None
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except redis.RedisError as error:
        raise CommandError(NO_REDIS.format(reason=error)) from None
