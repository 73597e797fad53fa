"""Search without signing in: what people say about a name right now, on the platforms that answer strangers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from monitoring.analysis.queries import Query, QueryError, parse
from monitoring.dashboard.scores import Score, say_scores
from monitoring.listening.keywords.first_keywords import name_query
from monitoring.listening.models.mentions import Tone
from monitoring.listening.rehearsing.asking import Example, PlatformAnswer, Rehearsal
from monitoring.listening.selectors.rows import WEB
from monitoring.listening.selectors.scores import ONE_HOUR, Scores

WINDOW = timedelta(days=7)
SHOWN = 50
LONGEST_NAME = 80


@dataclass(frozen=True)
class Found:
    platform: str
    example: Example

    @property
    def published_at(self) -> datetime:
        return self.example.post.published_at

    @property
    def author(self) -> str:
        return self.example.post.author.name or self.example.post.author.handle or _("Somebody")

    @property
    def tone(self) -> int:
        return Tone[self.example.sentiment.upper()].value

    @property
    def link(self) -> str:
        """Where the post stands; empty where that is no address of the web."""
        return self.example.post.url if self.example.post.url.startswith(WEB) else ""


@dataclass(frozen=True)
class LiveSearch:
    """The answers so far to a name, and what they come to."""

    name: str
    rehearsal: Rehearsal
    now: datetime

    @cached_property
    def found(self) -> list[Found]:
        """What was said within the window, the newest first."""
        posts = (
            Found(answer.platform, example)
            for answer in self.rehearsal.answers
            for example in answer.examples
            if self.now - WINDOW <= example.post.published_at <= self.now
        )
        return sorted(posts, key=lambda found: found.published_at, reverse=True)

    @property
    def shown(self) -> list[Found]:
        return self.found[:SHOWN]

    @property
    def answers(self) -> Sequence[PlatformAnswer]:
        return self.rehearsal.answers

    @cached_property
    def since(self) -> datetime:
        """How far back all answers reach: a platform hands over its newest posts, and no more than a page of them."""
        reached = [answer.since for answer in self.answers if answer.since]
        return max([self.now - WINDOW, *reached])

    @property
    def hours(self) -> int:
        return max(1, -(-(self.now - self.since) // ONE_HOUR))

    @property
    def scores(self) -> list[Score]:
        return say_scores(score_posts(self.found, since=self.since, hours=self.hours))


def score_posts(found: Sequence[Found], *, since: datetime, hours: int) -> Scores:
    """The four scores of posts that are not stored, counted from the instant since which all of them are known."""
    known = [each for each in found if each.published_at >= since]
    tones = Counter(each.example.sentiment for each in known)
    people = Counter((each.platform, each.example.post.author.external_id) for each in known)
    spoken = {each.published_at.replace(minute=0, second=0, microsecond=0) for each in known}
    return Scores(
        hours=len(spoken),
        hours_seen=max(hours, len(spoken)),
        mentions=len(known),
        positive=tones["positive"],
        negative=tones["negative"],
        people=len(people),
        people_again=sum(times > 1 for times in people.values()),
    )


def query_of(name: str) -> Query | None:
    """What is asked for a name; None where nothing can be asked with it."""
    text = name_query(" ".join(name.split())[:LONGEST_NAME])
    try:
        return parse(text) if text else None
    except QueryError:
        return None
