from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "monitoring.platforms"
    label = "platforms"
