from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "monitoring.privacy"
    label = "privacy"
