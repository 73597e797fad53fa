"""What privacy can export: everything an organization has."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Act
from monitoring.jobs.exporters import Exporter, register
from monitoring.privacy.exporting.archive import EXPORTER, write_archive

register(
    Exporter(
        slug=EXPORTER,
        act=Act.EXPORT_EVERYTHING,
        write=write_archive,
        note=_(
            "Only owners and admins can fetch it, signed in. Whoever is erased meanwhile takes it along: then make "
            "a new one."
        ),
    )
)
