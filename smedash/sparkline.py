"""The paths of a sparkline: a small line drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

WIDTH, HEIGHT, EDGE = 120.0, 30.0, 2.0

Point = tuple[float, float]


def _place(points: Sequence[int | float | Decimal | None]) -> list[Point | None]:
    known = [float(point) for point in points if point is not None]
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = WIDTH / max(1, len(points) - 1)
    height = HEIGHT - 2 * EDGE
    return [
        None if point is None else (index * step, HEIGHT - EDGE - (float(point) - low) / span * height)
        for index, point in enumerate(points)
    ]


def _stretches(placed: list[Point | None]) -> list[list[Point]]:
    """The runs between gaps."""
    return [
        [point for point in run if point is not None]
        for known, run in groupby(placed, key=lambda point: point is not None)
        if known
    ]


def _line(run: list[Point]) -> str:
    # A single point becomes a short stroke, or it would not be seen.
    steps = run if len(run) > 1 else [run[0], (run[0][0] + 1.0, run[0][1])]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in steps)


def draw_sparkline(points: Sequence[int | float | Decimal | None]) -> tuple[str, str]:
    """The line's path and the path of the area beneath it; a gap interrupts both."""
    if not any(point is not None for point in points):
        return "", ""
    runs = _stretches(_place(points))
    lines = [_line(run) for run in runs]
    areas = [
        f"{line}L{run[-1][0]:.1f} {HEIGHT:g}L{run[0][0]:.1f} {HEIGHT:g}Z"
        for line, run in zip(lines, runs, strict=True)
    ]
    return "".join(lines), "".join(areas)
