"""The filters that are on, each in a word or two and with the address of the list without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.analysis.queries import QueryError
from monitoring.lib.figures import format_number
from monitoring.listening.selectors.naming import tag_names
from monitoring.listening.showing.choosing import SORTS, STATUSES, TONES, Choice, ViewLink
from monitoring.listening.showing.rail import HAS
from monitoring.platforms.registry import platforms

SORT_LABELS = (gettext_lazy("Newest"), gettext_lazy("Most followers"), gettext_lazy("Most reactions"))


@dataclass(frozen=True)
class ActiveFilter:
    """`label` is empty where the name of a platform or a language stands for it: the template knows these."""

    name: str
    value: str
    label: str
    without: str


def sort_links(choice: Choice) -> list[ViewLink]:
    return [
        ViewLink(label, choice.address(sort=name if name != SORTS[0] else None), name == choice.sort)
        for name, label in zip(SORTS, SORT_LABELS, strict=True)
    ]


def active_filters(choice: Choice, queries: Mapping[int, tuple[int, str]]) -> list[ActiveFilter]:
    """`queries`: for each version its keyword, and the query."""
    on = [*_on(choice), *_named(choice, queries)]
    return [ActiveFilter(name, value, label, _without(choice, name, value)) for name, value, label in on]


@dataclass(frozen=True)
class ErrorPlace:
    """What was typed, around the character that is wrong: `number` counts from 1."""

    number: int
    before: str
    wrong: str
    after: str


def error_place(typed: str, error: QueryError) -> ErrorPlace:
    at = error.position
    return ErrorPlace(at + 1, typed[:at], typed[at : at + 1] or " ", typed[at + 1 :])


@dataclass(frozen=True)
class FilterForm:
    """What the form offers beside platforms, languages and tones."""

    choice: Choice

    @property
    def every_platform(self) -> list[tuple[str, str]]:
        return [(platform.slug, platform.name) for platform in platforms()]

    @property
    def every_part(self) -> list[tuple[str, str]]:
        return [(name, str(label)) for name, label in HAS.items()]

    @property
    def every_status(self) -> list[tuple[str, str]]:
        return [(name, str(status.label)) for name, status in STATUSES.items()]

    @cached_property
    def every_tag(self) -> list[tuple[int, str]]:
        return list(tag_names(organization=self.choice.organization).items())

    @property
    def more_is_on(self) -> bool:
        hidden = {
            "only_questions",
            "only_links",
            "only_media",
            "statuses",
            "tags",
            "min_followers",
            "max_followers",
        }
        return bool(self.choice.wanted.chosen & hidden)


def _without(choice: Choice, name: str, value: str) -> str:
    return choice.address(**{name: [each for each in choice.several(name) if each != value]})


def _on(choice: Choice) -> Iterator[tuple[str, str, str]]:
    """Name, value and label of each, as far as the address names it rightly."""
    wanted, text = choice.wanted, choice.parameters.get
    if wanted.search.strip():
        yield "q", text("q", ""), _("“%(text)s”") % {"text": wanted.search.strip()}
    yield from (("platform", slug, "") for slug in wanted.platforms)
    yield from (("language", code, "") for code in wanted.languages)
    yield from (("tone", name, str(TONES[name].label)) for name in choice.several("tone") if name in TONES)
    yield from (("has", name, str(HAS[name])) for name in choice.several("has") if name in HAS)
    if text("questions") == "yes":
        yield "questions", "yes", str(HAS["question"])
    statuses = (name for name in choice.several("status") if name in STATUSES)
    yield from (("status", name, str(STATUSES[name].label)) for name in statuses)
    yield from _followers(choice)
    for name in ("hashtag", "term", "community", "link"):
        if value := getattr(wanted, name):
            yield name, text(name, ""), f"#{value}" if name == "hashtag" else value


def _followers(choice: Choice) -> Iterator[tuple[str, str, str]]:
    wanted, text = choice.wanted, choice.parameters.get
    if wanted.min_followers is not None:
        said = _("From %(number)s followers") % {"number": format_number(wanted.min_followers)}
        yield "min_followers", text("min_followers", ""), said
    if wanted.max_followers is not None:
        said = _("Up to %(number)s followers") % {"number": format_number(wanted.max_followers)}
        yield "max_followers", text("max_followers", ""), said


def _named(choice: Choice, queries: Mapping[int, tuple[int, str]]) -> Iterator[tuple[str, str, str]]:
    """Those whose names stand in the database."""
    wanted = choice.wanted
    if wanted.keyword is not None:
        newest = dict(queries.values()).get(wanted.keyword, _("A keyword that is gone"))
        yield "keyword", choice.parameters.get("keyword", ""), newest
    if wanted.tags:
        names = tag_names(organization=choice.organization)
        gone = _("A tag that is gone")
        yield from (("tag", str(tag), names.get(tag, gone)) for tag in wanted.tags)
    if wanted.author_key:
        yield "author", choice.parameters.get("author", ""), _("One author")
