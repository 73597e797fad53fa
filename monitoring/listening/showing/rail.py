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
from monitoring.listening.selectors.facet_parts import Part
from monitoring.listening.selectors.facets import Facets
from monitoring.listening.selectors.mentions import COUNTED_EXACTLY
from monitoring.listening.selectors.naming import tag_names
from monitoring.listening.showing.choosing import STATUSES, TONES, Choice

MOST_LINES = 6  # of one kind, and those chosen; the form of filters has all
# Of these one value is enough, or several are wanted together: choosing adds one. Others change over.
_SEVERAL = frozenset({"platform", "language", "tone", "tag", "status", "has"})
_ONE_IS_ENOUGH = frozenset({"platforms", "languages", "tones", "tags", "statuses", "keyword"})
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
    of: int
    address: str
    is_on: bool

    @property
    def share(self) -> float:
        return self.mentions / max(self.of, 1)

    @property
    def fill(self) -> str:
        """How the bar of a sentiment is colored."""
        return self.value[:3]


@dataclass(frozen=True)
class Rail:
    choice: Choice
    counts: PeriodCounts
    listed: Facets
    parts: Mapping[
        str, Part
    ]  # what `listed` does not tell: of all there are, or without what is chosen of a kind
    queries: Mapping[int, tuple[int, str]]  # for each version its keyword, and the query
    found: float  # how many there are altogether, infinite where nobody counted

    @property
    def is_unfiltered(self) -> bool:
        return self.choice.wanted.chosen == {"period"} and not self.choice.back

    @cached_property
    def number(self) -> int:
        return self.counts.total.mentions if self.is_unfiltered else self.listed.number

    @property
    def is_told(self) -> bool:
        """Where a list is empty, it still says what could be chosen instead."""
        return any(number for number in (self.number, *(part.number for part in self.parts.values())))

    @property
    def said(self) -> str:
        """Over which mentions was counted."""
        most = {"number": format_number(self.listed.number)}
        if self.listed.number >= self.found:
            return _("Of the mentions in this list.")
        if any(part.number > COUNTED_EXACTLY for part in self.parts.values()):
            return (
                _("Platforms, languages and sentiment: of all mentions. The rest: of the newest %(number)s.")
                % most
            )
        return _("Of the newest %(number)s of these mentions.") % most

    @property
    def said_of_choices(self) -> str:
        """How the others are counted of which one could be chosen instead."""
        if not self.choice.wanted.chosen & _ONE_IS_ENOUGH:
            return ""
        if any(part.number == COUNTED_EXACTLY for part in self.parts.values()):
            return _("Where you have chosen, the others are counted as well, in %(number)s mentions.") % {
                "number": format_number(COUNTED_EXACTLY)
            }
        return _("Where you have chosen, the others are counted as well, so that you can add them.")

    def _part(self, name: str) -> Part:
        listed = self.listed.versions if name == "keyword" else getattr(self.listed, name)
        return self.parts.get(name) or Part(self.listed.number, listed)

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
        return self._lines("platform", self._part("platforms").mentions)

    @cached_property
    def languages(self) -> list[FacetLine]:
        return self._lines("language", self._part("languages").mentions)

    @cached_property
    def tones(self) -> list[FacetLine]:
        part = self._part("tones")
        return [
            self._line("tone", name, str(tone.label), part.mentions[tone], part.number)
            for name, tone in TONES.items()
        ]

    @cached_property
    def statuses(self) -> list[FacetLine]:
        mentions = self._part("statuses").mentions
        named = {name: mentions[status] for name, status in STATUSES.items()}
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
        for versions, number in self._part("keyword").mentions.items():
            for keyword in {str(known[version][0]) for version in versions if version in known}:
                mentions[keyword] += number
        return self._lines("keyword", mentions, names.__getitem__) if len(mentions) > 1 else []

    @cached_property
    def tags(self) -> list[FacetLine]:
        counted = self._part("tags").mentions
        if not counted:
            return []
        names = tag_names(organization=self.choice.organization)
        mentions = Counter({str(tag): number for tag, number in counted.items() if tag in names})
        return self._lines("tag", mentions, lambda tag: names[int(tag)])

    def _lines(
        self, parameter: str, mentions: Mapping[str, int], label: Callable[[str], str] = str
    ) -> list[FacetLine]:
        """The largest, and those chosen."""
        ranked = sorted(((-number, value) for value, number in mentions.items() if number))
        chosen = self.choice.several(parameter)
        shown = [*ranked[:MOST_LINES], *(entry for entry in ranked[MOST_LINES:] if entry[1] in chosen)]
        return [self._line(parameter, value, label(value), -number, self.number) for number, value in shown]

    def _line(self, parameter: str, value: str, label: str, mentions: int, of: int) -> FacetLine:
        chosen = self.choice.several(parameter)
        is_on = value in chosen
        others = [each for each in chosen if each != value] if parameter in _SEVERAL else []
        address = self.choice.address(**{parameter: others if is_on else [*others, value]})
        return FacetLine(parameter, value, label, mentions, of, address, is_on)
