"""What listening can export by a worker: a list of mentions."""

from accounts.permissions import Act
from monitoring.jobs.exporters import Exporter, register
from monitoring.listening.files.exporting import EXPORTER, write_mentions

register(Exporter(slug=EXPORTER, act=Act.READ, write=write_mentions))
