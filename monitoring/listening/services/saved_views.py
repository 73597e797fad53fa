"""Saved views: keep, name, order, share and delete them.

One's own views are nobody else's concern; what happens to those that all share is written into the audit log.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import Action, record, record_change
from accounts.models import Membership, Organization
from accounts.permissions import Act, may
from monitoring.listening.models import Brand, SavedView
from monitoring.listening.selectors.saved_views import names_author

MOST_VIEWS = 20  # of one member, and as many that all share
LONGEST_QUERY = 4_000


class ViewRefused(Exception):
    """A rule of views forbids it. The message says which, to whoever asked."""


@transaction.atomic
def save_view(
    *, membership: Membership, brand: Brand, name: str, query: str, is_shared: bool = False
) -> SavedView:
    """Keep what an address shows (`canonical_query`). Raises ViewRefused."""
    organization = membership.organization
    if is_shared:
        _require_sharing(membership)
    if len(query) > LONGEST_QUERY:
        raise ViewRefused(_("These filters are too long to keep. Search for less."))
    private_to = None if is_shared else membership
    group = SavedView.objects.filter(organization=organization, private_to=private_to)
    view = SavedView(
        organization=organization,
        brand=brand,
        name=name,
        query=query,
        private_to=private_to,
        created_by=membership.user,
        position=_next_position(organization, private_to),
    )
    if group.count() >= MOST_VIEWS:
        raise ViewRefused(_("There are %(most)s views already. Delete one first.") % {"most": MOST_VIEWS})
    _save(view)
    if is_shared:
        record(Action.CREATED, organization=organization, subject=view, after={"brand": brand.name})
    return view


@transaction.atomic
def rename_view(*, view: SavedView, name: str, by: Membership) -> None:
    """Raises ViewRefused."""
    require_view(view=view, by=by)
    before = {"name": view.name}
    view.name = name
    _save(view)
    if view.is_shared:
        record_change(organization=view.organization, subject=view, before=before, after={"name": name})


@transaction.atomic
def move_view(*, view: SavedView, by: Membership, places: int) -> None:
    """One tab to the left (-1) or to the right (1) among those of its kind. Raises ViewRefused."""
    require_view(view=view, by=by)
    group = SavedView.objects.select_for_update().filter(
        organization=view.organization, private_to=view.private_to
    )
    order = list(group.order_by("position", "pk").values_list("pk", flat=True))
    now = order.index(view.pk)
    order.insert(max(0, min(now + places, len(order) - 1)), order.pop(now))
    for position, view_id in enumerate(order):
        SavedView.objects.filter(pk=view_id).update(position=position)


@transaction.atomic
def share_view(*, view: SavedView, by: Membership) -> None:
    """From now on the whole team has it. Raises ViewRefused."""
    _require_sharing(by)
    if view.is_shared:
        return
    view.private_to, view.position = None, _next_position(view.organization, None)
    _save(view)
    facts = {"brand": view.brand.name}
    record(Action.CREATED, organization=view.organization, subject=view, after=facts)


@transaction.atomic
def unshare_view(*, view: SavedView, by: Membership) -> None:
    """Only who made it can have it back for themselves. Raises ViewRefused."""
    if not view.is_shared:
        return
    if view.created_by_id != by.user_id:
        raise ViewRefused(_("Only who made a view can take it back. You can delete it."))
    view.private_to, view.position = by, _next_position(view.organization, by)
    _save(view)
    facts = {"brand": view.brand.name}
    record(Action.DELETED, organization=view.organization, subject=view, before=facts)


@transaction.atomic
def delete_view(*, view: SavedView, by: Membership) -> None:
    """Raises ViewRefused."""
    require_view(view=view, by=by)
    if view.is_shared:
        facts = {"brand": view.brand.name}
        record(Action.DELETED, organization=view.organization, subject=view, before=facts)
    view.delete()


def require_view(*, view: SavedView, by: Membership) -> None:
    """One's own, or one that all share and who may share others. Raises ViewRefused."""
    if view.is_shared:
        _require_sharing(by)
    elif view.private_to_id != by.pk:
        raise ViewRefused(_("This view is somebody else’s."))


def forget_author_in_views(*, organization: Organization, author_key: str) -> int:
    """Views that show one author alone go with what that author wrote."""
    views = SavedView.objects.filter(organization=organization, query__contains="author=")
    gone = [view.pk for view in views if names_author(view, author_key)]
    SavedView.objects.filter(pk__in=gone).delete()
    return len(gone)


def _require_sharing(membership: Membership) -> None:
    if not may(membership.role, Act.JUDGE_MENTIONS):
        raise ViewRefused(_("Only marketers, admins and owners can change what the team shares."))


def _next_position(organization: Organization, private_to: Membership | None) -> int:
    group = SavedView.objects.filter(organization=organization, private_to=private_to)
    last: int | None = group.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _save(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        if view.pk:
            view.refresh_from_db()  # whoever shows it now shows what it is
        raise ViewRefused(_("There is a view of this name. Choose another one.")) from None
