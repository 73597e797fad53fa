"""Which of a rehearsed query's posts are about somebody else: by what a person says of examples, and by their words.

Nothing is stored: the answers come with each request. Words are compared by how much more often posts of one kind
contain them (log-odds, half a post added to each count, in standard deviations).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from monitoring.analysis.matching.compiling import literals_of
from monitoring.analysis.queries import Query, QueryError, excluding, parse
from monitoring.analysis.standing_out import log_odds_score
from monitoring.lib.intervals import Interval, share_interval
from monitoring.listening.models import Brand, Mention
from monitoring.listening.rehearsing.asking import Example, Rehearsal

JUDGED: Final = 20
FEWEST_JUDGED: Final = 5
KNOWN: Final = 500  # stored mentions that tell how people speak of the brand
FEWEST_KNOWN: Final = 30
MOST_SUGGESTED: Final = 3
_FEWEST_POSTS = 2
_FEWEST_STRANGE = 3
_STANDS_OUT = 2.33
_USUAL_SHARE = 0.02


@dataclass(frozen=True)
class Shown:
    """An example to judge. Its name is the same while the rehearsal lasts."""

    name: str
    platform: str
    example: Example
    is_strange: bool = False
    said: str = ""  # yes or no


@dataclass(frozen=True)
class Exclusion:
    """A word to leave out, and how many of all examples that would take away."""

    word: str
    posts: int


@dataclass(frozen=True)
class Noise:
    """What a person said: how many are about the brand, and the share of all that may be."""

    yes: int
    no: int
    exclusions: tuple[Exclusion, ...]

    @property
    def judged(self) -> int:
        return self.yes + self.no

    @property
    def missing(self) -> int:
        return max(FEWEST_JUDGED - self.judged, 0)

    @property
    def share(self) -> Interval:
        return share_interval(self.yes, self.judged)


def examples_to_judge(
    rehearsal: Rehearsal, strange: Collection[str] = (), *, said: Mapping[str, str] = MappingProxyType({})
) -> list[Shown]:
    """Up to 20 of all, chosen by chance but always the same, the newest first."""
    found = [
        Shown(_name(rehearsal.key, answer.platform, example), answer.platform, example)
        for answer in rehearsal.answers
        for example in answer.examples
    ]
    chosen = sorted(found, key=lambda shown: shown.name)[:JUDGED]
    marked = [
        replace(
            shown,
            is_strange=not set(strange).isdisjoint(shown.example.terms),
            said=said.get(shown.name, ""),
        )
        for shown in chosen
    ]
    return sorted(marked, key=lambda shown: shown.example.post.published_at, reverse=True)


def measure_noise(rehearsal: Rehearsal, *, query: Query, said: Mapping[str, str]) -> Noise:
    """`said` is yes or no, by the names of the examples."""
    shown = examples_to_judge(rehearsal)
    yes = [each.example.terms for each in shown if said.get(each.name) == "yes"]
    no = [each.example.terms for each in shown if said.get(each.name) == "no"]
    words = standing_out(no, yes, at_least=0.0)
    counted = Counter(word for terms in yes for word in set(terms))
    telling = [word for word in words if not counted[word]]
    return Noise(len(yes), len(no), _exclusions(rehearsal, query, telling))


def strange_words(rehearsal: Rehearsal, *, query: Query, brand: Brand) -> tuple[Exclusion, ...]:
    """Words of several examples that people who speak of the brand hardly ever use."""
    known = list(
        Mention.objects.filter(
            organization_id=brand.organization_id, brand=brand, is_counted=True, no_longer_matches=False
        )
        .order_by("-published_at", "-id")
        .values_list("terms", flat=True)[:KNOWN]
    )
    if len(known) < FEWEST_KNOWN:
        return ()
    counted = Counter(word for terms in known for word in set(terms))
    examples = [example.terms for answer in rehearsal.answers for example in answer.examples]
    words = standing_out(examples, known, at_least=_STANDS_OUT, fewest=_FEWEST_STRANGE)
    return _exclusions(
        rehearsal, query, [word for word in words if counted[word] < len(known) * _USUAL_SHARE]
    )


def standing_out(
    these: Sequence[Collection[str]],
    those: Sequence[Collection[str]],
    *,
    at_least: float,
    fewest: int = _FEWEST_POSTS,
) -> list[str]:
    """Words that these posts contain more often than those, the most telling first."""
    here, there = (Counter(word for post in posts for word in set(post)) for posts in (these, those))
    scores = {
        word: log_odds_score(count, len(these), there[word], len(those), prior_part=0.5, prior_whole=1)
        for word, count in here.items()
        if count >= fewest
    }
    telling = [word for word, score in scores.items() if score > at_least]
    return sorted(telling, key=lambda word: (-scores[word], word))


def _exclusions(rehearsal: Rehearsal, query: Query, words: Iterable[str]) -> tuple[Exclusion, ...]:
    """Without the query's own words, and without what cannot be excluded."""
    own = {word for literal in literals_of(query.canonical_root) for word in literal.text.split()}
    examples = [example for answer in rehearsal.answers for example in answer.examples]
    found = []
    for word in words:
        posts = sum(word in example.terms for example in examples)
        if word not in own and posts < len(examples) and _can_be_excluded(query, word):
            found.append(Exclusion(word, posts))
    return tuple(found[:MOST_SUGGESTED])


def _can_be_excluded(query: Query, word: str) -> bool:
    try:
        parse(excluding(query, word))
    except QueryError:
        return False
    return True


def _name(key: str, platform: str, example: Example) -> str:
    told = f"{key} {platform} {example.post.external_id}"
    return "post-" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]
