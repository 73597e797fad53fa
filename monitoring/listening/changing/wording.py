"""What was done to mentions, as a sentence for whoever did it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from monitoring.lib.figures import format_number
from monitoring.listening.models import BulkChange, ChangeAct
from monitoring.listening.models.mentions import Tone

Said = str | Promise
_DONE: Final[Mapping[str, Said]] = {
    ChangeAct.ANSWER: ngettext_lazy(
        "%(number)s mention is answered.", "%(number)s mentions are answered.", "changed"
    ),
    ChangeAct.ARCHIVE: ngettext_lazy(
        "%(number)s mention archived.", "%(number)s mentions archived.", "changed"
    ),
    ChangeAct.NOT_ABOUT_US: ngettext_lazy(
        "%(number)s mention is not about you. It no longer counts.",
        "%(number)s mentions are not about you. They no longer count.",
        "changed",
    ),
    ChangeAct.PUT_BACK: ngettext_lazy(
        "%(number)s mention is open again.", "%(number)s mentions are open again.", "changed"
    ),
    ChangeAct.MUTE: ngettext_lazy(
        "Author muted: %(number)s mention no longer counts.",
        "Muted: %(number)s mentions no longer count.",
        "changed",
    ),
    ChangeAct.UNMUTE: ngettext_lazy(
        "Author unmuted: %(number)s mention counts again.",
        "Author unmuted: %(number)s mentions count again.",
        "changed",
    ),
    ChangeAct.DELETE: ngettext_lazy(
        "%(number)s mention deleted. In an hour it is gone for good.",
        "%(number)s mentions deleted. In an hour they are gone for good.",
        "changed",
    ),
    ChangeAct.TAG: ngettext_lazy(
        "%(number)s mention tagged %(tag)s.", "%(number)s mentions tagged %(tag)s.", "changed"
    ),
    ChangeAct.UNTAG: ngettext_lazy(
        "%(tag)s taken off %(number)s mention.", "%(tag)s taken off %(number)s mentions.", "changed"
    ),
}
_JUDGED: Final[Mapping[int | None, Said]] = {
    Tone.POSITIVE: ngettext_lazy(
        "%(number)s mention is positive.", "%(number)s mentions are positive.", "changed"
    ),
    Tone.NEUTRAL: ngettext_lazy(
        "%(number)s mention is neutral.", "%(number)s mentions are neutral.", "changed"
    ),
    Tone.NEGATIVE: ngettext_lazy(
        "%(number)s mention is negative.", "%(number)s mentions are negative.", "changed"
    ),
    None: ngettext_lazy(
        "%(number)s mention has the machine’s judgement again.",
        "%(number)s mentions have the machine’s judgement again.",
        "changed",
    ),
}
State = BulkChange.State


def say_change(change: BulkChange, tag: str = "") -> str:
    """Where it is: done, on its way, undone."""
    if change.state == State.UNDONE:
        return _say_undone(change)
    if change.state == State.UNDOING:
        return _("Being undone: %(done)s of %(all)s") % _progress(change.restored, change.changed)
    if change.state == State.RUNNING and not change.is_planned:
        return _("Finding the mentions that match")
    if change.state == State.RUNNING:
        return _("%(done)s of %(all)s mentions") % _progress(change.done, change.rows)
    if change.state == State.FAILED:
        return _("Stopped by an error after %(done)s of %(all)s mentions. You can undo it.") % _progress(
            change.done, change.rows
        )
    if not change.changed:
        return _("Nothing to do: they were so already.")
    if change.state == State.BURIED:
        said = ngettext("%(number)s mention deleted.", "%(number)s mentions deleted.", change.changed)
        return said % {"number": format_number(change.changed)}
    sentence = _JUDGED[change.value] if change.act == ChangeAct.JUDGE else _DONE[change.act]
    values = {"changed": change.changed, "number": format_number(change.changed), "tag": f"“{tag}”"}
    return str(sentence % values)


def _say_undone(change: BulkChange) -> str:
    restored, others = change.restored, change.changed - change.restored
    said = ngettext(
        "Undone: %(number)s mention is what it was.",
        "Undone: %(number)s mentions are what they were.",
        restored,
    ) % {"number": format_number(restored)}
    if others <= 0:
        return said
    kept = ngettext(
        "%(number)s was changed since and stays.", "%(number)s were changed since and stay.", others
    )
    return f"{said} {kept % {'number': format_number(others)}}"


def _progress(done: int, rows: int) -> dict[str, str]:
    return {"done": format_number(done), "all": format_number(rows)}
