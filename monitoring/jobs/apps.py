from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "monitoring.jobs"
    label = "jobs"
