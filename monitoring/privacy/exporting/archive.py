"""Write everything an organization has into one ZIP file, in constant memory: tables as CSV, what is nested as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import Action, record
from accounts.models import Organization, OrganizationLogo, User
from monitoring.jobs.exporting import FileWriter, begin_export
from monitoring.jobs.models import FileExport
from monitoring.lib.exporting import defuse
from monitoring.privacy.exporting.tables import NOT_EXPORTED, TABLES, Table

EXPORTER: Final = "everything"
BATCH: Final = 2_000
_FACTS: Final = (
    "id", "name", "slug", "website", "time_zone", "week_start", "currency", "language", "requires_two_factor",
    "delete_at", "created_at",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class WrittenFile:
    name: str
    says: str
    columns: Sequence[str]
    rows: int


@transaction.atomic
def ask_for_archive(*, organization: Organization, by: User | None) -> tuple[FileExport, bool]:
    """The file that is being made, or a new one; and whether it is new."""
    name = f"{organization.slug}-{timezone.localdate():%Y-%m-%d}.zip"
    export, is_new = begin_export(organization=organization, exporter=EXPORTER, file_name=name, by=by)
    if is_new:
        record(Action.EXPORTED, organization=organization, kind="everything", name=name)
    return export, is_new


def write_archive(export: FileExport, writer: FileWriter) -> None:
    _write(export.organization, writer)


def _write(organization: Organization, writer: FileWriter) -> None:
    writer.expect(sum(table.rows(organization).count() for table in TABLES))
    # The writer cannot go back; ZipFile notices and writes sizes behind each file.
    with ZipFile(cast(Any, writer), "w", ZIP_DEFLATED) as archive:
        _write_json(archive, "organization.json", {name: getattr(organization, name) for name in _FACTS})
        logo = OrganizationLogo.objects.filter(organization=organization).first()
        if logo is not None:
            archive.writestr("logo.png", bytes(logo.image))
        written = [_write_table(archive, table, organization, writer) for table in TABLES]
        _write_json(archive, "manifest.json", _manifest(organization, written))


def _write_table(
    archive: ZipFile, table: Table, organization: Organization, writer: FileWriter
) -> WrittenFile:
    columns, rows = table.columns, 0
    with (
        archive.open(f"{table.name}.csv", "w", force_zip64=True) as binary,
        io.TextIOWrapper(binary, encoding="utf-8", newline="") as text,
    ):
        sheet = csv.writer(text)
        sheet.writerow(columns)
        for batch in _batches(table.rows(organization), list(columns.values())):
            sheet.writerows([_cell(value) for value in row] for row in batch)
            rows += len(batch)
            writer.advance(len(batch))
    return WrittenFile(name=f"{table.name}.csv", says=str(table.says), columns=list(columns), rows=rows)


def _batches(found: QuerySet[Model], columns: Sequence[str]) -> Iterator[Sequence[Sequence[object]]]:
    """In the order of the primary key, from where the last batch ended: nothing is open meanwhile."""
    ordered, last = found.order_by("pk"), None
    while True:
        later = ordered.filter(pk__gt=last) if last is not None else ordered
        rows = list(later.values_list("pk", *columns)[:BATCH])
        yield [row[1:] for row in rows]
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


def _cell(value: object) -> object:
    """Times in UTC as ISO 8601, lists as JSON; no text that a spreadsheet would run."""
    if isinstance(value, str):
        return defuse(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else value


def _manifest(organization: Organization, written: Sequence[WrittenFile]) -> dict[str, object]:
    return {
        "organization": organization.name,
        "made_at": timezone.now(),
        "about": _(
            "All files are UTF-8. Times are UTC. Lists stand as JSON. In the CSV files a text that begins with "
            "= + - @ has an apostrophe before it, so that no spreadsheet runs it. Passwords, keys and their "
            "hashes are never exported."
        ),
        "files": [
            {"name": file.name, "holds": file.says, "rows": file.rows, "columns": file.columns}
            for file in written
        ],
        "not_exported": dict(NOT_EXPORTED),
    }


def _write_json(archive: ZipFile, name: str, facts: dict[str, object]) -> None:
    archive.writestr(name, json.dumps(facts, ensure_ascii=False, indent=2, default=_as_text))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
