"""Where one can go within the settings: the one table. A new page of settings is one line here.

An entry vanishes while its URL does not exist, and for members whose role is too small for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.permissions import Act, may
from smedash.navigation import Link, Place, link_places

# Each group's name and places, as the list shows them.
SETTINGS: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    (
        _("You"),
        (
            Place(url_name="accounts:you", icon="user", label=_("Profile"), section="settings/you"),
            Place(
                url_name="accounts:security", icon="lock", label=_("Signing in"), section="settings/security"
            ),
            Place(url_name="reports:letter", icon="mail", label=_("Letter"), section="letter"),
        ),
    ),
    (
        _("Business"),
        (
            Place(url_name="dashboard:settings", icon="store", label=_("General"), section="settings"),
            Place(
                url_name="accounts:hours", icon="clock", label=_("Business hours"), section="settings/hours"
            ),
            Place(
                url_name="conversions:money",
                icon="banknote",
                label=_("Money"),
                section="settings/money",
            ),
            Place(url_name="accounts:team", icon="users", label=_("Team"), section="settings/team"),
            Place(
                url_name="accounts:organization_security",
                icon="shield",
                label=_("Team’s sign-in"),
                section="settings/organization-security",
                needs=Act.REQUIRE_TWO_FACTOR,
            ),
            Place(
                url_name="accounts:house_rules",
                icon="book-open",
                label=_("House rules"),
                section="settings/rules",
            ),
        ),
    ),
    (
        _("Connections"),
        (
            Place(
                url_name="platforms:platforms",
                icon="link",
                label=_("Platforms"),
                section="settings/platforms",
            ),
            Place(
                url_name="conversions:shops",
                icon="shopping-bag",
                label=_("Shops"),
                section="settings/shops",
                needs=Act.CONNECT_ACCOUNTS,
            ),
            Place(
                url_name="conversions:site",
                icon="globe",
                label=_("Your site"),
                section="settings/site",
                needs=Act.CHANGE_SETTINGS,
            ),
            Place(
                url_name="accounts:tokens",
                icon="key-round",
                label=_("API tokens"),
                section="settings/tokens",
                needs=Act.MANAGE_TOKENS,
            ),
        ),
    ),
    (
        _("Mentions"),
        (
            Place(url_name="listening:tags", icon="tag", label=_("Tags"), section="settings/tags"),
            Place(
                url_name="listening:muted",
                icon="volume-x",
                label=_("Muted authors"),
                section="settings/muted-authors",
            ),
            Place(
                url_name="listening:changes",
                icon="history",
                label=_("Recent changes"),
                section="settings/changes",
                needs=Act.JUDGE_MENTIONS,
            ),
        ),
    ),
    (
        _("Data and privacy"),
        (
            Place(url_name="privacy:stored", icon="hand", label=_("Privacy"), section="settings/privacy"),
            Place(url_name="jobs:files", icon="download", label=_("Files"), section="files"),
            Place(
                url_name="accounts:audit_log",
                icon="scroll-text",
                label=_("Audit log"),
                section="settings/audit",
                needs=Act.READ_AUDIT_LOG,
            ),
        ),
    ),
    (
        _("Server"),
        (
            Place(
                url_name="accounts:mail",
                icon="send",
                label=_("Mail"),
                section="settings/mail",
                needs=Act.CHANGE_SETTINGS,
            ),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Group:
    name: str | Promise
    links: list[Link]


@dataclass(frozen=True, kw_only=True)
class SettingsNavigation:
    groups: list[Group]
    current: Link | None


def link_settings(membership: Membership, path: str) -> SettingsNavigation:
    """The settings that this member may see. Groups without any are left out."""
    allowed = tuple(
        place for _name, places in SETTINGS for place in places if may(membership.role, place.needs)
    )
    links = {link.place: link for link in link_places(allowed, membership.organization, path)}
    grouped = ((name, [links[place] for place in places if place in links]) for name, places in SETTINGS)
    return SettingsNavigation(
        groups=[Group(name=name, links=found) for name, found in grouped if found],
        current=next((link for link in links.values() if link.is_current), None),
    )
