"""kill -9 of a worker that is writing the export of everything: no half file, and the next worker makes a whole one."""

from __future__ import annotations

import csv
import io
import os
import secrets
import subprocess
import sys
import time
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Organization
from monitoring.jobs.exporting import is_offered, left_exports, read_file
from monitoring.jobs.models import FilePiece
from monitoring.jobs.tasks import make as make_export
from monitoring.listening.models import BrandKind, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.brands import create_brand
from monitoring.privacy.exporting.archive import ask_for_archive
from smedash.local.checkout import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.django_db(transaction=True)]

MENTIONS = 20_000
MAKE = (
    "import sys, django; django.setup(); from monitoring.jobs.tasks import make as make_export;"
    "make_export(int(sys.argv[1]))"
)


def fill_with_mentions(organization: Organization) -> None:
    """Text that hardly shrinks, so that there are many pieces."""
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    now = timezone.now()
    Mention.objects.bulk_create(
        Mention(
            organization=organization,
            brand=brand,
            platform="bluesky",
            external_id=str(number),
            text=secrets.token_hex(400),
            published_at=now,
            collected_at=now,
            author_key="bluesky:lena",
            language="en",
            sentiment=Tone.NEUTRAL,
            sentiment_confidence=0.5,
        )
        for number in range(MENTIONS)
    )


def start_worker(export_id: int) -> subprocess.Popen[bytes]:
    database = connection.settings_dict
    address = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    surroundings = {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "smedash.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "true",
    }
    return subprocess.Popen(
        [sys.executable, "-c", MAKE, str(export_id)], cwd=ROOT, env={**os.environ, **surroundings}
    )


def test_kill_9_while_it_is_written_offers_nothing_and_loses_nothing(organization: Organization) -> None:
    fill_with_mentions(organization)
    export, _is_new = ask_for_archive(organization=organization, by=None)
    worker = start_worker(export.pk)
    while FilePiece.objects.count() < 2:
        assert worker.poll() is None
        time.sleep(0.01)
    worker.kill()
    worker.wait()
    export.refresh_from_db()

    assert (export.state, export.attempt, is_offered(export)) == ("running", 1, False)
    assert left_exports() == []
    type(export).objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert left_exports() == [export.pk]
    make_export(export.pk)
    export.refresh_from_db()
    assert set(FilePiece.objects.values_list("attempt", flat=True)) == {2}
    with ZipFile(io.BytesIO(b"".join(read_file(export=export)))) as archive:
        assert archive.testzip() is None
        rows = csv.reader(io.TextIOWrapper(archive.open("mentions.csv"), "utf-8", newline=""))
        assert sum(1 for _row in rows) == MENTIONS + 1
