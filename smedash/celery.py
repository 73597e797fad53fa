"""The Celery application and the whole schedule of periodic work."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smedash.settings")

app = Celery("smedash")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
