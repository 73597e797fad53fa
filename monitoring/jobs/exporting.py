"""Files that take a while to make: written in pieces by a worker, fetched later by whoever asked for them.

A file is streamed into the database a mebibyte at a time, so neither its making nor its reading needs more memory, and
no machine needs a disk that the others see. Every step renews the lease and notes the progress in one update; a worker
that finds another attempt in the row stops. Whoever takes up a file that a dead worker left begins anew: pieces of an
attempt that was not finished are never offered.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from monitoring.jobs.models import FileExport, FilePiece

PIECE: Final = 2**20
KEPT_FOR: Final = timedelta(days=7)
LEASE: Final = timedelta(minutes=5)
MOST_ATTEMPTS: Final = 5
MOST_AT_ONCE: Final = 5  # files of one organization

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

State = FileExport.State


class TooManyFiles(Exception):
    """So many files are being made for this organization that another has to wait."""


class ExportLost(Exception):
    """Another worker took the file over, or nobody wants it any more."""


class FileWriter(io.RawIOBase):
    """What an exporter writes the bytes of its file to, and tells how far it is."""

    def __init__(self, export: FileExport) -> None:
        self.export = export
        self.size = self._pieces = 0
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: ReadableBuffer, /) -> int:
        given = len(memoryview(content).cast("B"))
        self._waiting += content
        self.size += given
        while len(self._waiting) >= PIECE:
            self._put(PIECE)
        return given

    def expect(self, rows: int) -> None:
        """How many rows there are in all."""
        self._note(rows=rows)

    def advance(self, rows: int) -> None:
        """So many more are written. Raises ExportLost."""
        self._note(done=F("done") + rows)

    def finish(self) -> None:
        """The last piece, and with it the file."""
        with transaction.atomic():
            self._put(len(self._waiting))
            now = timezone.now()
            self._note(state=State.DONE, size=self.size, finished_at=now, expires_at=now + KEPT_FOR)

    def _put(self, length: int) -> None:
        content, self._waiting = bytes(self._waiting[:length]), self._waiting[length:]
        with transaction.atomic():
            self._note()
            FilePiece.objects.create(
                export=self.export, attempt=self.export.attempt, number=self._pieces, content=content
            )
        self._pieces += 1

    def _note(self, **changes: object) -> None:
        mine = FileExport.objects.filter(pk=self.export.pk, attempt=self.export.attempt, state=State.RUNNING)
        if not mine.update(lease_until=timezone.now() + LEASE, **changes):
            raise ExportLost


def begin_export(
    *,
    organization: Organization,
    exporter: str,
    file_name: str,
    by: User | None,
    choices: Mapping[str, object] | None = None,
) -> tuple[FileExport, bool]:
    """The same file if it is being made already, or a new one; and whether it is new. Raises TooManyFiles.

    The caller hands a new one to a worker; where that message is lost, `left_exports` finds it.
    """
    asked = {**(choices or {}), "locale": get_language() or organization.language}
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        unfinished = [State.WAITING, State.RUNNING]
        waiting = FileExport.objects.filter(organization=organization, state__in=unfinished)
        same = waiting.filter(exporter=exporter, choices=asked).first()
        if same is not None:
            return same, False
        if waiting.count() >= MOST_AT_ONCE:
            raise TooManyFiles
        made = FileExport.objects.create(
            organization=organization,
            exporter=exporter,
            file_name=file_name[:200],
            choices=asked,
            created_by=by,
        )
        return made, True


def claim_export(*, export_id: int) -> FileExport | None:
    """Take a file that waits, or whose worker died. None where somebody else is at it, or it failed too often."""
    now = timezone.now()
    with transaction.atomic():
        free = FileExport.objects.select_for_update(of=("self",)).filter(_free(), pk=export_id)
        export = free.select_related("organization", "created_by").first()
        if export is None:
            return None
        export.pieces.all().delete()
        if export.attempt >= MOST_ATTEMPTS:
            _fail(export)
            return None
        export.state, export.attempt, export.done = State.RUNNING, export.attempt + 1, 0
        export.lease_until = now + LEASE
        export.save(update_fields=["state", "attempt", "done", "lease_until"])
    return export


def make_file(*, export: FileExport, write: Callable[[FileExport, FileWriter], None]) -> bool:
    """Have a claimed file written. Errors of ours leave it to be taken up again. Whether there is a file now."""
    writer = FileWriter(export)
    try:
        with override(export.choices.get("locale", export.organization.language)):
            write(export, writer)
        writer.finish()
    except ExportLost:
        return False
    return True


def left_exports() -> list[int]:
    """Files that nobody took up, or whose worker died."""
    waiting = Q(state=State.WAITING, created_at__lt=timezone.now() - LEASE)
    return list(FileExport.objects.filter(waiting | _died()).order_by("pk").values_list("pk", flat=True))


def is_offered(export: FileExport) -> bool:
    return export.state == State.DONE and export.expires_at is not None and export.expires_at > timezone.now()


def read_file(*, export: FileExport) -> Iterator[bytes]:
    """The bytes of a finished file, a piece at a time."""
    pieces = FilePiece.objects.filter(export=export, attempt=export.attempt).order_by("number")
    for piece_id in list(pieces.values_list("pk", flat=True)):
        yield bytes(FilePiece.objects.get(pk=piece_id).content)


def forget_exports() -> int:
    """Delete the pieces of files that are too old. That they were made stays written."""
    old = FilePiece.objects.filter(export__expires_at__lt=timezone.now())
    return old.delete()[0]


@transaction.atomic
def discard_exports(*, organization: Organization) -> int:
    """What lies there or is being made holds something that was erased: finished files go, others begin anew."""
    mine = FileExport.objects.filter(organization=organization)
    # Whoever is writing finds its attempt gone at the next piece.
    mine.filter(state=State.RUNNING).update(state=State.WAITING, lease_until=None)
    FilePiece.objects.filter(export__organization=organization).delete()
    offered = mine.filter(state=State.DONE, expires_at__gt=timezone.now())
    return offered.update(expires_at=timezone.now())


def _free() -> Q:
    return Q(state=State.WAITING) | _died()


def _died() -> Q:
    return Q(state=State.RUNNING, lease_until__lt=timezone.now())


def _fail(export: FileExport) -> None:
    export.state, export.finished_at = State.FAILED, timezone.now()
    export.problem = _("It could not be made. The server’s log says why.")
    export.save(update_fields=["state", "finished_at", "problem"])
