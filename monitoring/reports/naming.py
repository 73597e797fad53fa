"""What letters and month pages both say."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from monitoring.conversions.money.exchange import round_money
from monitoring.conversions.selectors.counting import Answer, Brought
from monitoring.conversions.wording import say_counted
from monitoring.lib.figures import format_money
from monitoring.platforms.registry import UnknownPlatform, connector_class


def name_platform(slug: str) -> str:
    """A platform whose connector was taken out keeps its slug: what it brought is still told."""
    try:
        return connector_class(slug).platform.name
    except UnknownPlatform:
        return slug


def name_brought(answer: Answer, brought: Brought) -> str:
    """What social media brought: "12 orders and €340", or "12 orders" where no money is known."""
    said = say_counted(Decimal(brought.social_number), answer.kind)
    if not brought.social_amount:
        return said
    money = format_money(round_money(brought.social_amount, answer.currency), answer.currency)
    return _("%(number)s and %(money)s") % {"number": said, "money": money}
