"""What leaves as a file goes to the audit log: who took it, what it was, and how many rows where that is known.

Every view that sends a file of an organization's data sends it from here, or says so by `record_download`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpResponseBase, QueryDict

from accounts.access import MemberRequest
from accounts.audit import Action, record
from monitoring.lib.exporting import MOST_XLSX_ROWS, Cell, ExportedTable, ExportFormat, export_table

_LONGEST_CHOICE: Final = 500
_NAMES_OF_AUTHORS: Final = {"author", "handle"}


def send_table(request: MemberRequest, table: ExportedTable, file_format: ExportFormat) -> HttpResponseBase:
    """The table as a download. A CSV file is recorded before its rows are read, so their number may be unknown."""
    counted = _Counted(table.rows)
    response = export_table(replace(table, rows=counted), file_format)
    record_download(request, name=table.name, file_format=file_format, rows=counted.number(file_format))
    return response


def record_download(request: MemberRequest, *, name: str, file_format: str, rows: int | None = None) -> None:
    """Nothing is recorded for whoever only asks whether the file is there."""
    if request.method != "GET":
        return
    facts: dict[str, object] = {"format": file_format, "rows": rows}
    if request.GET:
        facts["filters"] = say_filters(request.GET)
    record(Action.EXPORTED, organization=request.organization, kind="file", name=name, after=facts)


def say_filters(parameters: QueryDict) -> str:
    """As they stood in the address; but the log outlives a mention's author who asked to be forgotten."""
    said = parameters.copy()
    for name in _NAMES_OF_AUTHORS & said.keys():
        said[name] = "…"
    return said.urlencode(safe="…")[:_LONGEST_CHOICE]


@dataclass
class _Counted:
    """Rows that are counted while somebody reads them."""

    rows: Iterable[Sequence[Cell]]
    seen: int = 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self.rows:
            self.seen += 1
            yield row

    def number(self, file_format: ExportFormat) -> int | None:
        """A workbook was read to its end, or until it was full."""
        if isinstance(self.rows, Sized):
            return len(self.rows)
        return min(self.seen, MOST_XLSX_ROWS) if file_format == ExportFormat.XLSX else None
