"""What every page shows around its content: where one can go, whose organization it is, light or dark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.founding import may_found
from accounts.models import Organization
from accounts.permissions import Act

THEMES = ("light", "dark")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of a navigation. `section` is how its address begins below the organization's; of several that fit,
    the one that names most is where one is."""

    url_name: str
    icon: str
    label: str | Promise
    section: str
    also: tuple[str, ...] = ()  # other sections that belong to it
    on_phone: bool = False  # has its own place in the tab bar; the others stand under More
    needs: Act = Act.READ


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
    Place(url_name="conversions:goal", icon="target", label=_("Goals"), section="goal", on_phone=True),
    Place(url_name="strategy:plan", icon="map", label=_("Plan"), section="plan"),
    Place(
        url_name="listening:keywords", icon="hash", label=_("Keywords"), section="keywords", also=("brands",)
    ),
    Place(url_name="reports:months", icon="share-2", label=_("Months to share"), section="months"),
)
WORKSPACE = (
    Place(url_name="listening:sources", icon="link", label=_("Sources"), section="sources"),
    Place(
        url_name="dashboard:settings",
        icon="settings",
        label=_("Settings"),
        section="settings",
        also=("letter",),
    ),
)
# What the pages under Mentions share (listening/_places.html).
MENTION_PLACES = (
    Place(url_name="listening:mentions", icon="message-square-text", label=_("Mentions"), section="mentions"),
    Place(
        url_name="listening:influencers",
        icon="users",
        label=_("Influencers"),
        section="mentions/influencers",
    ),
    Place(
        url_name="listening:accuracy",
        icon="badge-check",
        label=_("Accuracy"),
        section="mentions/accuracy",
    ),
)
# What the pages under Goals share (conversions/_places.html).
CONVERSION_PLACES = (
    Place(url_name="conversions:goal", icon="target", label=_("Goals"), section="goal"),
    Place(
        url_name="conversions:conversions", icon="list", label=_("Conversions"), section="goal/conversions"
    ),
    Place(
        url_name="conversions:campaigns",
        icon="megaphone",
        label=_("Campaigns and links"),
        section="goal/campaigns",
        also=("goal/links",),
    ),
    Place(
        url_name="conversions:incidents",
        icon="flag",
        label=_("What happened"),
        section="goal/incidents",
    ),
    Place(url_name="conversions:costs", icon="coins", label=_("Costs"), section="goal/costs"),
)


def link_places(places: tuple[Place, ...], organization: Organization, path: str) -> list[Link]:
    """The places that exist, with their addresses."""
    here = path.removeprefix(organization.get_absolute_url())
    current = max(places, key=lambda place: _matching(place, here), default=None)
    links = []
    for place in places:
        try:
            address = _address(place.url_name, organization.slug)
        except NoReverseMatch:
            continue
        is_current = place is current and _matching(place, here) >= 0
        links.append(Link(place=place, address=address, is_current=is_current))
    return links


@lru_cache(maxsize=10_000)
def _address(url_name: str, slug: str) -> str:
    """Kept, because every page shows the same dozen."""
    return reverse(url_name, args=[slug])


def _matching(place: Place, here: str) -> int:
    """How many letters of the address the place's section names; -1 where the address lies elsewhere."""
    sections = (place.section, *place.also)
    inside = [len(section) for section in sections if here == section or here.startswith(f"{section}/")]
    return max(inside, default=-1)


def page_frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: what base.html and bare.html need."""
    chosen = request.COOKIES.get("theme") or getattr(request, "theme", "")
    frame: dict[str, object] = {
        "theme": chosen if chosen in THEMES else "",
        "reader": getattr(request, "reader", ""),
        "public_search": settings.PUBLIC_SEARCH,
    }
    organization = getattr(request, "organization", None)
    if organization is None or not request.user.is_authenticated:
        return frame
    main = link_places(PLACES, organization, request.path)
    workspace = link_places(WORKSPACE, organization, request.path)
    return frame | {
        "organization": organization,
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", ()),
        "may_found": may_found(user=request.user, memberships=getattr(request, "memberships", ())),
        "navigation": main,
        "workspace_navigation": workspace,
        "mention_places": partial(link_places, MENTION_PLACES, organization, request.path),
        "conversion_places": partial(link_places, CONVERSION_PLACES, organization, request.path),
        "tabs": [link for link in main if link.place.on_phone],
        "more_tabs": [link for link in [*main, *workspace] if not link.place.on_phone],
        "more_is_current": any(link.is_current and not link.place.on_phone for link in [*main, *workspace]),
    }
