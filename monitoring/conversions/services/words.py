"""The words that an organization tags its links with."""

from __future__ import annotations

import re
from typing import Final

from django.db import transaction

from accounts.audit import Action, record
from accounts.models import Organization
from monitoring.conversions.models import Channel, UtmField, UtmWord
from monitoring.conversions.models.campaigns import LONGEST_WORD

MEDIUMS: Final = ("social", "paid_social", "email", "print", "referral", "cpc", "influencer")
# What is in use elsewhere for a channel, beside the channel's own word.
_SOURCES: Final = {
    "ig": Channel.INSTAGRAM,
    "fb": Channel.FACEBOOK,
    "twitter": Channel.X,
    "newsletter": Channel.MAIL,
    "google_maps": Channel.GOOGLE,
    "flyer": Channel.PRINT,
}
_BETWEEN: Final = re.compile(r"[\s/&?#=+%]+")


def write_word(text: str) -> str:
    """A word as it is kept: `Facebook Ads` is `facebook-ads`."""
    storable = text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
    return _BETWEEN.sub("-", storable.strip()).strip("-").lower()[:LONGEST_WORD]


def keep_words(*, organization: Organization) -> None:
    """On first use: the words of all channels and the usual mediums."""
    if UtmWord.objects.filter(organization=organization).exists():
        return
    sources = {**{channel.value: channel for channel in Channel}, **_SOURCES}
    words = [
        UtmWord(organization=organization, field=UtmField.SOURCE, word=word, channel=channel)
        for word, channel in sources.items()
    ]
    words += [UtmWord(organization=organization, field=UtmField.MEDIUM, word=word) for word in MEDIUMS]
    UtmWord.objects.bulk_create(words, ignore_conflicts=True)


@transaction.atomic
def add_word(*, organization: Organization, field: str, word: str, channel: str = "") -> UtmWord:
    """The word, made unless it is there already: then it stays what it was. Only a source stands for a channel."""
    said = channel if field == UtmField.SOURCE else ""
    kept, is_new = UtmWord.objects.get_or_create(
        organization=organization, field=UtmField(field), word=write_word(word), defaults={"channel": said}
    )
    if is_new:
        facts = {"kind": kept.field, "channel": kept.channel}
        record(Action.CREATED, organization=organization, subject=kept, after=facts)
    return kept


@transaction.atomic
def remove_word(*, word: UtmWord) -> None:
    """Links that are tagged with it stay as they are."""
    facts = {"kind": word.field, "channel": word.channel}
    record(Action.DELETED, organization=word.organization, subject=word, before=facts)
    word.delete()
