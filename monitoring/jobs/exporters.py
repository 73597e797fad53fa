"""What an exporter is: who may have its files, and how it writes one. Slices make theirs in a module `exporters`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from accounts.models import Membership
from accounts.permissions import Act, may
from monitoring.jobs.exporting import FileWriter
from monitoring.jobs.importers import Text
from monitoring.jobs.models import FileExport


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """`write` is called by a worker, in the language of whoever asked, and again from the start after one died."""

    slug: str
    act: Act  # what one must be allowed to do who sees its files and fetches them
    write: Callable[[FileExport, FileWriter], None]
    note: Text = ""  # what whoever fetches the file should know


EXPORTERS: Final[dict[str, Exporter]] = {}


def register(exporter: Exporter) -> Exporter:
    """Django loads the modules `exporters` of all apps as it starts, in web servers and workers alike."""
    EXPORTERS[exporter.slug] = exporter
    return exporter


def allowed_exporters(membership: Membership) -> list[str]:
    """Whose files this member may see and fetch."""
    return [slug for slug, exporter in EXPORTERS.items() if may(membership.role, exporter.act)]
