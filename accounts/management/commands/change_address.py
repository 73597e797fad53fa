"""Give somebody another e-mail address, where no mail could verify it."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.email_addresses import AddressIsTaken, replace_address
from accounts.models import User


class Command(BaseCommand):
    help = "Change the e-mail address by which a person signs in. The new one counts as verified: you vouch for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", help="the address they have")
        parser.add_argument("new", help="the address they get")

    def handle(self, *, old: str, new: str, **options: object) -> None:
        user = User.objects.filter(email=old.lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {old}.")
        try:
            validate_email(new)
            replace_address(user=user, email=new)
        except ValidationError:
            raise CommandError(f"{new} is not an e-mail address.") from None
        except AddressIsTaken:
            raise CommandError(f"Somebody else has the address {new}.") from None
        self.stdout.write(f"{old} is now {user.email}.")
