"""Saved views: which of them somebody sees, what they hold, and the tabs above the mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, cast
from urllib.parse import urlencode

from django.db.models import BigIntegerField, F, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from monitoring.listening.models import SavedView
from monitoring.listening.selectors.filtering import filter_mentions
from monitoring.listening.selectors.mentions import COUNTED_EXACTLY, BoundedCount, count_mentions
from monitoring.listening.showing.choosing import FILTERS, Choice, StrOrPromise

_KEPT: Final = frozenset({*FILTERS, "period", "from", "to", "sort"})
_OPEN: Final = "status=open"


def canonical_query(parameters: QueryDict) -> str:
    """What a view keeps of an address: filters and period in a fixed order. The brand is kept beside it."""
    pairs = {(name, value) for name in _KEPT for value in parameters.getlist(name) if value.strip()}
    return urlencode(sorted(pairs))


def read_choice(view: SavedView) -> Choice:
    """The view as the page of mentions would read it from its address."""
    return Choice(view.organization, QueryDict(f"brand={view.brand_id}&{view.query}"))


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
    views = visible_views(membership=membership).select_related("brand")
    return ViewTabs([*_tabs_of_everybody(choice), *(_tab_of(view, choice) for view in views)])


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
    label = view.name if own.brand == choice.brand else f"{view.brand.name} · {view.name}"
    return ViewTab(label=label, address=own.address(), is_current=is_current, choice=own, view=view)


class _Count(Subquery):
    """How many rows a query has, as one value among others of the same statement."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = BigIntegerField()


def count_tabs(tabs: ViewTabs) -> ViewTabs:
    """The same tabs with their counts: the first from the counts by day, all others by one statement."""
    first, *others = tabs.each
    counts = [_count_first(first.choice), *_count_rows([tab.choice for tab in others])]
    counted = [replace(tab, count=count) for tab, count in zip(tabs.each, counts, strict=True)]
    return ViewTabs(counted, are_counted=True)


def _count_first(choice: Choice) -> BoundedCount | None:
    return count_mentions(brand=choice.brand, wanted=choice.wanted) if choice.brand else None


def _count_rows(choices: Sequence[Choice]) -> list[BoundedCount | None]:
    asked = {
        f"tab_{number}": _Count(
            filter_mentions(brand=choice.brand, wanted=choice.wanted)
            .order_by()
            .values("pk")[: COUNTED_EXACTLY + 1]
        )
        for number, choice in enumerate(choices)
        if choice.brand
    }
    if not asked:
        return [None] * len(choices)
    organization = Organization.objects.filter(pk=choices[0].organization.pk)
    found = cast("dict[str, int]", organization.values(**asked).get())
    return [_bounded(found.get(f"tab_{number}")) for number in range(len(choices))]


def _bounded(number: int | None) -> BoundedCount | None:
    if number is None:
        return None
    return BoundedCount(min(number, COUNTED_EXACTLY), more=number > COUNTED_EXACTLY)
