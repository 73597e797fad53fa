"""The small things that pages draw: no markup from outside, no style attribute, figures as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from monitoring.analysis.sentiment.judgement import Sentiment
from monitoring.platforms.types import Platform
from smedash.sparkline import draw_sparkline
from smedash.templatetags.ui import highlight

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HALDEN = Platform(
    slug="halden", name="Halden Net", short_name="HN", color="#123456", home="", capabilities={}
)


def draw(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


class MarkedText(HTMLParser):
    """Reads back what highlight() wrote."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marked, self.tags = "", "", set[str]()
        self._inside = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if self._inside else ""


def test_matches_are_marked_and_everything_is_escaped() -> None:
    html = highlight("<b>Halden</b> & Halden", [(3, 9), (16, 22)])
    assert html == "&lt;b&gt;<mark>Halden</mark>&lt;/b&gt; &amp; <mark>Halden</mark>"


@given(
    st.text(alphabet=st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])),
    st.lists(st.tuples(st.integers(-2, 40), st.integers(-2, 40))),
)
def test_no_text_and_no_spans_lose_a_character_or_bring_a_tag(
    text: str, spans: list[tuple[int, int]]
) -> None:
    read = MarkedText(highlight(text, spans))
    covered = sorted(
        {position for start, end in spans for position in range(max(start, 0), min(end, len(text)))}
    )
    assert read.text == text
    assert read.tags <= {"mark"}
    assert read.marked == "".join(text[position] for position in covered)


@pytest.mark.parametrize(
    ("language", "share", "money", "count"),
    [("en", "61%", "€1,830|€1,830.50", "1,284"), ("de", "61\xa0%", "1.830\xa0€|1.830,50\xa0€", "1.284")],
)
def test_figures_follow_the_readers_language(language: str, share: str, money: str, count: str) -> None:
    source = '{{ share|percent }};{% money whole "EUR" %}|{% money broken "EUR" %};{{ count|number }}'
    values = {"share": 0.611, "whole": Decimal(1830), "broken": Decimal("1830.50"), "count": 1284}
    with translation.override(language):
        assert draw(source, **values) == f"{share};{money};{count}"


def test_unknown_is_not_zero() -> None:
    source = '{{ value|percent }} {{ value|number }} {% money value "EUR" %} {% local_time value %} {% ago value %}'
    assert draw(source, value=None) == "– – – – never"


def test_a_share_can_have_a_decimal() -> None:
    assert draw("{{ share|percent:1 }}", share=0.1234) == "12.3%"


@pytest.mark.parametrize(
    ("arguments", "style", "text"),
    [
        ("0.18", "good", "+18%"),
        ("-0.18", "bad", "−18%"),
        ('-3 kind="number" good="down"', "good", "−3"),
        ('3 kind="points" good="neither"', "", "+3"),
        ("0", "", "±0%"),
    ],
)
def test_a_change_shows_its_direction_by_sign_and_meaning_by_color(
    arguments: str, style: str, text: str
) -> None:
    html = draw(f"{{% delta {arguments} %}}")
    assert f'class="delta {style}"' in html
    assert text in html


def test_an_unknown_change_shows_nothing() -> None:
    assert draw("{% delta change %}", change=None) == ""


@pytest.mark.parametrize(
    ("share", "width"), [(0.61, "61.0%"), (0, "0.0%"), (1.7, "100.0%"), (-1, "0.0%"), (None, "0.0%")]
)
def test_a_bar_is_as_long_as_its_share(share: float | None, width: str) -> None:
    html = draw("{% bar share %}", share=share)
    assert f'width="{width}"' in html
    assert "style=" not in html


def test_a_stacked_bar_has_the_order_of_the_charts() -> None:
    html = draw("{% stacked_bar 5 3 2 %}")
    places = [
        html.index(part)
        for part in ('class="pos" x="0.0%" width="50.0%"', 'class="neu" x="50.0%"', 'class="neg" x="80.0%"')
    ]
    assert places == sorted(places)


def test_sentiment_is_a_word_and_not_only_a_color() -> None:
    assert "Negative" in draw("{% sentiment value %}", value=Sentiment.NEGATIVE)
    assert "set by a person" in draw("{% sentiment 1 corrected=True %}")


def test_a_platform_chip_says_its_name() -> None:
    chip = draw("{% platform_chip platform %}", platform=HALDEN)
    assert 'aria-label="Halden Net"' in chip
    assert 'fill="#123456"' in chip
    assert "style=" not in chip


def test_a_chip_beside_its_name_keeps_silent() -> None:
    assert 'aria-hidden="true"' in draw("{% platform_chip platform labeled=True %}", platform=HALDEN)


def test_a_platform_that_was_taken_out_still_has_a_chip() -> None:
    assert ">GE<" in draw('{% platform_chip "geocities" %}')
    assert draw('{{ "geocities"|platform_name }}') == "geocities"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mara Lindqvist", "ML"),
        ("@cafe_lena", "CL"),
        ("eva", "E"),
        ("Ana Maria de Souza", "AS"),
        ("", "?"),
        ("☕", "?"),
    ],
)
def test_a_person_is_shown_by_initials(name: str, letters: str) -> None:
    assert draw("{{ name|initials }}", name=name) == letters


@pytest.fixture
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.usefixtures("_at_noon")
@pytest.mark.parametrize(
    ("span", "said"), [(timedelta(minutes=-12), "12 minutes ago"), (timedelta(hours=2), "in 2 hours")]
)
def test_times_are_said_as_people_say_them(span: timedelta, said: str) -> None:
    html = draw("{% ago moment %}", moment=NOW + span)
    assert f">{said}</time>" in html
    assert f'datetime="{(NOW + span).isoformat()}"' in html


def test_a_sparkline_ends_at_a_gap_and_begins_anew_after_it() -> None:
    line, area = draw_sparkline([1, 2, None, 4])
    assert line.count("M") == area.count("M") == area.count("Z") == 2


@given(st.lists(st.none() | st.integers(0, 10**9), max_size=40))
def test_every_sparkline_stays_within_its_box(points: list[int | None]) -> None:
    line, _area = draw_sparkline(points)
    coordinates = line.replace("M", " ").replace("L", " ").split()
    for x, y in zip(coordinates[::2], coordinates[1::2], strict=True):
        assert 0 <= float(x) <= 121
        assert 0 <= float(y) <= 30


class CoffeeForm(forms.Form):
    cups = forms.IntegerField(label="Cups", help_text="Of today", max_value=9)
    milk = forms.BooleanField(label="With milk", required=False)


def test_a_field_ties_its_label_help_and_error_to_the_input() -> None:
    html = draw("{% render_field form.cups %}", form=CoffeeForm({"cups": "10"}))
    assert '<label for="id_cups">' in html
    assert 'aria-describedby="id_cups_helptext id_cups_error"' in html
    assert 'id="id_cups_helptext"' in html
    assert 'id="id_cups_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_of_ones_own_needs_no_label_before_a_checkbox() -> None:
    html = draw('{% render_field form.milk data_note="x" %}', form=CoffeeForm())
    assert html.index("<input") < html.index("<label")
    assert 'data-note="x"' in html


def test_an_icon_that_does_not_exist_fails_loudly() -> None:
    with pytest.raises(Exception, match="does not exist"):
        draw('{% icon "no-such-icon" %}')
