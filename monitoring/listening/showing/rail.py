"""Beside the list of mentions: what the listed are made of, each part a link to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.lib.figures import format_number
from monitoring.listening.selectors.counts import PeriodCounts
from monitoring.listening.selectors.facets import Facets
from monitoring.listening.selectors.naming import tag_names
from monitoring.listening.showing.choosing import STATUSES, TONES, Choice

MOST_LINES = 6  # of one kind; the form of filters has all
HAS = {
    "question": gettext_lazy("A question"),
    "link": gettext_lazy("A link"),
    "media": gettext_lazy("A picture or video"),
}


@dataclass(frozen=True)
class FacetLine:
    parameter: str
    value: str
    label: str  # the template names platforms and languages itself
    mentions: int
    share: float
    address: str
    is_on: bool

    @property
    def fill(self) -> str:
        """How the bar of a sentiment is colored."""
        return self.value[:3]


@dataclass(frozen=True)
class Rail:
    choice: Choice
    counts: PeriodCounts
    listed: Facets
    queries: Mapping[int, tuple[int, str]]  # for each version its keyword, and the query
    found: float  # how many there are altogether, infinite where nobody counted

    @cached_property
    def is_unfiltered(self) -> bool:
        """Then the counts by day know the parts of all mentions, not only of the newest."""
        return self.choice.wanted.chosen == {"period"} and not self.choice.back

    @cached_property
    def number(self) -> int:
        return self.counts.total.mentions if self.is_unfiltered else self.listed.number

    @cached_property
    def said(self) -> str:
        """Over which mentions was counted."""
        if self.is_unfiltered and self.number > self.listed.number:
            return _(
                "Platforms, languages and sentiment: of all mentions. The rest: of the newest %(number)s."
            ) % {"number": format_number(self.listed.number)}
        if self.listed.number < self.found:
            return _("Of the newest %(number)s of these mentions.") % {
                "number": format_number(self.listed.number)
            }
        return _("Of the mentions in this list.")

    @cached_property
    def every_language(self) -> list[str]:
        """Of the whole period, the most spoken first."""
        spoken = [share.name for share in self.counts.languages]
        return [*spoken, *(code for code in self.choice.wanted.languages if code not in spoken)]

    @property
    def groups(self) -> list[tuple[str, list[FacetLine]]]:
        every = [
            (_("Platforms"), self.platforms),
            (_("Languages"), self.languages),
            (_("Keywords"), self.keywords),
            (_("With"), self.has),
            (_("Status"), self.statuses),
            (_("Tags"), self.tags),
        ]
        return [(title, lines) for title, lines in every if lines]

    @cached_property
    def per_bucket(self) -> list[int]:
        buckets = dict.fromkeys(self.choice.period.each_bucket(), 0)
        for day, volume in self.counts.days.items():
            buckets[self.choice.period.bucket_of(day)] += volume.mentions
        return list(buckets.values())

    @cached_property
    def platforms(self) -> list[FacetLine]:
        known = Counter({share.name: share.mentions for share in self.counts.platforms})
        return self._lines("platform", known if self.is_unfiltered else self.listed.platforms)

    @cached_property
    def languages(self) -> list[FacetLine]:
        known = Counter({share.name: share.mentions for share in self.counts.languages})
        return self._lines("language", known if self.is_unfiltered else self.listed.languages)

    @cached_property
    def tones(self) -> list[FacetLine]:
        total = self.counts.total
        known = {name: getattr(total, name) for name in TONES}
        listed = {name: self.listed.tones[tone] for name, tone in TONES.items()}
        counted = known if self.is_unfiltered else listed
        return [
            self._line("tone", name, str(tone.label), counted[name], self.number)
            for name, tone in TONES.items()
        ]

    @cached_property
    def statuses(self) -> list[FacetLine]:
        named = {name: self.listed.statuses[status] for name, status in STATUSES.items()}
        lines = self._lines("status", Counter(named), lambda name: str(STATUSES[name].label))
        return lines if len(lines) > 1 or self.choice.statuses else []

    @cached_property
    def has(self) -> list[FacetLine]:
        return self._lines("has", self.listed.has, lambda name: str(HAS[name]))

    @cached_property
    def keywords(self) -> list[FacetLine]:
        """A keyword has been several versions, and a mention may have matched several keywords."""
        known = self.queries
        mentions: Counter[str] = Counter()
        names = {str(keyword): query for keyword, query in known.values()}
        for versions, number in self.listed.versions.items():
            for keyword in {str(known[version][0]) for version in versions if version in known}:
                mentions[keyword] += number
        return self._lines("keyword", mentions, names.__getitem__) if len(mentions) > 1 else []

    @cached_property
    def tags(self) -> list[FacetLine]:
        if not self.listed.tags:
            return []
        names = tag_names(organization=self.choice.organization)
        mentions = Counter({str(tag): number for tag, number in self.listed.tags.items() if tag in names})
        return self._lines("tag", mentions, lambda tag: names[int(tag)])

    def _lines(
        self, parameter: str, mentions: Mapping[str, int], label: Callable[[str], str] = str
    ) -> list[FacetLine]:
        ranked = sorted(((-number, value) for value, number in mentions.items() if number))
        return [
            self._line(parameter, value, label(value), -number, self.number)
            for number, value in ranked[:MOST_LINES]
        ]

    def _line(self, parameter: str, value: str, label: str, mentions: int, of: int) -> FacetLine:
        chosen = self.choice.several(parameter)
        is_on = value in chosen
        # A mention may have a question and a link, but is on one platform: these add up, of others one is left.
        others = [each for each in chosen if each != value] if parameter == "has" else []
        address = self.choice.address(**{parameter: others if is_on else [*others, value]})
        return FacetLine(parameter, value, label, mentions, mentions / max(of, 1), address, is_on)
