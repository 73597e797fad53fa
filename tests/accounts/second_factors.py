"""Second factors for tests: an authenticator app that shows codes, without a phone."""

from __future__ import annotations

import pyotp
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from accounts.models import User


def give_app(user: User) -> pyotp.TOTP:
    """Set up, with recovery codes; returns the app on the person's phone."""
    seed = pyotp.random_base32()
    TOTP.activate(user, seed)
    RecoveryCodes.activate(user)
    return pyotp.TOTP(seed)


def recovery_codes(user: User) -> list[str]:
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = kept.wrap().get_unused_codes()
    return codes
