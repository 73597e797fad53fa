from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from monitoring.lib.charts import Chart, Series, TimeAxis, draw_chart, join_tables
from monitoring.lib.hatching import Unread, hatch_unread
from monitoring.lib.periods import Period

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 6, 10)  # a Wednesday


def axis_of(days: int) -> TimeAxis:
    return TimeAxis(Period(TODAY - timedelta(days=days - 1), TODAY, BERLIN))


def draw(values: list[int | None], **options: object) -> Chart:
    return draw_chart(axis_of(len(values)), [Series(label="Gained", values=values)], **options)  # type: ignore[arg-type]


@given(st.integers(1, 3000))
def test_every_bucket_has_a_place_a_name_and_a_row(days: int) -> None:
    axis = axis_of(days)
    values: list[int | None] = [None, *range(1, len(axis.buckets))]
    chart = draw_chart(axis, [Series(label="Gained", values=values)])

    assert len(chart.data["labels"]) == len(chart.data["ticks"]) == len(chart.data["covered"]) == len(values)
    assert len(chart.rows) == len(values) == len(set(chart.data["labels"]))
    assert 1 <= sum(tick != "" for tick in chart.data["ticks"]) <= 8 or days < 7
    assert chart.data["covered"][0] is False


def test_a_gap_is_no_zero() -> None:
    chart = draw([3, None, 0])

    assert chart.data["series"][0]["values"] == [3.0, None, 0.0]
    assert chart.data["covered"] == [True, False, True]
    assert [row[1] for row in chart.rows] == ["0", "–", "3"]


def test_the_summary_names_the_sum_and_the_peak() -> None:
    assert draw([1, 1200, None]).summary == "Gained: 1,201 in all, most on Tuesday, June 9, 2026 with 1,200."


def test_a_chart_without_figures_says_so() -> None:
    assert draw([None] * 7).summary == "Gained: not measured in this period."


def test_a_stack_is_known_where_each_of_its_parts_is() -> None:
    parts = [Series(label="Yes", values=[1, 2, None]), Series(label="No", values=[4, None, 5])]
    chart = draw_chart(axis_of(3), parts, stacked=True)

    assert chart.data["covered"] == [True, False, False]
    assert chart.summary.startswith("Yes: 5 in all")


def test_days_to_come_on_the_way_to_a_target_are_no_gaps_and_no_rows() -> None:
    chart = draw([1, 2, None], end=Decimal(40))

    assert chart.data["covered"] == [True, True, True]
    assert chart.data["max"] == 40.0
    assert [row[1] for row in chart.rows] == ["2", "1"]


def test_panels_over_one_axis_share_one_table() -> None:
    axis = axis_of(2)
    above = draw_chart(axis, [Series(label="Engagement", values=[5, 6])])
    below = draw_chart(
        axis, [Series(label="Orders", values=[1, 2]), Series(label="Pace", values=[Decimal("1.5")] * 2)]
    )
    table = join_tables(above, below)

    assert table.columns == ["When", "Engagement", "Orders", "Pace"]
    assert table.rows[0] == ["Wednesday, June 10, 2026", "6", "2", "1.5"]


@pytest.mark.parametrize(
    ("days", "first"),
    [(30, "Tuesday, May 12, 2026"), (365, "Week from June 11, 2025"), (1200, "February 2023")],
)
def test_a_bucket_is_called_what_it_is(days: int, first: str) -> None:
    assert axis_of(days).names[0] == first


def test_among_days_those_that_begin_a_week_are_labeled() -> None:
    labeled = [tick for tick in axis_of(30).ticks if tick]
    assert labeled == ["May 18", "May 25", "Jun 1", "Jun 8"]


def test_names_follow_the_reader() -> None:
    with translation.override("en-gb"):
        assert axis_of(1).names == ["Wednesday, 10 June 2026"]


BLUESKY = Unread(["", "Bluesky", "Bluesky"], "Lightly hatched: Bluesky not read.")


def test_what_is_known_in_part_is_hatched_lightly_and_named() -> None:
    chart = hatch_unread(draw([3, 1, None]), BLUESKY)

    assert chart.data["unread"] == {"title": "Not read", "buckets": {1: "Bluesky", 2: "Bluesky"}}
    assert list(chart.hatches) == [("gap", "Hatched: nobody could look."), ("partly", BLUESKY.legend)]
    assert chart.summary.endswith("with 3. Lightly hatched: Bluesky not read.")
    assert chart.columns == ["When", "Gained", "Not read"]
    assert [row[1:] for row in chart.rows] == [["–", "Bluesky"], ["1", "Bluesky"], ["3", ""]]


def test_what_nobody_knows_is_not_also_known_in_part() -> None:
    chart = hatch_unread(draw([3, None, None]), BLUESKY)

    assert list(chart.hatches) == [("gap", "Hatched: nobody could look.")]
    assert "Bluesky" not in chart.summary


def test_a_chart_of_which_everything_was_read_stays_as_it_is() -> None:
    chart = draw([1, 2])

    assert hatch_unread(chart, None) == chart
    assert list(chart.hatches) == []


def test_panels_name_in_one_column_what_was_not_read() -> None:
    above = hatch_unread(
        draw([1, 2, 3]), Unread(["X", "Bluesky", ""], "Lightly hatched: Bluesky, X not read.")
    )
    below = hatch_unread(draw([4, 5, 6]), BLUESKY)
    table = join_tables(above, below, draw([7, 8, 9]))

    assert table.columns == ["When", "Gained", "Gained", "Gained", "Not read"]
    assert [row[1:] for row in table.rows] == [
        ["3", "6", "9", "Bluesky"],
        ["2", "5", "8", "Bluesky"],
        ["1", "4", "7", "X"],
    ]
