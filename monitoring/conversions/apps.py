from django.apps import AppConfig


class ConversionsConfig(AppConfig):
    name = "monitoring.conversions"
    label = "conversions"
