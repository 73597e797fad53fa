"""What a cell of a file says, or in plain words why it cannot be understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import currency_choices
from monitoring.conversions.forms import AMOUNT_ERRORS
from monitoring.conversions.models import Channel, Kind
from monitoring.conversions.models.conversions import ONE_OF_A_KIND, is_kind
from monitoring.jobs.importers import BadRow, Setting
from monitoring.lib.dates import parse_moment
from monitoring.lib.money import InvalidAmount, parse_amount

NOON = time(12)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CHANNELS = [(channel.value, channel.label) for channel in Channel]
_MINUS = "-−–"


def read_moment(said: Mapping[str, str], setting: Setting) -> datetime:
    """When it was; nothing before the year 2000 or later than tomorrow."""
    try:
        moment = parse_moment(said["day"], setting.order, setting.zone, clock=said["clock"], default=NOON)
    except (ValueError, OverflowError):
        raise BadRow(
            _("“%(text)s” is no day we can read.") % {"text": f"{said['day']} {said['clock']}".strip()}
        ) from None
    if not moment >= EARLIEST or moment.date() > timezone.now().astimezone(setting.zone).date():
        raise BadRow(_("This day is in the future, or before the year 2000."))
    return min(moment.astimezone(UTC), timezone.now())


def read_kind(text: str) -> str:
    """A kind by its word or by its name in the reader's language."""
    named = {str(name).casefold(): str(kind) for kind, name in ONE_OF_A_KIND.items()}
    kind = named.get(text.casefold(), text.casefold())
    if not is_kind(kind) or kind == Kind.VISIT:
        raise BadRow(_("“%(text)s” is nothing that can be counted.") % {"text": text})
    return kind


def read_signed(said: Mapping[str, str], setting: Setting, *, needed: bool) -> tuple[Decimal | None, bool]:
    """The amount without its sign, and whether it is below zero: "-5", "5-", "(5)"."""
    text = said["amount"].strip()
    if not text and not needed:
        return None, False
    is_negative = text[:1] in _MINUS or text[-1:] in _MINUS or (text[:1] == "(" and text[-1:] == ")")
    bare = text.strip(f"{_MINUS}() ") if is_negative else text
    try:
        amount = parse_amount(bare, currency=read_currency(said, setting), locale=setting.locale)
    except InvalidAmount as error:
        raise BadRow(str(AMOUNT_ERRORS[error.code])) from None
    return amount, is_negative and amount > 0


def read_currency(said: Mapping[str, str], setting: Setting) -> str:
    code = said["currency"].upper() or setting.organization.currency
    if code not in dict(currency_choices()):
        raise BadRow(_("“%(text)s” is no currency.") % {"text": said["currency"]})
    return code


def read_channel(text: str) -> str:
    """A channel by its word or by its name; empty where nobody was asked."""
    named = {channel.label.casefold(): channel.value for channel in Channel}
    found = text.casefold()
    found = named.get(found, found)
    if found and found not in Channel.values:
        raise BadRow(_("“%(text)s” is no channel that we know.") % {"text": text})
    return found
