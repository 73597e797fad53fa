"""What a chart knows in part: some of those who were asked could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from monitoring.lib.charts import Chart


@dataclass(frozen=True)
class Unread:
    """Whom nobody could read in each bucket, in words, empty where everything was read. `legend` names all of them."""

    buckets: Sequence[str]
    legend: str


def hatch_unread(chart: Chart, unread: Unread | None) -> Chart:
    """Hatched lightly where it is known in part; said in the legend, the summary, the tooltips and the table."""
    if unread is None:
        return chart
    title = _("Not read")
    # By their places, because most buckets were read.
    places = {place: said for place, said in enumerate(unread.buckets) if said}
    is_partly_known = any(chart.data["covered"][place] for place in places)
    column = list(reversed(unread.buckets))
    return replace(
        chart,
        data=chart.data | {"unread": {"title": title, "buckets": places}},
        summary=f"{chart.summary} {unread.legend}" if is_partly_known else chart.summary,
        columns=[*chart.columns, title],
        rows=[[*row, said] for row, said in zip(chart.rows, column, strict=True)],
        hatches=[*chart.hatches, *([("partly", unread.legend)] if is_partly_known else [])],
        unread=column,
    )
