"""The credits of a business computed one entry after the other, as the definition says. Slow, and easy to check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from accounts.models import Organization
from monitoring.conversions.models import Assumptions, Conversion, CreditDay, CreditModel, Touch
from monitoring.lib.money import decimals_of

# Day, model, kind, currency, channel, campaign, link.
Place: TypeAlias = tuple[date, str, str, str, str, int, int]
Credits: TypeAlias = dict[Place, tuple[Decimal, Decimal]]
Target: TypeAlias = tuple[str, int, int]
NOBODY: Target = ("", 0, 0)


def kept_credits(organization: Organization) -> Credits:
    rows = CreditDay.objects.filter(organization_id=organization.pk)
    return {
        (row.day, row.model, row.kind, row.currency, row.channel, row.campaign_id, row.link_id): (
            row.number,
            row.amount,
        )
        for row in rows
    }


def naive_credits(organization: Organization) -> Credits:
    zone = ZoneInfo(organization.time_zone)
    assumed = Assumptions.objects.filter(organization=organization).first() or Assumptions()
    sums: dict[Place, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    entries = Conversion.objects.filter(organization=organization, voided_at=None)
    for entry in entries.select_related("reverses").prefetch_related("touches", "reverses__touches"):
        day = entry.occurred_at.astimezone(zone).date()
        for model, target, number, amount in divide(entry, assumed):
            place = (day, model, entry.kind, entry.currency, *target)
            sums[place][0] += number
            sums[place][1] += amount
    return {place: (number, amount) for place, (number, amount) in sums.items()}


def divide(entry: Conversion, assumed: Assumptions) -> Iterator[tuple[str, Target, Decimal, Decimal]]:
    converted = entry.reverses or entry
    window = timedelta(days=assumed.window_days)
    touches = sorted(
        (
            touch
            for touch in converted.touches.all()
            if converted.occurred_at - window <= touch.occurred_at <= converted.occurred_at
        ),
        key=lambda touch: (touch.occurred_at, touch.pk),
    )
    number, amount = Decimal(entry.number), entry.amount or Decimal(0)
    yield CreditModel.SAID, (converted.heard_of_us_from, 0, 0), number, amount
    targets = [target_of(touch) for touch in touches] or [NOBODY]
    yield CreditModel.FIRST, targets[0], number, amount
    yield CreditModel.LAST, targets[-1], number, amount
    half_life = assumed.half_life_days * 24 * 60 * 60
    decayed = [
        2.0 ** (-(converted.occurred_at - touch.occurred_at).total_seconds() / half_life) for touch in touches
    ] or [1.0]
    for model, weights in ((CreditModel.LINEAR, [1.0] * len(targets)), (CreditModel.DECAY, decayed)):
        numbers = parts(number, weights, 6)
        amounts = parts(amount, weights, decimals_of(entry.currency) if entry.currency else 2)
        for target, part, money in zip(targets, numbers, amounts, strict=True):
            yield model, target, part, money


def target_of(touch: Touch) -> Target:
    return touch.channel, touch.campaign_id or 0, touch.link_id or 0


def parts(whole: Decimal, weights: list[float], decimals: int) -> list[Decimal]:
    """Differences of rounded sums so far; the last sum is the whole."""
    smallest = Decimal(1).scaleb(-decimals)
    units = int(abs(whole) / smallest)
    total = 0.0
    for weight in weights:
        total += weight
    divided, so_far, before = [], 0.0, 0
    for place, weight in enumerate(weights, start=1):
        so_far += weight
        now = units if place == len(weights) else round(units * (so_far / total))
        divided.append((now - before) * smallest * (1 if whole > 0 else -1))
        before = now
    return divided
