"""What each role may do: the one table. Views, pages and docs are made from it.

A role may do all that the roles below it may.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Role


class Act(models.TextChoices):
    """One thing that a member may do, and how the table of roles names it."""

    READ = "read", _("See every page, and export what it shows")
    JUDGE_MENTIONS = "judge_mentions", _("Correct, answer, mark and delete mentions")
    EDIT_KEYWORDS = "edit_keywords", _("Create, change and delete keywords, brands and profiles")
    COLLECT = "collect", _("Collect now")
    EDIT_GOALS = "edit_goals", _("Set goals")
    EDIT_CAMPAIGNS = "edit_campaigns", _("Make campaigns, links and coupons")
    RECORD_CONVERSIONS = "record_conversions", _("Record and cancel conversions")
    EDIT_COSTS = "edit_costs", _("Enter costs and time")
    IMPORT_FILES = "import_files", _("Import files (CSV, XLSX)")
    EDIT_PLAN = "edit_plan", _("Write the plan, take up and dismiss next steps")
    SHARE_MONTHS = "share_months", _("Share a month by link")
    MANAGE_MEMBERS = "manage_members", _("Invite and remove members, change roles up to admin")
    CONNECT_ACCOUNTS = "connect_accounts", _("Connect platforms, shops and the site")
    CHANGE_SETTINGS = "change_settings", _("Change the organization’s settings, margin and exchange rates")
    MANAGE_TOKENS = "manage_tokens", _("Make and revoke API tokens")
    READ_AUDIT_LOG = "read_audit_log", _("Read the audit log")
    GUARD_PRIVACY = (
        "guard_privacy",
        _("Erase authors, answer their requests, limit how long mentions are kept"),
    )
    EXPORT_EVERYTHING = "export_everything", _("Export everything")
    WRITE_RULES = "write_rules", _("Write the house rules")
    CHANGE_OWNERS = "change_owners", _("Make somebody an owner, and take it from them")
    REQUIRE_TWO_FACTOR = "require_two_factor", _("Require two-factor sign-in of everybody")
    DELETE_ORGANIZATION = "delete_organization", _("Delete the organization")


_SMALLEST_ROLE: Final = {
    Role.VIEWER: {Act.READ},
    Role.MARKETER: {
        Act.JUDGE_MENTIONS,
        Act.EDIT_KEYWORDS,
        Act.COLLECT,
        Act.EDIT_GOALS,
        Act.EDIT_CAMPAIGNS,
        Act.RECORD_CONVERSIONS,
        Act.EDIT_COSTS,
        Act.IMPORT_FILES,
        Act.EDIT_PLAN,
        Act.SHARE_MONTHS,
    },
    Role.ADMIN: {
        Act.MANAGE_MEMBERS,
        Act.CONNECT_ACCOUNTS,
        Act.CHANGE_SETTINGS,
        Act.MANAGE_TOKENS,
        Act.READ_AUDIT_LOG,
        Act.GUARD_PRIVACY,
        Act.EXPORT_EVERYTHING,
        Act.WRITE_RULES,
    },
    Role.OWNER: {Act.CHANGE_OWNERS, Act.REQUIRE_TWO_FACTOR, Act.DELETE_ORGANIZATION},
}
ROLES: Final = tuple(_SMALLEST_ROLE)  # from the smallest to the largest
NEEDED_ROLE: Final = {act: role for role, acts in _SMALLEST_ROLE.items() for act in acts}


def may(role: str, act: Act) -> bool:
    return ROLES.index(Role(role)) >= ROLES.index(NEEDED_ROLE[act])


def act_upon(role: str) -> Act:
    """What somebody must be allowed to do who gives this role or takes it away."""
    return Act.CHANGE_OWNERS if role == Role.OWNER else Act.MANAGE_MEMBERS
