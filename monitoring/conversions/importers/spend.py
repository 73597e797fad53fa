"""What advertising cost, as the accounts export it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from accounts.choices import currency_choices
from accounts.models import Organization
from monitoring.conversions.forms import AMOUNT_ERRORS
from monitoring.conversions.importers.cells import (
    CHANNELS,
    read_channel,
    read_currency,
    read_moment,
    read_signed,
)
from monitoring.conversions.models import Campaign, Spend
from monitoring.conversions.models.campaigns import LONGEST_WORD
from monitoring.jobs.importers import BadRow, Field, Setting

_SECOND_LINE = gettext_lazy(
    "A second line for the same day and campaign. Say which column names the advertisement."
)


@dataclass(frozen=True)
class SpendLine:
    """An entry, and what its campaign is called."""

    entry: Spend
    campaign: str


class SpendImporter:
    """What advertising cost, a day and campaign a line."""

    slug = "spend"
    title = gettext_lazy("What advertising cost")
    explanation = gettext_lazy(
        "One line a day and campaign, as advertising accounts export it. A line that comes again with another amount "
        "replaces the first."
    )
    fields: Sequence[Field] = (
        Field(
            name="day",
            label=gettext_lazy("Day"),
            known_as=(
                "day",
                "date",
                "reporting starts",
                "tag",
                "datum",
                "fecha",
                "jour",
                "giorno",
                "dia",
                "tanggal",
            ),
            is_needed=True,
            is_date=True,
        ),
        Field(
            name="amount",
            label=gettext_lazy("Spent"),
            known_as=(
                "amount spent",
                "spend",
                "cost",
                "ausgaben",
                "kosten",
                "ausgegebener betrag",
                "gasto",
                "importe gastado",
                "dépenses",
                "spesa",
                "biaya",
            ),
            is_needed=True,
        ),
        Field(
            name="currency",
            label=gettext_lazy("Currency"),
            known_as=("currency", "currency code", "währung", "moneda", "devise", "valuta"),
            always=[(code, code) for code, _name in currency_choices()],
            help=gettext_lazy("Otherwise that of your business."),
        ),
        Field(
            name="channel",
            label=gettext_lazy("Where"),
            known_as=("platform", "publisher platform", "channel", "network", "plattform"),
            always=CHANNELS,
        ),
        Field(
            name="campaign",
            label=gettext_lazy("Campaign"),
            known_as=("campaign name", "campaign", "kampagne", "campaña", "campagne", "campagna", "kampanye"),
            help=gettext_lazy("One that you do not have yet is made."),
        ),
        Field(
            name="part",
            label=gettext_lazy("Advertisement"),
            known_as=("ad name", "ad set name", "ad group", "anzeige", "anzeigengruppe"),
            help=gettext_lazy("Where a campaign has several lines a day."),
        ),
    )

    def prepare(self, organization: Organization) -> Mapping[str, Any]:
        return {}

    def read(self, said: Mapping[str, str], key: str, setting: Setting) -> SpendLine:
        day = read_moment({**said, "clock": ""}, setting).astimezone(setting.zone).date()
        amount, is_negative = read_signed(said, setting, needed=True)
        if amount is None or is_negative:
            raise BadRow(str(AMOUNT_ERRORS["negative" if is_negative else "empty"]))
        channel, campaign = read_channel(said["channel"]), said["campaign"][:120]
        named = "\x1f".join((day.isoformat(), channel, campaign.casefold(), said["part"].casefold()))
        entry = Spend(
            organization=setting.organization,
            kind=Spend.Kind.ADS,
            channel=channel,
            first_day=day,
            last_day=day,
            amount_a_day=amount,
            currency=read_currency(said, setting),
            note=said["part"][:300],
            idempotency_key=f"ads:{named}"[:200],
            created_by=setting.by,
        )
        return SpendLine(entry, campaign)

    def write(self, items: Sequence[SpendLine], setting: Setting) -> tuple[int, Sequence[tuple[int, str]]]:
        refused = []
        kept: dict[str, SpendLine] = {}
        for place, item in enumerate(items):
            if item.entry.idempotency_key in kept:
                refused.append((place, str(_SECOND_LINE)))
            kept.setdefault(item.entry.idempotency_key, item)
        campaigns = _campaigns(setting.organization, kept.values())
        for item in kept.values():
            item.entry.campaign = campaigns.get(item.campaign.casefold())
        before = Spend.objects.filter(organization=setting.organization, idempotency_key__in=kept).count()
        Spend.objects.bulk_create(
            [item.entry for item in kept.values()],
            update_conflicts=True,
            unique_fields=["organization", "idempotency_key"],
            update_fields=["amount_a_day", "currency", "campaign"],
        )
        return len(kept) - before, refused


def _campaigns(organization: Organization, lines: Iterable[SpendLine]) -> dict[str, Campaign]:
    """Campaigns by their names in lower case; those that are missing begin on their first day in the file."""
    known = {
        word.casefold(): campaign
        for campaign in Campaign.objects.filter(organization=organization)
        for word in (campaign.slug, campaign.name)
    }
    for line in sorted(lines, key=lambda line: line.entry.first_day):
        name = line.campaign
        if name and name.casefold() not in known:
            slug = (slugify(name, allow_unicode=True) or "campaign")[:LONGEST_WORD]
            campaign = known.get(slug) or Campaign.objects.create(
                organization=organization, name=name, slug=slug, starts_on=line.entry.first_day
            )
            known[name.casefold()] = known[slug] = campaign
    return known
