"""Let somebody back in who has lost their phone, their passkeys and their recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.services.two_factor import forget_second_factors


class Command(BaseCommand):
    help = (
        "Remove a person's authenticator app, passkeys and recovery codes. Their password alone then opens their "
        "account: make sure first who asks for it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the e-mail address by which they sign in")

    def handle(self, *, address: str, **options: object) -> None:
        user = User.objects.filter(email=address.lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {address}.")
        removed = forget_second_factors(user=user)
        self.stdout.write(f"Removed {removed}." if removed else "There was nothing to remove.")
