"""What it earned: goals, campaigns and links, visits, conversions and their credits, costs, and counts by day."""

from monitoring.conversions.models.campaigns import Campaign, Coupon, UtmField, UtmWord
from monitoring.conversions.models.channels import Channel
from monitoring.conversions.models.conversions import Conversion, Kind, Origin
from monitoring.conversions.models.costs import Assumptions, Spend, TimeSpent
from monitoring.conversions.models.credits import CreditDay, CreditDue, CreditModel, Touch
from monitoring.conversions.models.goals import Cadence, Goal, GoalResult, Measure
from monitoring.conversions.models.incidents import Incident
from monitoring.conversions.models.links import Click, TrackedLink
from monitoring.conversions.models.rates import OwnRate, ReferenceRate
from monitoring.conversions.models.rollups import ClickDay, ConversionDay, DetailsKept, VisitDay
from monitoring.conversions.models.shops import Delivery, SeenOrder, ShopConnection
from monitoring.conversions.models.visits import Site, Visit

__all__ = [
    "Assumptions",
    "Cadence",
    "Campaign",
    "Channel",
    "Click",
    "ClickDay",
    "Conversion",
    "ConversionDay",
    "Coupon",
    "CreditDay",
    "CreditDue",
    "CreditModel",
    "Delivery",
    "DetailsKept",
    "Goal",
    "GoalResult",
    "Incident",
    "Kind",
    "Measure",
    "Origin",
    "OwnRate",
    "ReferenceRate",
    "SeenOrder",
    "ShopConnection",
    "Site",
    "Spend",
    "TimeSpent",
    "Touch",
    "TrackedLink",
    "UtmField",
    "UtmWord",
    "Visit",
    "VisitDay",
]
