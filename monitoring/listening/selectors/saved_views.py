"""Saved views: which of them somebody sees, what they hold, and the tabs above the mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Membership
from monitoring.lib.written_queries import Columns
from monitoring.listening.models import SavedView
from monitoring.listening.selectors.mentions import BoundedCount
from monitoring.listening.showing.choosing import FILTERS, Choice, StrOrPromise

_KEPT: Final = frozenset({*FILTERS, "period", "from", "to", "sort"})
_OPEN: Final = "status=open"
# As `visible_views` has them. Written by hand: every page of mentions asks it.
_OF_VIEW: Final = Columns(SavedView)
_VISIBLE: Final = f"""
    select {_OF_VIEW.of("view")} from listening_savedview view
    where organization_id = %s and (private_to_id is null or private_to_id = %s)
    order by private_to_id nulls last, position, id
"""  # noqa: S608 - put together from constants
ASKED_FOR: Final = "view"  # its number in an address, because two views may hold the same


def canonical_query(parameters: QueryDict) -> str:
    """What a view keeps of an address: filters and period in a fixed order. The brand is kept beside it."""
    pairs = {(name, value) for name in _KEPT for value in parameters.getlist(name) if value.strip()}
    return urlencode(sorted(pairs))


def read_choice(view: SavedView) -> Choice:
    """The view as the page of mentions would read it from its address."""
    return Choice(view.organization, QueryDict(f"brand={view.brand_id}&{view.query}"))


def address_of(view: SavedView) -> str:
    """The query string that shows it, and marks its tab."""
    return read_choice(view).address(**{ASKED_FOR: str(view.pk)})


def visible_views(*, membership: Membership) -> QuerySet[SavedView]:
    """One's own, then those that the organization shares; nobody sees a colleague's own."""
    mine_or_shared = Q(private_to=None) | Q(private_to=membership)
    views = SavedView.objects.filter(mine_or_shared, organization_id=membership.organization_id)
    return views.order_by(F("private_to").asc(nulls_last=True), "position", "pk")


def names_author(view: SavedView, author_key: str) -> bool:
    return author_key in QueryDict(view.query).getlist("author")


@dataclass(frozen=True, kw_only=True)
class ViewTab:
    """`view` is None for "All" and "Open", which everybody has."""

    label: StrOrPromise
    address: str
    is_current: bool
    choice: Choice
    view: SavedView | None = None
    count: BoundedCount | None = None


@dataclass(frozen=True)
class ViewTabs:
    each: list[ViewTab]
    are_counted: bool = False

    @property
    def saved_view(self) -> SavedView | None:
        """The one that is looked at, if any."""
        return next((tab.view for tab in self.each if tab.is_current and tab.view), None)


def list_tabs(*, choice: Choice, membership: Membership) -> ViewTabs:
    """All, open, then the saved views. That one is current whose filters are those of the address."""
    views = _OF_VIEW.fetch(_VISIBLE, [membership.organization_id, membership.pk])
    tabs = [*_tabs_of_everybody(choice), *(_tab_of(view, choice) for view in views)]
    current = _current(tabs, choice.parameters.get(ASKED_FOR, ""))
    return ViewTabs([replace(tab, is_current=tab is current) for tab in tabs])


def _current(tabs: Sequence[ViewTab], asked_for: str) -> ViewTab | None:
    """Several may show the same: then it is the one that the address names, else the first."""
    same = [tab for tab in tabs if tab.is_current]
    named = (tab for tab in same if tab.view and str(tab.view.pk) == asked_for)
    return next(named, next(iter(same), None))


def _tabs_of_everybody(choice: Choice) -> list[ViewTab]:
    here = canonical_query(QueryDict(choice.cleared.removeprefix("?")))
    now = canonical_query(choice.parameters)
    everything = _elsewhere(choice, choice.cleared)
    is_open = _elsewhere(choice, "&".join(filter(None, [choice.cleared.removeprefix("?"), _OPEN])))
    open_query = canonical_query(is_open.parameters)
    return [
        ViewTab(label=_("All"), address=everything.address(), is_current=now == here, choice=everything),
        ViewTab(label=_("Open"), address=is_open.address(), is_current=now == open_query, choice=is_open),
    ]


def _elsewhere(choice: Choice, query: str) -> Choice:
    """The same brands are not looked up again."""
    other = Choice(choice.organization, QueryDict(query.removeprefix("?")))
    other.__dict__["brands"] = choice.brands
    return other


def _tab_of(view: SavedView, choice: Choice) -> ViewTab:
    own = _elsewhere(choice, f"brand={view.brand_id}&{view.query}")
    is_current = own.brand == choice.brand and view.query == canonical_query(choice.parameters)
    label = view.name if own.brand == choice.brand else f"{own.brand} · {view.name}"
    address = own.address(**{ASKED_FOR: str(view.pk)})
    return ViewTab(label=label, address=address, is_current=is_current, choice=own, view=view)
