from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "monitoring.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Get to know what the slices can export."""
        autodiscover_modules("exporters")
