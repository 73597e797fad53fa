from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "monitoring.listening"
    label = "listening"
