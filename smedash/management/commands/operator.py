"""Make somebody an operator of this server, who may open Django's admin (docs/operations.md)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.second_factor import has_second_factor
from accounts.services.operators import dismiss_operator, make_operator

NOBODY = "Nobody has signed up as %s."
NO_ADDRESS = "The admin is switched off: set ADMIN_PATH, as in ADMIN_PATH=operator, and start again."


class Command(BaseCommand):
    help = "Let somebody who has signed up open the admin of this server, or with --remove no longer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address with which they sign in")
        parser.add_argument("--remove", action="store_true", help="take it from them")

    def handle(self, *args: Any, email: str, remove: bool, **options: Any) -> None:
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise CommandError(NOBODY % email)
        if remove:
            dismiss_operator(user=user)
            self.stdout.write(f"{user.email} is no operator.")
            return
        make_operator(user=user)
        self.stdout.write(f"{user.email} is an operator.")
        self._say_what_is_missing(user)

    def _say_what_is_missing(self, user: User) -> None:
        if not has_second_factor(user=user):
            self.stdout.write("They must set up two-factor sign-in before the admin opens to them.")
        if not settings.ADMIN_PATH:
            self.stdout.write(NO_ADDRESS)
            return
        self.stdout.write(f"The admin is at {settings.PUBLIC_URL}/{settings.ADMIN_PATH}/")
