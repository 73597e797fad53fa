"""What a stranger made as long as possible takes a time that grows with its length, not with its square."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from monitoring.analysis.entities import find_entities
from monitoring.analysis.matching import Document, Matcher, spans
from monitoring.analysis.queries import Query, parse
from monitoring.analysis.understanding import understand

LENGTH = 50_000
NEAR = parse("blue NEAR/5 bottle")
EMOJI = parse("❤ NEAR/5 ☕")
FAR_APART = "blue " * (LENGTH // 8) + "x " * 50 + "bottle " * (LENGTH // 8)


def highlighted(query: Query, text: str) -> Callable[[], object]:
    return lambda: spans(query, text)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda: Matcher({1: NEAR}).match(Document(FAR_APART)), id="near, far apart"),
        pytest.param(highlighted(NEAR, FAR_APART), id="near, far apart, highlighted"),
        pytest.param(highlighted(EMOJI, "❤" * LENGTH + "☕" * LENGTH), id="emoji side by side"),
        pytest.param(highlighted(NEAR, "blue" + " " * LENGTH + "bottle"), id="spaces"),
        pytest.param(highlighted(NEAR, "blue" + "\n" * LENGTH + "bottle"), id="lines"),
        pytest.param(lambda: find_entities("https://example.com/" + ")" * 2 * LENGTH), id="brackets"),
        pytest.param(lambda: understand("not good " * LENGTH), id="negations"),
        pytest.param(lambda: understand("good but " * LENGTH), id="contrasts"),
        pytest.param(lambda: understand("good 😀 bad 😡 " * LENGTH), id="emoji and words"),
    ],
)
def test_a_long_text_is_read_in_time(read: Callable[[], object]) -> None:
    began_at = process_time()
    read()
    assert process_time() - began_at < 6
