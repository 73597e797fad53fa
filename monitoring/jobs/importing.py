"""From an uploaded file to rows: preview, then work in batches that may be repeated and left at any time.

The rows of a batch, the progress and the bad lines are written in one transaction; whoever goes on after a crash begins
with the next batch. A row's key is made of its content and of how many equal rows came before it, so a file that is
imported again, or one that overlaps with the last, adds only what is new.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.audit import Action, record, recorded_as_one
from accounts.models import Organization, User
from monitoring.jobs.importers import BadRow, Field, Importer, Setting
from monitoring.jobs.models import FileImport
from monitoring.lib.csv_reading import CsvFile, Line, NoTable, guess_columns
from monitoring.lib.dates import DateOrder, guess_order
from monitoring.lib.xlsx_reading import csv_of_workbook, is_workbook

BATCH: Final = 1000
MOST_BAD_LINES: Final = 1000
SHOWN_ROWS: Final = 8
KEPT_FOR: Final = timedelta(days=7)
LEASE: Final = timedelta(minutes=5)
COLUMN, ALWAYS = "column:", "always:"


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be read: what it says by field, and what is wrong with it."""

    number: int
    said: list[str]
    problem: str


@dataclass(frozen=True)
class Preview:
    fields: list[Field]
    rows: list[PreviewRow]
    total: int
    bad: int  # among the first thousand rows
    looked_at: int


def upload_file(
    *, organization: Organization, importer: Importer[Any], file_name: str, content: bytes, by: User
) -> FileImport:
    """Keep a file for an import, with a guess which column is which. A workbook is kept as CSV. Raises NoTable."""
    content = csv_of_workbook(content) if is_workbook(content) else content
    file = CsvFile(content)
    rows = sum(1 for _row in file.rows())
    if not rows:
        raise NoTable("empty")
    return FileImport.objects.create(
        organization=organization,
        importer=importer.slug,
        file_name=file_name[:200],
        content=content,
        choices=guess_choices(importer, file),
        rows=rows,
        created_by=by,
        expires_at=timezone.now() + KEPT_FOR,
    )


def guess_choices(importer: Importer[Any], file: CsvFile) -> dict[str, str]:
    """ "column:3" for what a heading gave away, and the order of the dates in that column."""
    guessed = guess_columns(file.columns, [(field.name, field.known_as) for field in importer.fields])
    choices = {name: f"{COLUMN}{place}" for name, place in guessed.items()}
    dates = [field.name for field in importer.fields if field.is_date and field.name in guessed]
    texts = (line.cells[guessed[name]] for name in dates for line in file.rows())
    order = guess_order(texts)
    return choices | ({"order": order.value} if order else {})


def preview_import(*, job: FileImport, importer: Importer[Any], setting: Setting) -> Preview:
    """How the first rows would be read, and how many of the first thousand are bad."""
    used = [field for field in importer.fields if job.choices.get(field.name)]
    read = [_preview_row(row, used) for row in islice(_read(job, importer, setting), BATCH)]
    return Preview(
        fields=used,
        rows=read[:SHOWN_ROWS],
        total=job.rows,
        bad=sum(bool(row.problem) for row in read),
        looked_at=len(read),
    )


@transaction.atomic
def begin_import(*, job: FileImport) -> bool:
    """A person lets it happen: once, whoever presses twice. All its rows are one event in the log."""
    uploaded = FileImport.objects.filter(pk=job.pk, state=FileImport.State.UPLOADED)
    has_begun = bool(uploaded.update(state=FileImport.State.WAITING))
    if has_begun:
        facts = {"kind": job.importer, "rows": job.rows}
        record(Action.IMPORTED, organization=job.organization, subject=job, name=job.file_name, after=facts)
    return has_begun


def run_import(*, job: FileImport, importer: Importer[Any], setting: Setting) -> None:
    """Work on what is left of a file. Errors of ours leave it to be taken up again."""
    with override(setting.locale):
        try:
            rows = islice(_read(job, importer, setting), job.done, None)
            while batch := list(islice(rows, BATCH)):
                _write_batch(job, importer, setting, batch)
        except NoTable:
            _finish(job, FileImport.State.FAILED, _("The file breaks off: a quotation mark is never closed."))
            return
    _finish(job, FileImport.State.DONE)


def claim_import(*, job_id: int) -> FileImport | None:
    """Take a file that waits, or whose worker died. None where somebody else is at it."""
    now = timezone.now()
    waiting = FileImport.objects.filter(pk=job_id, state=FileImport.State.WAITING)
    left = FileImport.objects.filter(pk=job_id, state=FileImport.State.RUNNING, lease_until__lt=now)
    for jobs in (waiting, left):
        if jobs.update(state=FileImport.State.RUNNING, lease_until=now + LEASE):
            return FileImport.objects.select_related("organization", "created_by").get(pk=job_id)
    return None


def left_imports() -> list[int]:
    """Files that wait for a worker, or whose worker died."""
    now = timezone.now()
    waiting = FileImport.objects.filter(state=FileImport.State.WAITING, created_at__lt=now - LEASE)
    left = FileImport.objects.filter(state=FileImport.State.RUNNING, lease_until__lt=now)
    return sorted({*waiting.values_list("pk", flat=True), *left.values_list("pk", flat=True)})


def forget_files() -> int:
    """Empty the files that are too old. What came of them stays."""
    old = FileImport.objects.filter(expires_at__lt=timezone.now()).exclude(content=b"")
    return old.update(content=b"")


@dataclass(frozen=True)
class _Row:
    line: Line
    said: Mapping[str, str]
    item: Any
    problem: str


def _read(job: FileImport, importer: Importer[Any], setting: Setting) -> Iterator[_Row]:
    seen: Counter[str] = Counter()
    for line in CsvFile(bytes(job.content)).rows():
        said = {field.name: _said(line, job.choices.get(field.name, "")) for field in importer.fields}
        content = "\x1f".join(f"{name}={text}" for name, text in sorted(said.items()))
        seen[content] += 1
        key = hashlib.sha256(f"{importer.slug}\x1f{content}\x1f{seen[content]}".encode()).hexdigest()[:40]
        try:
            _check_needed(importer, said)
            yield _Row(line, said, importer.read(said, key, setting), "")
        except BadRow as error:
            yield _Row(line, said, None, str(error))


def _said(line: Line, choice: str) -> str:
    if choice.startswith(COLUMN):
        return line.cells[int(choice.removeprefix(COLUMN))].strip()
    return choice.removeprefix(ALWAYS)


def _check_needed(importer: Importer[Any], said: Mapping[str, str]) -> None:
    for field in importer.fields:
        if field.is_needed and not said[field.name]:
            raise BadRow(_("%(field)s is missing.") % {"field": field.label})


def _preview_row(row: _Row, used: Sequence[Field]) -> PreviewRow:
    return PreviewRow(row.line.number, [row.said[field.name] for field in used], row.problem)


@transaction.atomic
def _write_batch(job: FileImport, importer: Importer[Any], setting: Setting, batch: Sequence[_Row]) -> None:
    good = [row for row in batch if not row.problem]
    with recorded_as_one():
        new, refused = importer.write([row.item for row in good], setting)
    bad = [(row.line.number, row.problem) for row in batch if row.problem]
    bad += [(good[place].line.number, why) for place, why in refused]
    room = MOST_BAD_LINES - len(job.bad_lines)
    job.bad_lines = [*job.bad_lines, *sorted(bad)[:room]]
    job.done, job.new, job.bad = job.done + len(batch), job.new + new, job.bad + len(bad)
    job.lease_until = timezone.now() + LEASE
    job.save(update_fields=["bad_lines", "done", "new", "bad", "lease_until"])


def _finish(job: FileImport, state: FileImport.State, problem: str = "") -> None:
    job.state, job.problem, job.finished_at = state, problem, timezone.now()
    job.save(update_fields=["state", "problem", "finished_at"])


def setting_of(*, job: FileImport, importer: Importer[Any]) -> Setting:
    """What holds for all rows of this file."""
    return Setting(
        organization=job.organization,
        order=DateOrder(job.choices.get("order", DateOrder.DAY_FIRST)),
        locale=job.choices.get("locale", job.organization.language),
        by=job.created_by,
        extra=importer.prepare(job.organization),
    )
