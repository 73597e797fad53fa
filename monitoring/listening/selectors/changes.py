"""What was done to mentions lately, by whom, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.listening.changing.wording import say_change
from monitoring.listening.models import BulkChange, ChangeAct, Tag

MOST_SHOWN = 50


@dataclass(frozen=True)
class SaidChange:
    change: BulkChange
    tag: str

    @property
    def sentence(self) -> str:
        return say_change(self.change, self.tag)

    @property
    def label(self) -> str | Promise:
        """The act by its name, with the tag it is about."""
        act = self.change.get_act_display()
        return f"{act}: {self.tag}" if self.tag else act

    @property
    def who(self) -> str:
        person = self.change.created_by
        return str(person) if person else _("SMEdash")


def latest_changes(*, organization: Organization) -> list[SaidChange]:
    """The newest first."""
    mine = BulkChange.objects.filter(organization=organization).select_related("created_by")
    return say_changes(mine.order_by("-created_at", "-pk")[:MOST_SHOWN])


def say_changes(changes: Iterable[BulkChange]) -> list[SaidChange]:
    found = list(changes)
    tagging = {change.value or 0 for change in found if change.act in (ChangeAct.TAG, ChangeAct.UNTAG)}
    names = dict(Tag.objects.filter(pk__in=tagging).values_list("pk", "name")) if tagging else {}
    return [SaidChange(change, _tag_of(change, names)) for change in found]


def _tag_of(change: BulkChange, names: dict[int, str]) -> str:
    if change.act not in (ChangeAct.TAG, ChangeAct.UNTAG):
        return ""
    return names.get(change.value or 0, _("a deleted tag"))
