"""Which platforms there are, what each offers an organization, and what it has connected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.lib.figures import reader_locale
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.registry import connector_class, platforms
from monitoring.platforms.spending import current_month
from monitoring.platforms.types import Access, Capability, Platform

Label = str | Promise

_OFFERED: Mapping[Capability, Label] = {
    Capability.SEARCH_POSTS: _("mentions"),
    Capability.READ_PROFILE: _("followers"),
    Capability.LIST_POSTS: _("a profile’s own posts"),
    Capability.READ_POSTS: _("new reactions to old posts"),
}
_NEEDED: Mapping[Access, Label] = {
    Access.FREE_KEY: _("a free key"),
    Access.OWN_ACCOUNT: _("your own account"),
    Access.APPROVAL: _("the platform’s approval"),
    Access.PAID: _("paid access"),
}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a platform offers: to anybody, and what a connected account adds."""

    platform: Platform
    to_anybody: tuple[Label, ...]
    with_account: tuple[Label, ...]
    needed: tuple[Label, ...]  # for what an account adds

    @property
    def can_connect(self) -> bool:
        return bool(self.platform.credential_fields)

    @property
    def prices(self) -> list[str]:
        """Empty where the platform charges nothing."""
        texts = (
            (gettext("%(price)s a post"), self.platform.price_per_post),
            (gettext("%(price)s a profile"), self.platform.price_per_profile),
        )
        return [text % {"price": _unrounded(price)} for text, price in texts if price]


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A connected account or a further server, and how it stands."""

    account: ConnectedAccount
    platform: Platform
    spent: Decimal  # this month (UTC), in US dollars

    @property
    def is_paid(self) -> bool:
        return is_paid(self.platform)

    @property
    def needs_reconnection(self) -> bool:
        return self.account.status == ConnectedAccount.Status.NEEDS_RECONNECTION


def is_paid(platform: Platform) -> bool:
    return bool(platform.price_per_post or platform.price_per_profile)


def _unrounded(price: Decimal) -> str:
    """Prices go below a cent."""
    return format_currency(price, "USD", locale=reader_locale(), decimal_quantization=False)


def list_offers() -> list[Offer]:
    return [_offer_of(platform) for platform in platforms()]


def list_connections(*, organization: Organization) -> list[Connection]:
    """In the order of the platforms; those of a platform whose connector is gone are left out."""
    order = {platform.slug: place for place, platform in enumerate(platforms())}
    of_month = Q(spending__month=current_month())
    accounts = (
        ConnectedAccount.objects.filter(organization=organization, platform__in=order)
        .annotate(spent=Coalesce(Sum("spending__amount", filter=of_month), Decimal(0)))
        .order_by("handle", "server", "pk")
    )
    found = [
        Connection(account=account, platform=connector_class(account.platform).platform, spent=account.spent)
        for account in accounts
    ]
    return sorted(found, key=lambda connection: order[connection.account.platform])


def _offer_of(platform: Platform) -> Offer:
    open_ones = [each for each, access in platform.capabilities.items() if access == Access.OPEN]
    closed = {each: access for each, access in platform.capabilities.items() if access != Access.OPEN}
    added = {**closed, **platform.with_credentials}
    return Offer(
        platform=platform,
        to_anybody=tuple(_OFFERED[each] for each in open_ones),
        with_account=tuple(_with_account(added, open_ones)),
        needed=tuple(_NEEDED[access] for access in dict.fromkeys(added.values()) if access in _NEEDED),
    )


def _with_account(added: Iterable[Capability], open_ones: Iterable[Capability]) -> Iterable[Label]:
    for capability in added:
        finds_more = capability == Capability.SEARCH_POSTS and capability in open_ones
        yield _("more mentions") if finds_more else _OFFERED[capability]
