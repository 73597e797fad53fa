"""The one question after an order, in the language of the customer's browser."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from monitoring.conversions.models import Channel, Kind
from monitoring.conversions.models.channels import ASKED_FIRST, channel_label
from monitoring.conversions.visits.events import Converted, Event
from monitoring.conversions.visits.reading import sign_question
from monitoring.conversions.visits.sites import KnownSite

# Nobody walks past a web shop.
_FIRST: Final = tuple(channel for channel in ASKED_FIRST if channel != Channel.WALK_IN)
_MORE: Final = tuple(channel for channel in Channel if channel not in (*_FIRST, Channel.WALK_IN))


def question_after(site: KnownSite, event: Event) -> Converted | None:
    """The order that the customer is asked about, if they are."""
    if site.asks_how_heard and isinstance(event, Converted) and event.kind == Kind.ORDER:
        return event
    return None


def describe_question(site: KnownSite, idempotency_key: str) -> dict[str, object]:
    """What the page needs to ask: the words, the answers, and what proves that it was asked."""
    return {
        "question": sign_question(site, idempotency_key),
        "ask": _("How did you hear of us?"),
        "channels": [[str(channel), channel_label(channel)] for channel in _FIRST],
        "more": [[str(channel), channel_label(channel)] for channel in _MORE],
        "other": _("Somewhere else"),
        "close": _("Do not answer"),
        "thanks": _("Thank you."),
    }
