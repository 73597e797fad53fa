"""Background work that concerns several slices. A task loads by id and calls services."""

from __future__ import annotations

from celery import shared_task

from accounts.models import Organization
from monitoring.audience.rollups import rebuild_engagement
from monitoring.conversions.rollups import rebuild_conversion_days
from monitoring.dashboard.importing import IMPORTERS
from monitoring.jobs.importing import claim_import, forget_files, left_imports, setting_of
from monitoring.jobs.importing import run_import as do_import
from monitoring.listening.rollups import rebuild_rollups
from monitoring.listening.services import demo


@shared_task(name="bulk.recount_days")
def recount_days(organization_id: int) -> None:
    """Count everything by the organization's local days anew, because its clock changed. Repeating is harmless."""
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        return
    rebuild_rollups(organization=organization)
    rebuild_engagement(organization=organization)
    rebuild_conversion_days(organization=organization)


@shared_task(name="bulk.delete_demo")
def delete_demo(organization_id: int) -> None:
    organization = Organization.objects.filter(pk=organization_id, is_demo=True).first()
    if organization is not None:
        demo.delete_demo(organization=organization)


@shared_task(name="bulk.run_import")
def run_import(import_id: int) -> None:
    """Import a file, or what is left of it after a worker died."""
    job = claim_import(job_id=import_id)
    if job is not None:
        importer = IMPORTERS[job.importer]
        do_import(job=job, importer=importer, setting=setting_of(job=job, importer=importer))


@shared_task(name="bulk.tend_imports")
def tend_imports() -> None:
    """Take up files whose worker died, and forget those that are too old."""
    for import_id in left_imports():
        run_import.delay(import_id)
    forget_files()
