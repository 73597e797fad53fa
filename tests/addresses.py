"""What the test that walks every address needs to know about an address. A new one that takes part in a page adds a
line here, or the test fails and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

from accounts.models import Organization, TokenScope
from accounts.tokens import issue_token
from monitoring.conversions.models import Channel, Kind, Origin
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.recording import Report, record_conversion

Arguments = Mapping[str, object]

# Anybody may come here.
PUBLIC = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "accounts:home",
    "accounts:start",
    "conversions:follow",
    "healthz",
    "metrics",
    "readyz",
}

# Anybody who is signed in, where the view is not ours and so does not say it itself.
SIGNED_IN = {"account_change_password", "account_email", "account_reauthenticate", "account_set_password"}

# Programs with a token come here; without one the answer is 401.
WITH_TOKEN = {"conversions:api"}


def _token(organization: Organization) -> Arguments:
    token, _secret = issue_token(organization=organization, name="Web shop", scope=TokenScope.CONVERSIONS)
    return {"token_id": token.pk}


def _link(organization: Organization) -> Arguments:
    link = create_link(
        organization=organization, target="https://example.com/", label="Menu", channel=Channel.PRINT
    )
    return {"link_id": link.pk}


def _entry(organization: Organization) -> Arguments:
    report = Report(kind=Kind.VISIT, origin=Origin.COUNTER, idempotency_key=uuid4().hex)
    return {"entry_id": record_conversion(organization=organization, report=report).conversion.pk}


# What stands in the address beside the slug: a new object of the organization.
EXAMPLES: dict[str, Callable[[Organization], Arguments]] = {
    "accounts:revoke_token": _token,
    "conversions:link_code": _link,
    "conversions:put_link_aside": _link,
    "conversions:void_entry": _entry,
}

# The same for addresses that belong to no organization.
PLAIN_EXAMPLES: dict[str, Arguments] = {
    "account_confirm_email": {"key": "a-guess"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "a-guess"},
    "accounts:start": {"token": "a-guess"},
    "conversions:follow": {"ending": "a-guess"},
}
