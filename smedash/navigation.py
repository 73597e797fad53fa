"""What every page shows around its content: where one can go, whose organization it is, light or dark."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization

THEMES = ("light", "dark")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the navigation. `section` is the first part of its address below the organization's."""

    url_name: str
    icon: str
    label: str | Promise
    section: str
    on_phone: bool = False  # has its own place in the tab bar; the others stand under More


@dataclass(frozen=True, kw_only=True)
class Link:
    place: Place
    address: str
    is_current: bool


PLACES = (
    Place(
        url_name="dashboard:overview", icon="layout-dashboard", label=_("Overview"), section="", on_phone=True
    ),
    Place(
        url_name="listening:mentions",
        icon="message-square-text",
        label=_("Mentions"),
        section="mentions",
        on_phone=True,
    ),
    Place(url_name="audience:audience", icon="users", label=_("Audience"), section="audience", on_phone=True),
    Place(url_name="conversions:goal", icon="target", label=_("Goal"), section="goal", on_phone=True),
    Place(url_name="listening:keywords", icon="hash", label=_("Keywords"), section="keywords"),
)
WORKSPACE = (
    Place(url_name="listening:sources", icon="link", label=_("Sources"), section="sources"),
    Place(url_name="dashboard:settings", icon="settings", label=_("Settings"), section="settings"),
)


def link_places(places: tuple[Place, ...], organization: Organization, path: str) -> list[Link]:
    """The places that exist, with their addresses."""
    current = path.removeprefix(organization.get_absolute_url()).split("/")[0]
    links = []
    for place in places:
        try:
            address = reverse(place.url_name, args=[organization.slug])
        except NoReverseMatch:
            continue
        links.append(Link(place=place, address=address, is_current=place.section == current))
    return links


def page_frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: what base.html and bare.html need."""
    chosen = request.COOKIES.get("theme", "")
    frame: dict[str, object] = {"theme": chosen if chosen in THEMES else ""}
    organization = getattr(request, "organization", None)
    if organization is None or not request.user.is_authenticated:
        return frame
    main = link_places(PLACES, organization, request.path)
    workspace = link_places(WORKSPACE, organization, request.path)
    return frame | {
        "organization": organization,
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", ()),
        "navigation": main,
        "workspace_navigation": workspace,
        "tabs": [link for link in main if link.place.on_phone],
        "more_tabs": [link for link in [*main, *workspace] if not link.place.on_phone],
        "more_is_current": any(link.is_current and not link.place.on_phone for link in [*main, *workspace]),
    }
