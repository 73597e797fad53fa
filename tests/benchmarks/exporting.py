"""What the export of a long list of mentions takes: processor and memory, for each format.

    python -m tests.benchmarks exporting [--rows N] [--formats csv json xlsx]

Rows come from a generator, and go through the same writing as a worker's into pieces in the database. Each format is
written by a process of its own, whose peak of memory is the figure; a hundredth of the rows stands beside.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from monitoring.jobs.exporting import FileWriter, begin_export, claim_export, make_file
from monitoring.jobs.models import FileExport, FilePiece
from monitoring.lib.exporting import Cell, ExportedTable, ExportFormat, write_table
from monitoring.listening.files.exporting import KEYS

NOTED_EVERY = 2_000


def rows(number: int, writer: FileWriter) -> Iterator[list[Cell]]:
    """Mentions as people write them: some two hundred characters, no two alike."""
    now = datetime.now(UTC)
    for row in range(number):
        if row % NOTED_EVERY == 0:
            writer.advance(NOTED_EVERY)
        text = (
            f"Post {row} about Halden Coffee: "
            + f"the beans of lot {row * 7919 % 100003} are the best, honestly. " * 3
        )
        yield [
            now - timedelta(seconds=row), "bluesky", "", f"at://{row}", f"Author {row % 60000}", f"author{row % 60000}",
            row % 5000, "", text, "en", "Positive", "no", "no", ("halden coffee",), (), "Open", row % 50, row % 7, 0, 0,
            None, f"https://example.com/post/{row}",
        ]  # fmt: skip


def write(export: FileExport, writer: FileWriter) -> None:
    number, file_format = export.choices["rows"], ExportFormat(export.choices["format"])
    writer.expect(number)
    table = ExportedTable(name="mentions", columns=KEYS, keys=KEYS, rows=rows(number, writer))
    write_table(table, file_format, writer)


def measure(export_id: int) -> None:
    settings.DEBUG = False  # as in operation; otherwise Django remembers every statement with all it wrote
    export = claim_export(export_id=export_id)
    if export is None:
        raise SystemExit("Somebody else is at it.")
    began, used = time.perf_counter(), time.process_time()
    make_file(export=export, write=write)
    export.refresh_from_db()
    figures = {
        "seconds of processor": round(time.process_time() - used, 1),
        "seconds": round(time.perf_counter() - began, 1),
        "peak of memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "file, MB": export.size // 2**20,
    }
    print(json.dumps(figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--formats", nargs="+", choices=list(ExportFormat), default=list(ExportFormat))
    parser.add_argument("--export", type=int)
    options = parser.parse_args()
    if options.export is not None:
        measure(options.export)
        return
    owner = User.objects.create_user("owner@example.com", None, name="Owner")
    organization: Organization = create_organization(
        owner=owner, name="Halden Coffee", time_zone="Europe/Berlin", currency="EUR"
    )
    for file_format in options.formats:
        for number in (options.rows // 100, options.rows):
            choices = {"rows": number, "format": str(file_format)}
            export, _new = begin_export(
                organization=organization, exporter="mentions", file_name="made.up", by=None, choices=choices
            )
            print(f"{file_format}, {number:,} rows:", flush=True)
            module = ["tests.with_django", "tests.benchmarks.exporting", "--export", str(export.pk)]
            subprocess.run([sys.executable, "-m", *module], check=True)
            FilePiece.objects.all().delete()


if __name__ == "__main__":
    main()
