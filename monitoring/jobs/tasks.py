"""Background work of jobs. A task loads by id and calls one service."""

from __future__ import annotations

from celery import shared_task

from monitoring.jobs.exporters import EXPORTERS
from monitoring.jobs.exporting import claim_export, forget_exports, left_exports, make_file


@shared_task(name="bulk.make_file")
def make(export_id: int) -> None:
    """Make a file, or make it anew after a worker died."""
    export = claim_export(export_id=export_id)
    if export is not None:
        make_file(export=export, write=EXPORTERS[export.exporter].write)


@shared_task(name="bulk.tend_files")
def tend() -> None:
    """Take up files that dead workers left, and forget those that are too old."""
    for export_id in left_exports():
        make.delay(export_id)
    forget_exports()
