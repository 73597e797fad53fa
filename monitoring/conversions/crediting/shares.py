"""What part of one conversion each of its touches is credited with: what `crediting.days` computes, for the eye."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitoring.conversions.models import Assumptions, Conversion, Touch


@dataclass(frozen=True)
class TouchShares:
    """Shares from 0 to 1. A touch before the window has none."""

    touch: Touch
    first: float
    last: float
    linear: float
    decay: float
    counts: bool


def share_among(
    *, conversion: Conversion, touches: Sequence[Touch], assumptions: Assumptions
) -> list[TouchShares]:
    """The touches, oldest first, with their parts."""
    ordered = sorted(touches, key=lambda touch: (touch.occurred_at, touch.pk))
    opens_at = conversion.occurred_at - timedelta(days=assumptions.window_days)
    counted = [touch for touch in ordered if opens_at <= touch.occurred_at <= conversion.occurred_at]
    half_life = timedelta(days=assumptions.half_life_days)
    weights = {
        touch.pk: 2.0 ** (-((conversion.occurred_at - touch.occurred_at) / half_life)) for touch in counted
    }
    whole = sum(weights.values())
    return [
        TouchShares(
            touch=touch,
            first=float(touch is counted[0]),
            last=float(touch is counted[-1]),
            linear=1 / len(counted),
            decay=weights[touch.pk] / whole,
            counts=True,
        )
        if touch.pk in weights
        else TouchShares(touch, 0.0, 0.0, 0.0, 0.0, counts=False)
        for touch in ordered
    ]
