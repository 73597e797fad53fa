"""Two-factor sign-in: what is stored of it, who has it, and what everybody sees of their own.

Codes of an authenticator app and recovery codes follow from a seed that lies sealed in the database
(`mfa_authenticator.data`); of a passkey only the public key is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import segno
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.encryption import WrongKey, seal_text, unseal_text
from accounts.models import Membership, Organization, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """How allauth's second factors behave here."""

    error_messages = {  # noqa: RUF012 - as the class above has it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That is not right. Take the newest code, and check the clock of your phone."),
        "unverified_email": _("Verify your e-mail address first. Otherwise nobody could help you back in."),
    }

    def encrypt(self, text: str) -> str:
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_text(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Black on white by night, too: cameras want it so."""
        picture = BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
        return picture.getvalue().decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number} if number > 1 else gettext("Passkey")


def has_second_factor(*, user: User) -> bool:
    found: bool = Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
    return found


def lacks_second_factor(*, user: User, organization: Organization) -> bool:
    """Whether this organization is closed to this person until they set up a second factor."""
    return organization.requires_two_factor and not has_second_factor(user=user)


@dataclass(frozen=True, kw_only=True)
class MemberFactor:
    membership: Membership
    has_second_factor: bool


def list_members_by_factor(*, organization: Organization) -> list[MemberFactor]:
    """All members; those without a second factor come first."""
    protected = set(
        Authenticator.objects.filter(
            type__in=FACTORS, user__memberships__organization=organization
        ).values_list("user_id", flat=True)
    )
    memberships = Membership.objects.filter(organization=organization).select_related("user")
    members = [
        MemberFactor(membership=membership, has_second_factor=membership.user_id in protected)
        for membership in memberships.order_by("user__name", "user__email")
    ]
    return sorted(members, key=lambda found: found.has_second_factor)


@dataclass(frozen=True, kw_only=True)
class WaysIn:
    """How one person can sign in."""

    has_app: bool
    passkeys: list[Authenticator]
    codes_left: int | None  # of the recovery codes; None: there are none
    new_address: str  # waits to be verified
    sessions: int
    connected: int  # accounts elsewhere
    closed: list[Organization]  # ask for a second factor, and this person has none

    @property
    def has_second_factor(self) -> bool:
        return self.has_app or bool(self.passkeys)


def read_ways_in(*, user: User) -> WaysIn:
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    passkeys = [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN]
    has_app = any(factor.type == Authenticator.Type.TOTP for factor in factors)
    codes = [factor for factor in factors if factor.type == Authenticator.Type.RECOVERY_CODES]
    waiting = EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email).first()
    closed = [] if has_app or passkeys else list(_asking_for_two_factor(user))
    return WaysIn(
        has_app=has_app,
        passkeys=passkeys,
        codes_left=_count_unused(codes[0]) if codes else None,
        new_address=waiting.email if waiting else "",
        # The one that asks is there, even if it began in a way that is not listed.
        sessions=max(1, len(UserSession.objects.purge_and_list(user))),
        connected=SocialAccount.objects.filter(user=user).count(),
        closed=closed,
    )


def _count_unused(codes: Authenticator) -> int:
    """None is left to somebody whose codes this server cannot open."""
    try:
        return len(codes.wrap().get_unused_codes())
    except WrongKey:
        return 0


def _asking_for_two_factor(user: User) -> QuerySet[Organization]:
    return Organization.objects.filter(memberships__user=user, requires_two_factor=True).order_by("name")
