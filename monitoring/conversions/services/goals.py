"""Set what an organization wants to reach."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from monitoring.conversions.models import Cadence, Goal, Measure
from monitoring.conversions.models.conversions import WORTH_NO_MONEY, is_kind


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What a goal says: "40 orders every month", "€3,000 from social media every week"."""

    counts: str
    target: Decimal
    measure: str = Measure.NUMBER
    currency: str = ""
    cadence: str = Cadence.MONTH
    channels: tuple[str, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        Cadence(self.cadence)
        if not is_kind(self.counts):
            raise ValueError(f"No kind of conversion: {self.counts}")
        if self.target <= 0:
            raise ValueError("A goal's target is above zero.")
        if (self.measure == Measure.AMOUNT) != bool(self.currency):
            raise ValueError("A goal in money needs its currency, one in numbers has none.")
        if self.measure == Measure.AMOUNT and self.counts in WORTH_NO_MONEY:
            raise ValueError(f"Not measured in money: {self.counts}")
        if self.measure == Measure.NUMBER and self.target != int(self.target):
            raise ValueError("A number of conversions is whole.")


@transaction.atomic
def set_goal(*, organization: Organization, aim: Aim) -> Goal:
    """Make this the organization's main goal. The one before it ends, unless it says the same."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    active = Goal.objects.filter(organization=organization, ended_at=None, is_main=True)
    wanted = asdict(aim) | {"channels": list(aim.channels)}
    current = active.first()
    if current and all(getattr(current, field) == value for field, value in wanted.items()):
        return current
    active.update(ended_at=timezone.now())
    return Goal.objects.create(organization=organization, **wanted)
