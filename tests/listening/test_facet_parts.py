"""What stands beside the list: each kind counted without what is chosen of it, beside the same in plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings

from accounts.models import Organization, User
from monitoring.lib.periods import Period
from monitoring.listening.models import Mention, MentionStatus
from monitoring.listening.selectors import facet_parts
from monitoring.listening.selectors.counts import count_period
from monitoring.listening.selectors.facet_parts import Part, read_parts
from monitoring.listening.selectors.filtering import MentionFilter
from monitoring.listening.selectors.finding import Place
from tests.cast import SignIn
from tests.listening.test_filtering import FIRST, LAST, Stage, facets_of

pytestmark = pytest.mark.django_db
NAMES = {
    "platforms": "platforms",
    "languages": "languages",
    "tones": "tones",
    "tags": "tags",
    "keyword": "versions",
}


@pytest.fixture
def stage(organization: Organization) -> Stage:
    return Stage(organization, "Asia/Kathmandu")


def everything(stage: Stage, **chosen: Any) -> MentionFilter:
    return MentionFilter(period=Period(FIRST, LAST, stage.zone), **chosen)


def parts_of(stage: Stage, wanted: MentionFilter) -> dict[str, Part]:
    assert wanted.period is not None
    found = stage.find(wanted, Place())
    return read_parts(
        brand=stage.brand,
        wanted=wanted,
        counts=count_period(brands=[stage.brand], period=wanted.period),
        listed=found.facets,
        days=found.look.days,
        from_days=True,
    )


def without(wanted: MentionFilter, name: str) -> MentionFilter:
    nothing: dict[str, Any] = {name: None if name == "keyword" else ()}
    return replace(wanted, **nothing)


@pytest.mark.parametrize("few", [0, 200], ids=["one by one", "in one pass"])
def test_each_kind_is_counted_without_what_is_chosen_of_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(facet_parts, "FEW", few)

    @settings(max_examples=40, deadline=None)
    @given(wanted=stage.filters())
    def check(wanted: MentionFilter) -> None:
        parts = parts_of(stage, wanted)
        for name in wanted.chosen & NAMES.keys():
            expected = stage.expected(without(wanted, name))
            counted = parts.get(name, Part())
            assert counted.number == len(expected), name
            assert +counted.mentions == facets_of(expected)[NAMES[name]], name

    check()


def test_what_was_set_aside_is_counted_where_it_is_asked_for(stage: Stage) -> None:
    wanted = everything(stage, statuses=(MentionStatus.MUTED,))
    statuses = Counter(row.status for row in stage.expected(replace(wanted, statuses=())))
    muted = len(stage.expected(wanted))

    assert muted
    assert parts_of(stage, wanted)["statuses"].mentions == statuses + Counter({MentionStatus.MUTED: muted})


@pytest.mark.parametrize(
    ("chosen", "most"),
    [
        ({}, 0),
        ({"platforms": ("bluesky",), "languages": ("de",)}, 1),
        ({"platforms": ("bluesky",), "tags": (1,), "keyword": 1, "statuses": (0,)}, 1),
        ({"only_links": True}, 0),
    ],
)
def test_they_take_one_query_at_most(stage: Stage, chosen: dict[str, Any], most: int) -> None:
    wanted = everything(stage, **chosen)
    found = stage.find(wanted, Place())
    counts = count_period(brands=[stage.brand], period=found.look.days)
    with CaptureQueriesContext(connection) as queries:
        read_parts(
            brand=stage.brand,
            wanted=wanted,
            counts=counts,
            listed=found.facets,
            days=found.look.days,
            from_days=True,
        )

    assert len(queries) == most


def test_choosing_a_platform_leaves_the_others_to_be_added(
    stage: Stage, viewer: User, sign_in: SignIn, organization: Organization
) -> None:
    period = f"from={FIRST}&to={LAST}&brand={stage.brand.pk}"
    page = sign_in(viewer).get(f"/o/{organization.slug}/mentions/?{period}&platform=bluesky")
    lines = {line.value: line for line in page.context["rail"].platforms}
    counted = Mention.objects.filter(pk__in=[row.pk for row in stage.expected(everything(stage))])

    assert {value: line.mentions for value, line in lines.items()} == Counter(
        counted.values_list("platform", flat=True)
    )
    assert lines["bluesky"].is_on
    assert "platform=bluesky&platform=lemmy" in lines["lemmy"].address
    assert "platform" not in lines["bluesky"].address
    assert "so that you can add them" in page.content.decode()
