"""Django knows Celery's application before it knows any task: the tasks of all packages belong to it."""

from django.apps import AppConfig

from smedash.celery import app
from smedash.threads import keep_by_thread

__all__ = ["SmedashConfig", "app"]


class SmedashConfig(AppConfig):
    name = "smedash"

    def ready(self) -> None:
        keep_by_thread()
