"""What was said: where, in which language, about what, and what the loud days were about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.analysis.words import fold, words_of
from monitoring.audience.selectors.answers import names_answered
from monitoring.audience.selectors.engagement import sum_by_bucket
from monitoring.conversions.models import TrackedLink
from monitoring.dashboard.marks import Peak, mark_peak
from monitoring.dashboard.overview import Overview
from monitoring.lib.charts import Chart, Series, draw_chart
from monitoring.lib.figures import format_number, format_share
from monitoring.lib.hatching import hatch_unread
from monitoring.listening.models import Brand, Mention, TermKind
from monitoring.listening.selectors.counts import FEW_MENTIONS, Share, Volume, top_terms
from monitoring.listening.selectors.open_questions import RECENT, questions_worth_answering
from monitoring.listening.selectors.rankings import Ranked, Telling, rank_terms, what_stood_out

MOST_TERMS: Final = 8
MOST_QUESTIONS: Final = 5
MOST_TELLING: Final = 5
_WORDS_OF_THE_NOTE: Final = 3


@dataclass(frozen=True)
class RankedBar:
    """One line of a list: how many, as long a bar, and the rows behind it."""

    name: str
    mentions: int
    address: str
    share: str = ""  # of all mentions, where there are enough to say


@dataclass(frozen=True)
class RankedList:
    """`figure` names its definition; `say` is how its names are said: as a "platform", a "language", or as they are."""

    figure: str
    title: str | Promise
    bars: Sequence[RankedBar]
    say: str = ""

    @property
    def most(self) -> int:
        return self.bars[0].mentions if self.bars else 0


@dataclass(frozen=True)
class ToldWord:
    label: str
    mentions: int
    address: str


@dataclass(frozen=True)
class LoudDay:
    """A day that stands out, and the words that stand out on it."""

    day: date
    said: str
    address: str
    words: Sequence[ToldWord]


@dataclass(frozen=True)
class Said:
    """The second part of the overview. Each figure is read once, when it is first asked for."""

    overview: Overview

    def draw_volume(self) -> Chart:
        tones = (
            ("positive", _("Positive"), "pos"),
            ("neutral", _("Neutral"), "neu"),
            ("negative", _("Negative"), "neg"),
        )
        series = [
            Series(label=label, values=self._buckets(name), color=f"{color}-fill", query=f"tone={name}")
            for name, label, color in tones
        ]
        links = self.overview.rows.mentions_of_buckets()
        chart = draw_chart(self.overview.axis, series, stacked=True, links=links)
        chart = hatch_unread(chart, self.overview.unread)
        if self._note:
            chart.data["note"] = self._note
        return chart

    def _buckets(self, name: str) -> list[int | None]:
        shown = self.overview

        def on(day: date) -> int | None:
            return None if day in shown.unknown_days else getattr(shown.days.get(day, Volume()), name)

        return sum_by_bucket(shown.period, ((day, on(day)) for day in shown.period.each_day()))

    @property
    def _note(self) -> dict[str, object] | None:
        """At the loudest day: how much, and about what."""
        if not self.loud_days:
            return None
        loudest, period = self.loud_days[0], self.overview.period
        mentions = self.overview.days[loudest.day].mentions
        title = _("%(day)s: %(mentions)s mentions") % {
            "day": date_format(loudest.day, "DATE_FORMAT"),
            "mentions": format_number(mentions),
        }
        text = ", ".join(word.label for word in loudest.words[:_WORDS_OF_THE_NOTE])
        index = self.overview.axis.buckets.index(period.bucket_of(loudest.day))
        return {"index": index, "title": title, "text": text}

    @cached_property
    def loud_days(self) -> list[LoudDay]:
        shown = self.overview
        told = what_stood_out(
            brand=shown.brand,
            period=shown.period,
            mentions={day: volume.mentions for day, volume in shown.days.items()},
            loud=[peak.day for peak in shown.loud_days],
            own=own_words(shown.brand),
        )
        return [self._loud_day(peak, told[peak.day]) for peak in shown.loud_days]

    def _loud_day(self, peak: Peak, told: Sequence[Telling]) -> LoudDay:
        rows = self.overview.rows
        words = [
            ToldWord(
                f"#{each.name}" if each.kind == TermKind.HASHTAG else each.name,
                each.mentions,
                rows.mentions(peak.day, **{each.kind.value: each.name}),
            )
            for each in told[:MOST_TELLING]
        ]
        return LoudDay(peak.day, mark_peak(peak).said, rows.mentions(peak.day), words)

    @cached_property
    def _counted(self) -> tuple[dict[TermKind, list[Ranked]], datetime]:
        shown = self.overview
        return rank_terms(
            brand=shown.brand,
            period=shown.period,
            mentions=shown.total.mentions,
            limit=MOST_TERMS + len(own_words(shown.brand)),
        )

    @property
    def counted_at(self) -> datetime:
        return self._counted[1]

    @cached_property
    def _ranked(self) -> dict[TermKind, list[Ranked]]:
        own = own_words(self.overview.brand)
        ranked = dict(self._counted[0])
        ranked[TermKind.TERM] = [each for each in ranked[TermKind.TERM] if each.name not in own]
        return {kind: found[:MOST_TERMS] for kind, found in ranked.items()}

    @property
    def where(self) -> RankedList:
        return self._of_shares(
            "platforms", gettext_lazy("Where people speak"), self.overview.platforms, "platform"
        )

    def _of_shares(self, figure: str, title: str | Promise, shares: list[Share], name: str) -> RankedList:
        total = self.overview.total.mentions
        bars = [
            RankedBar(
                share.name,
                share.mentions,
                self.overview.rows.mentions(**{name: share.name}),
                format_share(share.mentions / total) if total >= FEW_MENTIONS else "",
            )
            for share in shares[:MOST_TERMS]
        ]
        return RankedList(figure, title, bars, name)

    @property
    def about(self) -> list[RankedList]:
        """What has nothing to show is left out, but for the words."""
        lists = [
            self._of_terms("words", gettext_lazy("Words"), TermKind.TERM),
            self._of_terms("hashtags", gettext_lazy("Hashtags"), TermKind.HASHTAG, lambda name: f"#{name}"),
            self._of_terms("links", gettext_lazy("Links"), TermKind.LINK, _without_scheme),
            self._of_shares(
                "languages", gettext_lazy("In which language"), self.overview.languages, "language"
            ),
            self._of_terms("communities", gettext_lazy("Communities"), TermKind.COMMUNITY),
            self._of_terms("keywords", gettext_lazy("Keywords"), TermKind.KEYWORD),
        ]
        return [each for each in lists if each.bars or each.figure == "words"]

    def _of_terms(
        self, figure: str, title: str | Promise, kind: TermKind, say: Callable[[str], str] = str
    ) -> RankedList:
        bars = [
            RankedBar(
                say(each.label),
                each.mentions,
                self.overview.rows.mentions(**{kind.value: each.name}),
            )
            for each in self._ranked[kind]
        ]
        return RankedList(figure, title, bars)

    @cached_property
    def questions(self) -> list[Mention]:
        """A link put under a question is an answer to it, and so is a reply of one of our own profiles."""
        links = TrackedLink.objects.filter(organization=self.overview.organization, mention__isnull=False)
        return questions_worth_answering(
            brand=self.overview.brand,
            now=self.overview.now,
            limit=MOST_QUESTIONS,
            answered=links.values_list("mention_id", flat=True),
            named_by_answers=names_answered(
                organization=self.overview.organization, since=self.overview.now - RECENT
            ),
        )


def own_words(brand: Brand) -> set[str]:
    """The brand's name: it says nothing about it."""
    return {*words_of(fold(brand.name)), fold(brand.name).replace(" ", "")}


def commonest_words(overview: Overview) -> list[Share]:
    """Of the brand's mentions, without those of its own name."""
    own = own_words(overview.brand)
    found = top_terms(
        kind=TermKind.TERM, brand=overview.brand, period=overview.period, limit=MOST_TERMS + len(own)
    )
    return [share for share in found if share.name not in own][:MOST_TERMS]


def _without_scheme(link: str) -> str:
    return link.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
