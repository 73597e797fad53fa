from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "monitoring.dashboard"
    label = "dashboard"
