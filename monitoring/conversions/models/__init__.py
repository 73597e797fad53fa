"""What it earned: the goal, tracked links and their clicks, conversions, and their counts by day."""

from monitoring.conversions.models.channels import Channel
from monitoring.conversions.models.conversions import Conversion, Kind, Origin
from monitoring.conversions.models.goals import Cadence, Goal, Measure
from monitoring.conversions.models.links import Click, TrackedLink
from monitoring.conversions.models.rollups import ClickDay, ConversionDay

__all__ = [
    "Cadence",
    "Channel",
    "Click",
    "ClickDay",
    "Conversion",
    "ConversionDay",
    "Goal",
    "Kind",
    "Measure",
    "Origin",
    "TrackedLink",
]
