"""Which figure of credit somebody asks about, read from the address, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.http import Http404
from django.utils.translation import gettext as _

from monitoring.audience.models import PublishedPost
from monitoring.conversions.comparing import define_model
from monitoring.conversions.ledger_choice import Option
from monitoring.conversions.models import Assumptions, Campaign, Channel, CreditModel, TrackedLink
from monitoring.conversions.models.channels import SOCIAL, channel_label
from monitoring.conversions.models.conversions import is_kind, kind_label
from monitoring.conversions.naming import name_post
from monitoring.conversions.parts_behind import channels_named
from monitoring.conversions.selectors.parts import CreditedPart
from monitoring.conversions.selectors.returns import find_assumptions
from monitoring.listening.models import Mention
from monitoring.listening.models.mentions import STILL_THERE
from monitoring.listening.showing.choosing import Choice

Row = TypeVar("Row")


@dataclass(frozen=True)
class PartsChoice(Choice):
    """The organization's period, a model of credit, and whose part of what it is about.

    What is named wrongly does not exist: to leave it out would answer with another figure.
    """

    @cached_property
    def model(self) -> CreditModel:
        """The last touch where no other is asked for."""
        asked = self.parameters.get("model", "") or CreditModel.LAST
        if asked not in CreditModel.values:
            raise Http404
        return CreditModel(asked)

    @cached_property
    def part(self) -> CreditedPart:
        kinds, channels = self.several("kind"), channels_named(self.several("channel"))
        if not all(map(is_kind, kinds)) or not {"", *Channel.values}.issuperset(channels):
            raise Http404
        return CreditedPart(
            period=self.period,
            model=self.model,
            kinds=tuple(kinds),
            only_sales=self.parameters.get("sales") == "yes",
            channels=channels,
            campaign=self._row("campaign"),
            link=self._row("link"),
            post=self._row("post"),
            mention=self._row("mention"),
        )

    def _row(self, name: str) -> int | None:
        number = self._number(name)
        if number is None and self.parameters.get(name):
            raise Http404
        return number

    @property
    def models(self) -> list[Option]:
        """The same question answered by each model: the value is the address."""
        return [
            Option(self.address(model=str(each)), str(each.label), each == self.model) for each in CreditModel
        ]

    @property
    def definition(self) -> str:
        return define_model(self.model, self.assumptions)

    @cached_property
    def assumptions(self) -> Assumptions:
        return find_assumptions(organization=self.organization)

    @property
    def kind_said(self) -> str:
        if self.part.kinds:
            return ", ".join(kind_label(kind) for kind in self.part.kinds)
        return _("Sales") if self.part.only_sales else _("Conversions")

    @cached_property
    def target_said(self) -> str:
        """ "Instagram", "Social media · Spring offer", or "All of them". What is not here does not exist."""
        named = [self._channels(), self._campaign(), self._link(), self._post(), self._mention()]
        return " · ".join(filter(None, named)) or _("All of them")

    def _channels(self) -> str:
        asked = self.part.channels
        if asked == tuple(map(str, SOCIAL)):
            return _("Social media")
        return ", ".join(channel_label(channel) if channel else _("Not known") for channel in asked)

    def _campaign(self) -> str:
        if not self.part.campaign:
            return "" if self.part.campaign is None else _("No campaign")
        found = Campaign.objects.filter(organization=self.organization, pk=self.part.campaign).first()
        return _existing(found).name

    def _link(self) -> str:
        if not self.part.link:
            return "" if self.part.link is None else _("No link")
        found = TrackedLink.objects.filter(organization=self.organization, pk=self.part.link).first()
        return _existing(found).label

    def _post(self) -> str:
        if not self.part.post:
            return "" if self.part.post is None else _("No post of yours")
        found = PublishedPost.objects.filter(organization=self.organization, pk=self.part.post)
        return name_post(_existing(found.only("title", "text", "platform").first()))

    def _mention(self) -> str:
        if not self.part.mention:
            return "" if self.part.mention is None else _("No mention")
        mine = Mention.objects.filter(STILL_THERE, organization=self.organization, pk=self.part.mention)
        found = _existing(mine.defer("search").first())
        return _("Answering %(name)s") % {"name": found.author_said}


def _existing(found: Row | None) -> Row:
    if found is None:
        raise Http404
    return found
