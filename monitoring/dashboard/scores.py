"""The four scores as people read them: each with its definition, its sample, its history and the competitors beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.dashboard.definitions import DEFINITIONS
from monitoring.dashboard.marks import say_days
from monitoring.lib.charts import Table
from monitoring.lib.figures import UNKNOWN, format_number, format_share
from monitoring.lib.periods import Period, local_day
from monitoring.listening.models import Brand
from monitoring.listening.selectors.counts import FEW_MENTIONS
from monitoring.listening.selectors.coverage import Coverage
from monitoring.listening.selectors.scores import Scores, read_scores, starts_of_parts


@dataclass(frozen=True)
class Score:
    """One of the four, ready for the page. `figure` names its definition."""

    figure: str
    name: str | Promise
    definition: str | Promise
    value: str
    sample: str
    history: Sequence[float | None]


@dataclass(frozen=True)
class Beside:
    """All four of one brand, in the order of the scores."""

    brand: Brand
    mentions: int
    values: Sequence[str]


@dataclass(frozen=True)
class FourScores:
    scores: Sequence[Score]
    beside: Sequence[Beside]  # the brand itself first; empty without competitors
    mentions: int
    people: str
    time_between: timedelta | None
    is_exact: bool
    history: Table  # the figures of the lines beside the scores


def four_scores(
    *, brands: Sequence[Brand], period: Period, coverage: Mapping[int, Coverage], now: datetime
) -> FourScores:
    """Of the first of the brands; the others are its competitors. `coverage` is that of each, by its id."""
    found = read_scores(brands=brands, period=period, coverage=coverage, now=now)
    own = found.by_brand[brands[0].pk]
    return FourScores(
        scores=say_scores(own, found.history),
        beside=[
            Beside(
                each,
                found.by_brand[each.pk].mentions,
                [kind.value(found.by_brand[each.pk]) for kind in _KINDS],
            )
            for each in brands
        ]
        if len(brands) > 1
        else [],
        mentions=own.mentions,
        people=_people(own.people, own),
        time_between=own.time_between,
        is_exact=own.is_exact,
        history=_tell_history(period, found.history),
    )


def _tell_history(period: Period, history: Sequence[Scores | None]) -> Table:
    """Part by part of the period; of days that nobody looked at nothing is known."""
    begins = [local_day(start, period.zone) for start in starts_of_parts(period)]
    ends = [day - timedelta(days=1) for day in begins[1:]] + [period.last]
    rows = [
        [say_days(first, last), *(kind.value(part) if part else UNKNOWN for kind in _KINDS)]
        for first, last, part in zip(begins, ends, history, strict=True)
    ]
    columns = [_("Days"), *(str(DEFINITIONS[kind.figure].name) for kind in _KINDS)]
    return Table(columns=columns, rows=rows[::-1])


def say_scores(own: Scores, history: Sequence[Scores | None] = ()) -> list[Score]:
    """The four of one brand, with their history where there is one."""
    return [
        Score(
            kind.figure,
            DEFINITIONS[kind.figure].name,
            DEFINITIONS[kind.figure].what,
            kind.value(own),
            kind.sample(own),
            [None if part is None else kind.point(part) for part in history],
        )
        for kind in _KINDS
    ]


def _share_or_counts(share: float | None, part: int, whole: int, scores: Scores) -> str:
    if share is None:
        return UNKNOWN
    if scores.mentions < FEW_MENTIONS:
        return _("%(part)s of %(whole)s") % {"part": format_number(part), "whole": format_number(whole)}
    return format_share(share)


def _strength(scores: Scores) -> str:
    return _share_or_counts(scores.strength, scores.hours, scores.hours_seen, scores)


def _strength_sample(scores: Scores) -> str:
    return _("%(hours)s of %(seen)s hours") % {
        "hours": format_number(scores.hours),
        "seen": format_number(scores.hours_seen),
    }


def _sentiment(scores: Scores) -> str:
    """ "4.2 : 1", or the counts where there are few, or nothing to divide by."""
    if not scores.positive and not scores.negative:
        return UNKNOWN
    if scores.sentiment is None or scores.mentions < FEW_MENTIONS:
        return f"{format_number(scores.positive)} : {format_number(scores.negative)}"
    if scores.sentiment < 1:
        return f"1 : {format_number(round(scores.negative / max(1, scores.positive), 1))}"
    return f"{format_number(round(scores.sentiment, 1))} : 1"


def _sentiment_sample(scores: Scores) -> str:
    return _("%(positive)s positive, %(negative)s negative") % {
        "positive": format_number(scores.positive),
        "negative": format_number(scores.negative),
    }


def _people(number: int, scores: Scores) -> str:
    return format_number(number) if scores.is_exact else f"~{format_number(number)}"


def _passion(scores: Scores) -> str:
    return _share_or_counts(scores.passion, scores.people_again, scores.people, scores)


def _passion_sample(scores: Scores) -> str:
    said = ngettext("%(again)s of %(people)s person", "%(again)s of %(people)s people", scores.people)
    return said % {"again": _people(scores.people_again, scores), "people": _people(scores.people, scores)}


def _voices(scores: Scores) -> str:
    return _share_or_counts(scores.voices, scores.people, scores.mentions, scores)


def _voices_sample(scores: Scores) -> str:
    said = ngettext("%(people)s person", "%(people)s people", scores.people)
    spoke = ngettext("%(mentions)s mention", "%(mentions)s mentions", scores.mentions)
    return _("%(people)s, %(mentions)s") % {
        "people": said % {"people": _people(scores.people, scores)},
        "mentions": spoke % {"mentions": format_number(scores.mentions)},
    }


@dataclass(frozen=True)
class _Kind:
    figure: str
    value: Callable[[Scores], str]
    sample: Callable[[Scores], str]
    point: Callable[[Scores], float | None]


def _balance(scores: Scores) -> float | None:
    """Sentiment as something that can be drawn: the positive share of what was positive or negative."""
    judged = scores.positive + scores.negative
    return scores.positive / judged if judged else None


_KINDS: Sequence[_Kind] = (
    _Kind("strength", _strength, _strength_sample, lambda scores: scores.strength),
    _Kind("sentiment", _sentiment, _sentiment_sample, _balance),
    _Kind("passion", _passion, _passion_sample, lambda scores: scores.passion),
    _Kind("voices", _voices, _voices_sample, lambda scores: scores.voices),
)
