"""Many tracked links from one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from monitoring.conversions.importers.cells import CHANNELS, read_channel
from monitoring.conversions.link_forms import read_target, valid_slug
from monitoring.conversions.models import Campaign, Channel, TrackedLink, UtmField
from monitoring.conversions.models.campaigns import LONGEST_WORD
from monitoring.conversions.models.links import LONGEST_ADDRESS
from monitoring.conversions.selectors.campaigns import list_words
from monitoring.conversions.services.links import SlugTaken, create_link
from monitoring.conversions.services.words import keep_words, write_word
from monitoring.jobs.importers import BadRow, Field, Setting
from monitoring.lib.dates import parse_day
from monitoring.lib.periods import local_midnight

_LONGEST_LABEL = 120
_TAKEN = gettext_lazy("Another link ends like this already.")


@dataclass(frozen=True, kw_only=True)
class LinkLine:
    """A link as its line describes it; the campaign by its name or tag."""

    target: str
    label: str
    channel: str
    slug: str
    campaign: str
    words: Mapping[str, str]
    expires_at: datetime | None
    fallback: str


class LinksImporter:
    """Many tracked links, one a line."""

    slug = "links"
    title = gettext_lazy("Tracked links")
    explanation = gettext_lazy(
        "One link a line. A line that comes again makes no second link. Afterwards, “All links as CSV” has their short "
        "addresses."
    )
    fields: Sequence[Field] = (
        Field(
            name="target",
            label=gettext_lazy("Leads to"),
            known_as=(
                "target",
                "leads to",
                "url",
                "address",
                "link",
                "website",
                "ziel",
                "adresse",
                "destino",
            ),
            is_needed=True,
        ),
        Field(
            name="label",
            label=gettext_lazy("Name"),
            known_as=("name", "label", "title", "titel", "nombre", "nom", "nome"),
            help=gettext_lazy("Otherwise the address without its beginning."),
        ),
        Field(
            name="channel",
            label=gettext_lazy("Where you put it"),
            known_as=("channel", "put on", "where", "platform", "kanal", "plattform", "canal"),
            always=CHANNELS,
        ),
        Field(
            name="slug",
            label=gettext_lazy("Ending of your choice"),
            known_as=("slug", "ending", "short", "endung"),
        ),
        Field(
            name="campaign",
            label=gettext_lazy("Campaign"),
            known_as=("campaign", "utm_campaign", "kampagne", "campaña", "campagne"),
            help=gettext_lazy("By its name or tag. One that you do not have yet is made."),
        ),
        Field(name="source", label=gettext_lazy("Source"), known_as=("utm_source", "source", "quelle")),
        Field(name="medium", label=gettext_lazy("Medium"), known_as=("utm_medium", "medium")),
        Field(name="content", label=gettext_lazy("Content"), known_as=("utm_content", "content", "inhalt")),
        Field(
            name="day",
            label=gettext_lazy("Works until"),
            known_as=("works until", "expires", "last day", "until", "bis"),
            is_date=True,
        ),
        Field(
            name="fallback",
            label=gettext_lazy("Leads afterwards to"),
            known_as=("leads afterwards to", "fallback", "afterwards"),
        ),
    )

    def prepare(self, organization: Organization) -> Mapping[str, Any]:
        keep_words(organization=organization)
        words = list_words(organization=organization)
        return {"words": {field: {each.word for each in found} for field, found in words.items()}}

    def read(self, said: Mapping[str, str], key: str, setting: Setting) -> LinkLine:
        target = _read_address(said["target"])
        slug, fallback = said["slug"].lower(), said["fallback"]
        if slug:
            _checked(valid_slug, slug)
        if fallback and not said["day"]:
            raise BadRow(_("Give the last day, after which it leads elsewhere."))
        return LinkLine(
            target=target,
            label=(said["label"] or _name_of(target))[:_LONGEST_LABEL],
            channel=read_channel(said["channel"]) or Channel.OTHER_SOCIAL,
            slug=slug,
            campaign=said["campaign"][:_LONGEST_LABEL],
            words=_read_words(said, setting.extra["words"]),
            expires_at=_read_end(said["day"], setting),
            fallback=_read_address(fallback) if fallback else "",
        )

    def write(self, items: Sequence[LinkLine], setting: Setting) -> tuple[int, Sequence[tuple[int, str]]]:
        campaigns = _campaigns(setting, items)
        known = _known_links(setting.organization, items)
        new, refused = 0, []
        for place, line in enumerate(items):
            if line.slug in known.slugs:
                if known.slugs[line.slug] != line.target:
                    refused.append((place, str(_TAKEN)))
            elif line.slug or (line.target, line.label, line.channel) not in known.facts:
                try:
                    link = _make(line, campaigns, setting)
                except SlugTaken:
                    refused.append((place, str(_TAKEN)))
                else:
                    known.add(link)
                    new += 1
        return new, refused


@dataclass
class _Known:
    """Endings with their targets, and what the links are otherwise known by."""

    slugs: dict[str, str]
    facts: set[tuple[str, str, str]]

    def add(self, link: TrackedLink) -> None:
        self.slugs[link.slug] = link.target
        self.facts.add((link.target, link.label, link.channel))


def _known_links(organization: Organization, items: Sequence[LinkLine]) -> _Known:
    links = TrackedLink.objects.filter(organization=organization)
    known = _Known({}, set())
    for link in links.filter(slug__in={line.slug for line in items if line.slug}):
        known.add(link)
    for link in links.filter(target__in={line.target for line in items}):
        known.add(link)
    return known


def _make(line: LinkLine, campaigns: Mapping[str, Campaign], setting: Setting) -> TrackedLink:
    return create_link(
        organization=setting.organization,
        by=setting.by,
        target=line.target,
        label=line.label,
        channel=line.channel,
        slug=line.slug,
        campaign=campaigns.get(line.campaign.casefold()),
        utm_source=line.words["source"],
        utm_medium=line.words["medium"],
        utm_content=line.words["content"],
        expires_at=line.expires_at,
        fallback=line.fallback,
    )


def _campaigns(setting: Setting, lines: Iterable[LinkLine]) -> dict[str, Campaign]:
    """By names and tags in lower case; those that are missing begin today."""
    organization = setting.organization
    known = {
        word.casefold(): campaign
        for campaign in Campaign.objects.filter(organization=organization)
        for word in (campaign.slug, campaign.name)
    }
    today = timezone.now().astimezone(setting.zone).date()
    for name in {line.campaign for line in lines} - {""}:
        slug = (slugify(name, allow_unicode=True) or "campaign")[:LONGEST_WORD]
        if name.casefold() not in known:
            campaign = known.get(slug) or Campaign.objects.create(
                organization=organization, name=name, slug=slug, starts_on=today
            )
            known[name.casefold()] = known[slug] = campaign
    return known


def _read_address(text: str) -> str:
    if len(text) > LONGEST_ADDRESS:
        raise BadRow(_("This address is too long."))
    return str(_checked(read_target, text) or "")


def _checked(check: Any, text: str) -> Any:
    try:
        return check(text)
    except ValidationError as error:
        raise BadRow(" ".join(error.messages)) from None


def _read_words(said: Mapping[str, str], words: Mapping[str, set[str]]) -> dict[str, str]:
    typed = {name: write_word(said[name]) for name in ("source", "medium", "content")}
    for field in UtmField.values:
        if typed[field] and typed[field] not in words[field]:
            raise BadRow(
                _("“%(word)s” is not one of your words. Add it under “Words for links” first.")
                % {"word": typed[field]}
            )
    return typed


def _read_end(text: str, setting: Setting) -> datetime | None:
    if not text:
        return None
    try:
        return local_midnight(parse_day(text, setting.order) + timedelta(days=1), setting.zone)
    except (ValueError, OverflowError):
        raise BadRow(_("“%(text)s” is no day we can read.") % {"text": text}) from None


def _name_of(target: str) -> str:
    parts = urlsplit(target)
    return f"{parts.netloc}{parts.path}".rstrip("/")
