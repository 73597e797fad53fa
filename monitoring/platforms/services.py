"""Connect accounts and name further servers: each is tried for real before it is stored.

Platforms are asked outside any transaction. What a platform answers instead is raised as a ConnectorError, and
then nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.audit import Action, record, record_change
from accounts.encryption import WrongKey, seal
from accounts.models import Organization
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.opening import normalized_server, open_without_account
from monitoring.platforms.spending import TrialMeter, record_spending, spent_this_month
from monitoring.platforms.types import Platform

LONGEST_SERVER = 255
NOTHING = Decimal(0)


class AlreadyConnected(Exception):
    """The credentials belong to a profile that is connected as another account."""


class AddressTooLong(Exception):
    """The address that the server led to cannot be kept."""


@dataclass(frozen=True)
class _Trial:
    handle: str
    sealed_session: str
    spent: Decimal


def connect_account(
    *,
    organization: Organization,
    platform: Platform,
    server: str = "",
    credentials: Mapping[str, str],
    monthly_spend_limit: Decimal | None = None,
    rechecks_posts: bool = False,
) -> ConnectedAccount:
    """The account whose credentials these are. Connecting it twice replaces its credentials."""
    trial = _try(platform.slug, server, credentials, allowance=monthly_spend_limit or NOTHING)
    with transaction.atomic():
        account, _created = ConnectedAccount.objects.update_or_create(
            organization=organization,
            platform=platform.slug,
            server=server,
            handle=trial.handle,
            defaults={
                "sealed_credentials": seal(credentials),
                "sealed_session": trial.sealed_session,
                "status": ConnectedAccount.Status.OK,
                "last_error": "",
                "monthly_spend_limit": monthly_spend_limit,
                "rechecks_posts": rechecks_posts,
            },
        )
        _record_spent(account, trial)
        _note_connected(account)
    return account


def reconnect_account(
    *,
    account: ConnectedAccount,
    credentials: Mapping[str, str],
    monthly_spend_limit: Decimal | None = None,
    rechecks_posts: bool = False,
) -> None:
    """Try an account with what was typed anew, over what is stored, and keep it if it works.

    Where nothing was typed and the account works, only what it may spend changes, and nobody is asked. Raises
    AlreadyConnected if the profile is connected already, as another account.
    """
    trial, together = None, {**_stored(account), **credentials}
    if credentials or account.status != ConnectedAccount.Status.OK:
        allowance = (monthly_spend_limit or NOTHING) - spent_this_month(account)
        trial = _try(account.platform, account.server, together, allowance=allowance)
    with transaction.atomic():
        if trial is not None:
            _keep(account, together, trial)
            _record_spent(account, trial)
            _note_connected(account)
        _change_spending(account, monthly_spend_limit, rechecks_posts)


def add_server(*, organization: Organization, platform: Platform, server: str) -> ConnectedAccount:
    """Read a further server, or a feed, as anybody may. Adding it twice gives the same one."""
    connector = open_without_account(platform=platform.slug, server=server, credentials={})
    found = normalized_server(connector.check_server() or server)
    if len(found) > LONGEST_SERVER:
        raise AddressTooLong
    with transaction.atomic():
        account, is_new = ConnectedAccount.objects.get_or_create(
            organization=organization, platform=platform.slug, server=found, handle=""
        )
        if is_new:
            _note_connected(account)
    return account


@transaction.atomic
def disconnect_account(*, account: ConnectedAccount) -> None:
    """Forget an account: its credentials are deleted. What it has cost stays on record."""
    record(Action.DISCONNECTED, organization=account.organization, subject=account, name=_name_of(account))
    account.delete()


def _try(platform: str, server: str, credentials: Mapping[str, str], *, allowance: Decimal) -> _Trial:
    meter = TrialMeter(allowance)
    connector = open_without_account(platform=platform, server=server, credentials=credentials, meter=meter)
    profile = connector.own_profile()
    session = connector.sessions.load()
    return _Trial(profile.handle, seal(session) if session else "", meter.spent)


def _stored(account: ConnectedAccount) -> Mapping[str, str]:
    try:
        return account.credentials
    except WrongKey:
        return {}


def _keep(account: ConnectedAccount, credentials: Mapping[str, str], trial: _Trial) -> None:
    same = ConnectedAccount.objects.filter(
        organization_id=account.organization_id,
        platform=account.platform,
        server=account.server,
        handle=trial.handle,
    )
    if same.exclude(pk=account.pk).exists():
        raise AlreadyConnected
    account.handle = trial.handle  # profiles change their names
    account.credentials = credentials
    account.sealed_session = trial.sealed_session
    account.status, account.last_error = ConnectedAccount.Status.OK, ""
    account.save()


def _change_spending(account: ConnectedAccount, limit: Decimal | None, rechecks: bool) -> None:
    before = {"monthly_limit": account.monthly_spend_limit, "rechecks_posts": account.rechecks_posts}
    account.monthly_spend_limit, account.rechecks_posts = limit, rechecks
    account.save(update_fields=["monthly_spend_limit", "rechecks_posts"])
    record_change(
        organization=account.organization,
        subject=account,
        name=_name_of(account),
        before=before,
        after={"monthly_limit": limit, "rechecks_posts": rechecks},
    )


def _record_spent(account: ConnectedAccount, trial: _Trial) -> None:
    if trial.spent:
        record_spending(account=account, amount=trial.spent)


def _note_connected(account: ConnectedAccount) -> None:
    """Which account or server it is; never what opens it."""
    facts = {"platform": account.platform, "server": account.server}
    record(
        Action.CONNECTED,
        organization=account.organization,
        subject=account,
        name=_name_of(account),
        after=facts,
    )


def _name_of(account: ConnectedAccount) -> str:
    return f"{account.handle or account.server} · {account.platform}"
