"""Search texts stay within what platforms, and our own table of sources, can hold."""

from __future__ import annotations

import pytest

from monitoring.analysis.queries import parse
from monitoring.platforms.connectors.native_search import fitting, without_longer
from monitoring.platforms.registry import CONNECTORS, connector_class

LONGEST_SOURCE = 1000


@pytest.mark.parametrize("slug", list(CONNECTORS))
@pytest.mark.parametrize(
    "query",
    [
        " ".join(f"longword{number}" * 3 for number in range(60)),
        f"{'y' * 1500}",
        " OR ".join(f'"brand number {number}"' for number in range(90)),
        f"acme -{'z' * 1200}",
    ],
)
def test_a_long_query_makes_searches_that_fit(slug: str, query: str) -> None:
    connector, parsed = connector_class(slug), parse(query)
    for text in (*connector.searches(parsed), *connector.searches_with_account(parsed)):
        assert 0 < len(text) <= LONGEST_SOURCE


def test_what_does_not_fit_is_left_out() -> None:
    assert fitting(["aaa", "bbbbbb", "cc"], longest=7) == "aaa cc"
    assert fitting(["toolong"], longest=3) == ""


def test_a_shorter_text_finds_the_longer_ones() -> None:
    assert without_longer({"acme", "acme corp", "brew"}) == ("acme", "brew")
