"""Who uses SMEdash: people, their organizations, what each may do there, and what each did."""

from accounts.models.audit import AuditEvent
from accounts.models.invitations import Invitation
from accounts.models.organizations import (
    Holiday,
    Membership,
    OpeningHours,
    Organization,
    OrganizationLogo,
    Role,
    SetupStep,
    Weekday,
)
from accounts.models.people import User, UserManager
from accounts.models.rules import HouseRules, RulesAcknowledged
from accounts.models.time_zones import validate_time_zone
from accounts.models.tokens import ApiToken, SetupLink, TokenScope

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Holiday",
    "HouseRules",
    "Invitation",
    "Membership",
    "OpeningHours",
    "Organization",
    "OrganizationLogo",
    "Role",
    "RulesAcknowledged",
    "SetupLink",
    "SetupStep",
    "TokenScope",
    "User",
    "UserManager",
    "Weekday",
    "validate_time_zone",
]
