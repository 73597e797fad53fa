"""Icons look as their library draws them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import lucide
import pytest

from smedash.icons import draw_icon
from smedash.local.checkout import ROOT

NAMES = sorted(
    {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""\{% icon ["']([a-z0-9-]+)["']""", path.read_text(encoding="utf-8"))
    }
)


def shape(drawing: str) -> list[tuple[str, dict[str, str]]]:
    """Every element with what it says, but for how thick its lines are: the style sheet decides that."""
    parts = ElementTree.fromstring(drawing).iter()
    return [
        (part.tag, {name: value for name, value in part.items() if name != "stroke-width"}) for part in parts
    ]


def test_templates_name_many_icons() -> None:
    assert len(NAMES) > 40


@pytest.mark.parametrize("name", NAMES)
def test_it_has_the_lines_of_the_library(name: str) -> None:
    theirs = lucide._render_icon(name, 20, **{"class": "ico small", "aria-hidden": "true"})
    assert shape(draw_icon(name, 20, "small")) == shape(theirs)
