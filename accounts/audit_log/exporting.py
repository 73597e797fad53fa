"""The log as a table to take away."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.audit_log.choosing import LogChoice
from accounts.audit_log.reading import every_event
from accounts.audit_log.wording import SaidEvent, name_kind
from accounts.models import AuditEvent
from monitoring.lib.exporting import Cell, ExportedTable


def export_log(choice: LogChoice) -> ExportedTable:
    """Exactly what is filtered, all pages of it, until now. Times are of the reader's clock."""
    zone, now = timezone.get_current_timezone(), timezone.now()
    # Rows are read while they are sent: this very export is in the log by then.
    wanted = replace(choice.wanted, ends_at=min(choice.wanted.ends_at or now, now))
    events = every_event(organization=choice.organization, wanted=wanted)
    return ExportedTable(
        name=f"{choice.organization.name} audit log",
        columns=[
            _("When (%(zone)s)") % {"zone": zone},
            _("Who"),
            _("What"),
            _("Kind"),
            _("Name"),
            _("Before"),
            _("After"),
            _("Sentence"),
            _("Address"),
            _("Browser"),
        ],
        rows=_rows(events, zone, translation.get_language() or "en"),
    )


def _rows(events: Iterator[AuditEvent], zone: tzinfo, language: str) -> Iterator[list[Cell]]:
    """Rows are made while they are sent, when the reader's language may be over."""
    for event in events:
        with translation.override(language):
            said = SaidEvent(event)
            row: list[Cell] = [
                event.happened_at.astimezone(zone),
                event.actor_name or said.who,
                str(AuditEvent.Action(event.action).label),
                name_kind(event.subject_kind),
                event.subject_name,
                _as_text(event.before),
                _as_text(event.after),
                said.sentence,
                event.address,
                event.browser,
            ]
        yield row


def _as_text(facts: Mapping[str, object]) -> str:
    return json.dumps(facts, ensure_ascii=False) if facts else ""
