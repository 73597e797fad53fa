from django.apps import AppConfig


class AudienceConfig(AppConfig):
    name = "monitoring.audience"
    label = "audience"
